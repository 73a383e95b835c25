package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.galaxy.cluster.Grouping;
import hoag.galaxy.cluster.Points;
import hoag.galaxy.data.Csv;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.map.Column;
import hoag.galaxy.map.Halfway;
import hoag.galaxy.map.Made;
import hoag.galaxy.map.MapWriter;
import hoag.galaxy.map.Reduction;
import hoag.galaxy.map.Stopped;
import hoag.galaxy.map.SurveyMap;
import hoag.galaxy.survey.Rows;
import hoag.galaxy.survey.Survey;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;

/**
 * Groups the galaxies of a survey, as {@code hoag cluster}; the group of each becomes a column beside the survey ({@link SurveyMap}), 0 for the
 * largest, -1 for none.
 *
 * @param survey made by {@link Index}
 * @param grouping how
 * @param on what is grouped
 * @param dims principal components of the representations, 1..1000, or 0 for all features; fewer where there are no more
 * @param name of the column; null for the method's
 * @param out table of ids and groups to write; null for none
 * @param seed of everything random
 * @param compute device, threads and precision
 */
public record Cluster(
        Path survey, Grouping grouping, On on, int dims, String name, Path out, long seed, Compute compute) {
    /** What is grouped. */
    public enum On {
        /** Principal components of the representations. */
        FEATURES,
        /** Places on the map. */
        MAP
    }

    /** @throws ConfigException when a value is out of its range */
    public Cluster {
        if (dims < 0 || dims > 1000) {
            throw new ConfigException("--dims " + dims + " is not allowed; it must be 1..1000, or 0 for all features");
        }
    }

    /** By k-means on 20 components, on all cores of the CPU. */
    public Cluster(Path survey) {
        this(survey, Grouping.DEFAULT, On.FEATURES, 20, null, null, 42, Compute.cpu());
    }

    /** The same with another {@link #grouping}. */
    public Cluster grouping(Grouping grouping) {
        return new Cluster(survey, grouping, on, dims, name, out, seed, compute);
    }

    /** The same on something else. */
    public Cluster on(On on) {
        return new Cluster(survey, grouping, on, dims, name, out, seed, compute);
    }

    /** The same as a column of this name. */
    public Cluster name(String name) {
        return new Cluster(survey, grouping, on, dims, name, out, seed, compute);
    }

    /**
     * How it ended.
     *
     * @param column name of the column
     * @param sizes galaxies of each group, the largest first
     * @param none galaxies that belong to none
     * @param said inertia of k-means, BIC of mixtures by number of clusters
     * @param finished false when the progress said to stop; then there is no column, and the same call goes on
     */
    public record Result(String column, List<Integer> sizes, int none, Map<String, Double> said, boolean finished) {}

    /** The column's name. */
    private String column() {
        return name == null ? grouping.method().text() : name;
    }

    /**
     * Groups and keeps.
     *
     * @throws DataException when all representations are the same, or nothing can be written
     * @throws ConfigException when there are too few galaxies, or there is no map to group on
     */
    public Result run(Progress progress) {
        if (out != null) {
            Outputs.csv(out);
        }
        try (Survey open = Survey.open(survey);
                ForkJoinPool pool = compute.pool()) {
            return Compute.within(pool, () -> run(open, progress));
        } catch (Stopped e) {
            return new Result(column(), List.of(), 0, Map.of(), false);
        }
    }

    private Result run(Survey open, Progress progress) {
        Points points = on == On.MAP ? places(open) : features(open);
        Map<String, String> settings = new TreeMap<>(grouping.said());
        settings.put("on", on == On.MAP ? "map" : "features");
        if (on == On.FEATURES) {
            settings.put("dims", points.dims() + "");
        }
        Made made = Made.of(open, open.size(), grouping.method().text(), seed, settings);
        Halfway halfway = halfway(open, points, settings);
        Grouping.Groups groups = grouping.fit(points, seed, halfway, progress);
        Column labels = Column.of(column(), made, groups.labels());
        if (groups.probability() == null) {
            MapWriter.columns(open, labels);
        } else {
            MapWriter.columns(open, labels, Column.of(column() + ".probability", made, groups.probability()));
        }
        halfway.done();
        if (out != null) {
            table(open, groups.labels());
        }
        int grouped = Arrays.stream(groups.sizes()).sum();
        return new Result(
                column(), Arrays.stream(groups.sizes()).boxed().toList(), points.size() - grouped, groups.said(), true);
    }

    /** What was done on other numbers, such as the places of a map that was made anew, does not count. */
    private Halfway halfway(Survey open, Points points, Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("points", Arrays.hashCode(points.values()) + "");
        return Halfway.beside(
                open, "cluster", Made.of(open, open.size(), grouping.method().text(), seed, all));
    }

    private Points features(Survey open) {
        if (dims == 0 || dims >= open.width()) {
            return Points.of(open);
        }
        return Points.of(Reduction.of(open, dims).apply(open));
    }

    private Points places(Survey open) {
        try (SurveyMap map = SurveyMap.open(open)
                .filter(each -> each.made().isPresent())
                .orElseThrow(() ->
                        new ConfigException(survey + ": has no map to group on; make one with hoag map " + survey))) {
            if (map.size() < open.size()) {
                throw new ConfigException(map.behind(open));
            }
            float[] flat = new float[2 * map.size()];
            for (int row = 0; row < map.size(); row++) {
                flat[2 * row] = map.x(row);
                flat[2 * row + 1] = map.y(row);
            }
            return Points.of(Rows.of(flat, 2));
        }
    }

    private void table(Survey open, int... labels) {
        AtomicFile.write(out, to -> {
            to.write(Csv.line(List.of("id", column())).getBytes(StandardCharsets.UTF_8));
            for (int row = 0; row < labels.length; row++) {
                to.write(Csv.line(List.of(open.id(row), labels[row] + "")).getBytes(StandardCharsets.UTF_8));
            }
        });
    }
}
