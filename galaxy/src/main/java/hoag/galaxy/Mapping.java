package hoag.galaxy;

import hoag.engine.files.TensorData;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.map.Made;
import hoag.galaxy.map.MapWriter;
import hoag.galaxy.map.Method;
import hoag.galaxy.survey.Pca;
import hoag.galaxy.survey.Survey;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;

/**
 * Gives every galaxy of a survey a place in the plane, the like beside the like, as {@code hoag map}; kept in {@code survey.hoag.map} beside it
 * ({@link hoag.galaxy.map.SurveyMap}).
 *
 * @param survey made by {@link Index}
 * @param method how
 * @param seed of everything random
 */
public record Mapping(Path survey, Method method, long seed, Compute compute) {
    private static final int LEAST = 3;

    /** By components, on all cores of the CPU. */
    public Mapping(Path survey) {
        this(survey, Method.PCA, 42, Compute.cpu());
    }

    /** The same by another {@link #method}. */
    public Mapping method(Method method) {
        return new Mapping(survey, method, seed, compute);
    }

    /**
     * How it ended.
     *
     * @param galaxies that have a place now
     * @param finished false when the progress said to stop; then the map is what it was
     */
    public record Result(int galaxies, boolean finished) {}

    /**
     * Makes the map and keeps it.
     *
     * @throws DataException when the survey has fewer than 3 galaxies, or cannot be written beside
     */
    public Result run(Progress progress) {
        try (Survey open = Survey.open(survey);
                ForkJoinPool pool = compute.pool()) {
            if (open.size() < LEAST) {
                throw new DataException(
                        survey + ": has " + open.size() + " galaxies; want " + LEAST + " or more to map");
            }
            return Compute.within(pool, () -> components(open));
        }
    }

    private Result components(Survey open) {
        Pca pca = Pca.fit(open, 2);
        double[][] projected = pca.project(open);
        float[][] places = new float[projected.length][];
        for (int i = 0; i < places.length; i++) {
            places[i] = new float[] {(float) projected[i][0], (float) projected[i][1]};
        }
        MapWriter.places(
                open, Made.of(open, open.size(), method.text(), seed, Map.of()), places, List.<TensorData>of());
        return new Result(places.length, true);
    }
}
