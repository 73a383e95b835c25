package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.galaxy.data.Csv;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.image.ContactSheet;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Thumbnails;
import hoag.galaxy.report.NearPage;
import hoag.galaxy.survey.Condition;
import hoag.galaxy.survey.Examples;
import hoag.galaxy.survey.Hit;
import hoag.galaxy.survey.Metric;
import hoag.galaxy.survey.Nearby;
import hoag.galaxy.survey.Neighbours;
import hoag.galaxy.survey.Survey;
import hoag.galaxy.survey.Way;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntPredicate;

/**
 * Finds the galaxies of a survey that are like some and less like others, as {@code hoag search}. An example is the id of a galaxy of the survey,
 * a picture (which the survey's model looks at), or {@code ra,dec} in degrees (the galaxy of the survey nearest to there).
 *
 * @param survey made by {@link Index}
 * @param like examples, at least one
 * @param unlike what it should not be like
 * @param model the survey's model, to look at pictures; null for where it was when the survey was made
 * @param k how many to find
 * @param metric how distance is measured
 * @param where condition on what the catalogue said of a galaxy, see {@link Condition}; null for none
 * @param way by which rows are looked at
 * @param out table to write; null for none
 * @param page web page with thumbnails to write; null for none
 * @param sheet contact sheet (PNG) to write; null for none
 * @param seed of the angles and mirrors of pictures, where the survey holds means over views
 * @param compute device, threads and precision
 */
public record Search(
        Path survey,
        List<String> like,
        List<String> unlike,
        Path model,
        int k,
        Metric metric,
        String where,
        Way way,
        Path out,
        Path page,
        Path sheet,
        long seed,
        Compute compute) {
    /** How many are found where nothing is said. */
    public static final int K = 50;

    private static final ContactSheet SHEET = new ContactSheet(10, 96, 4);

    /** @throws ConfigException when there is no example, or k is out of its range */
    public Search {
        like = List.copyOf(like);
        unlike = List.copyOf(unlike);
        if (like.isEmpty()) {
            throw new ConfigException("nothing to look for: give --like ID, IMAGE or ra,dec");
        }
        if (k < 1 || k > 1_000_000) {
            throw new ConfigException("--k " + k + " is not allowed; it must be 1..1,000,000");
        }
    }

    /** Like one example, by Euclidean distance, on all cores of the CPU. */
    public Search(Path survey, String like) {
        this(
                survey,
                List.of(like),
                List.of(),
                null,
                K,
                Metric.EUCLIDEAN,
                null,
                Way.AUTO,
                null,
                null,
                null,
                Looks.ONE.seed(),
                Compute.cpu());
    }

    /** The same, so many. */
    public Search k(int k) {
        return new Search(survey, like, unlike, model, k, metric, where, way, out, page, sheet, seed, compute);
    }

    /** The same by another distance. */
    public Search metric(Metric metric) {
        return new Search(survey, like, unlike, model, k, metric, where, way, out, page, sheet, seed, compute);
    }

    /** The same among those that fulfil a condition. */
    public Search where(String where) {
        return new Search(survey, like, unlike, model, k, metric, where, way, out, page, sheet, seed, compute);
    }

    /** The same by another {@link #way}. */
    public Search way(Way way) {
        return new Search(survey, like, unlike, model, k, metric, where, way, out, page, sheet, seed, compute);
    }

    /** The same, and less like these. */
    public Search unlike(String... unlike) {
        return new Search(survey, like, List.of(unlike), model, k, metric, where, way, out, page, sheet, seed, compute);
    }

    /** The same, as a table in a file. */
    public Search out(Path out) {
        return new Search(survey, like, unlike, model, k, metric, where, way, out, page, sheet, seed, compute);
    }

    /**
     * A galaxy that was found.
     *
     * @param distance to the example; see {@link Hit#score}
     * @param ra right ascension in degrees, NaN if unknown
     * @param dec declination in degrees, NaN if unknown
     * @param columns what the catalogue said of it
     * @param thumbnail a small JPEG; empty for none
     */
    public record Found(
            String id, double distance, double ra, double dec, Map<String, String> columns, byte[] thumbnail) {}

    /**
     * Looks at every galaxy of the survey.
     *
     * @return nearest first
     * @throws DataException when an example is neither a galaxy of the survey nor a picture nor a place near one, or a file cannot be written
     * @throws ConfigException when the model is not the survey's
     */
    public List<Found> run() {
        if (out != null) {
            Outputs.csv(out);
        }
        for (Path file : new Path[] {page, sheet}) {
            if (file != null) {
                Outputs.file(file);
            }
        }
        try (Survey open = Survey.open(survey);
                Sought sought = new Sought(open, model, seed, compute)) {
            List<float[]> near = like.stream().map(sought::features).toList();
            List<float[]> far = unlike.stream().map(sought::features).toList();
            List<Found> found = new ArrayList<>();
            Set<Integer> examples = sought.rows();
            IntPredicate allowed =
                    where == null ? Neighbours.ANY : Condition.parse(where).of(open);
            IntPredicate others = examples.isEmpty() && where == null
                    ? Neighbours.ANY
                    : row -> !examples.contains(row) && allowed.test(row);
            try (Backend backend = compute.open();
                    Nearby nearby = Nearby.of(open, metric, way, backend);
                    ForkJoinPool pool = compute.pool()) {
                Examples wanted = new Examples(near, far);
                Compute.within(pool, () -> nearby.search().nearest(wanted, k, others))
                        .forEach(hit -> found.add(found(open, hit)));
            }
            write(found, sought.thumbnails());
            return List.copyOf(found);
        }
    }

    private static Found found(Survey survey, Hit hit) {
        int row = hit.row();
        return new Found(
                survey.id(row),
                hit.score(),
                survey.ra(row),
                survey.dec(row),
                survey.columns(row),
                survey.thumbnail(row));
    }

    private void write(List<Found> found, List<byte[]> examples) {
        if (out != null) {
            AtomicFile.writeText(out, csv(found));
        }
        if (page != null) {
            AtomicFile.writeText(page, NearPage.html(like, unlike, metric, examples, found));
        }
        if (sheet != null) {
            List<Picture> pictures = found.stream()
                    .filter(each -> each.thumbnail().length > 0)
                    .map(each -> Thumbnails.decode(each.id(), each.thumbnail()))
                    .toList();
            if (pictures.isEmpty()) {
                throw new DataException(survey + ": has no thumbnails for " + sheet
                        + "; index the pictures themselves, not their representations");
            }
            Thumbnails.write(SHEET.of(pictures), sheet);
        }
    }

    /** rank, id, distance, ra, dec, and the columns of the catalogue. */
    private static String csv(List<Found> found) {
        TreeSet<String> columns = new TreeSet<>();
        found.forEach(each -> columns.addAll(each.columns().keySet()));
        columns.removeAll(List.of("rank", "distance"));
        List<String> header = new ArrayList<>(List.of("rank", "id", "distance", "ra", "dec"));
        header.addAll(columns);
        StringBuilder text = new StringBuilder(Csv.line(header));
        for (int i = 0; i < found.size(); i++) {
            Found each = found.get(i);
            List<String> fields = new ArrayList<>(
                    List.of(i + 1 + "", each.id(), each.distance() + "", number(each.ra()), number(each.dec())));
            columns.forEach(column -> fields.add(each.columns().getOrDefault(column, "")));
            text.append(Csv.line(fields));
        }
        return text.toString();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : value + "";
    }
}
