package hoag.galaxy;

import hoag.galaxy.data.ImageFolder;
import hoag.galaxy.image.Images;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Thumbnails;
import hoag.galaxy.survey.Places;
import hoag.galaxy.survey.Survey;
import hoag.galaxy.tree.Names;
import hoag.kernels.DataException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a search was asked for, as representations; the model is loaded when the first picture is asked for. */
final class Sought implements AutoCloseable {
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
        if (Places.isPlace(example)) {
            return galaxy(Places.find(survey, example));
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
            model = Model.of(survey, modelFile, seed, compute);
        }
        return model;
    }

    @Override
    public void close() {
        if (model != null) {
            model.close();
        }
    }
}
