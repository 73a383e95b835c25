package hoag.galaxy;

import hoag.galaxy.data.ImageFolder;
import hoag.galaxy.image.Images;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Thumbnails;
import hoag.galaxy.survey.Fingerprint;
import hoag.galaxy.survey.Survey;
import hoag.galaxy.tree.Names;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a search was asked for, as representations; the model is loaded when the first picture is asked for. */
final class Sought implements AutoCloseable {
    private static final String NUMBER = "\\s*([+-]?\\d+(?:\\.\\d*)?)\\s*";
    private static final Pattern PLACE = Pattern.compile(NUMBER + "," + NUMBER);

    /** Degrees from a place to the galaxy that is meant by it. */
    private static final double FARTHEST = 1 / 60.0;

    private static final int MOST_NAMES = 100_000;

    private final Survey survey;
    private final Path modelFile;
    private final long seed;
    private final Compute compute;
    private final List<Integer> rows = new ArrayList<>();
    private final List<byte[]> thumbnails = new ArrayList<>();
    private Model model;

    Sought(Survey survey, Path modelFile, long seed, Compute compute) {
        this.survey = survey;
        this.modelFile = modelFile;
        this.seed = seed;
        this.compute = compute;
    }

    /** Rows of the survey that serve as examples. */
    Set<Integer> rows() {
        return Set.copyOf(rows);
    }

    /** Small JPEGs of the examples, in the order they were asked for; empty for none. */
    List<byte[]> thumbnails() {
        return thumbnails;
    }

    /** @throws DataException when the text is no galaxy, no picture and no place */
    float[] features(String example) {
        int row = survey.find(example);
        if (row >= 0) {
            return galaxy(row);
        }
        Matcher place = PLACE.matcher(example);
        if (place.matches()) {
            return galaxy(at(example, Double.parseDouble(place.group(1)), Double.parseDouble(place.group(2))));
        }
        Path file = file(example);
        if (file == null) {
            String hint = survey.size() <= MOST_NAMES ? Names.hint(example, survey.ids()) : "";
            throw new DataException("\"" + example + "\": no galaxy of " + survey + hint + ", no file, and no ra,dec");
        }
        return picture(file);
    }

    private float[] galaxy(int row) {
        rows.add(row);
        thumbnails.add(survey.thumbnail(row));
        return survey.row(row);
    }

    private static Path file(String text) {
        try {
            Path file = Path.of(text);
            return Files.isRegularFile(file) ? file : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private float[] picture(Path file) {
        Model known = model();
        Picture picture = Images.read(file, known.preprocess().bands());
        thumbnails.add(Thumbnails.jpeg(Thumbnails.of(picture, Index.THUMBNAIL), 0.85));
        return known.predict(picture, ImageFolder.stem(file)).features();
    }

    private Model model() {
        if (model == null) {
            Path file = modelFile == null ? Path.of(survey.info().modelFile()) : modelFile;
            if (!Files.isRegularFile(file)) {
                throw new DataException(file + ": no such model; give --model with the one that made " + survey);
            }
            if (!Fingerprint.of(file).equals(survey.info().model())) {
                throw new ConfigException(file + ": is not the model that made " + survey + " ("
                        + survey.info().modelFile() + "); representations of two models cannot be compared");
            }
            model = Model.load(file, Looks.ONE.tta(survey.info().views()).seed(seed), compute);
        }
        return model;
    }

    private int at(String text, double ra, double dec) {
        if (Math.abs(dec) > 90 || ra < 0 || ra > 360) {
            throw new ConfigException(text + ": is no place; want ra 0..360, dec -90..90 degrees");
        }
        int nearest = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int row = 0; row < survey.size(); row++) {
            double gap = degrees(ra, dec, survey.ra(row), survey.dec(row));
            if (gap < least) {
                least = gap;
                nearest = row;
            }
        }
        if (nearest < 0) {
            throw new DataException(
                    survey + ": has no coordinates; index with a --catalog that has the columns ra and dec");
        }
        if (least > FARTHEST) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s: no galaxy of %s within 1'; the nearest, %s, is %.4f degrees away",
                    text,
                    survey,
                    survey.id(nearest),
                    least));
        }
        return nearest;
    }

    /** Angle between two places by the haversine; NaN when one is unknown. */
    static double degrees(double ra, double dec, double otherRa, double otherDec) {
        double x = Math.sin(Math.toRadians(dec - otherDec) / 2);
        double y = Math.sin(Math.toRadians(ra - otherRa) / 2);
        double h = x * x + Math.cos(Math.toRadians(dec)) * Math.cos(Math.toRadians(otherDec)) * y * y;
        return Math.toDegrees(2 * Math.asin(Math.sqrt(Math.min(1, h))));
    }

    @Override
    public void close() {
        if (model != null) {
            model.close();
        }
    }
}
