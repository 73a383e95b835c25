package hoag.bench;

import hoag.galaxy.active.Astronomaly;
import hoag.galaxy.active.Batch;
import hoag.galaxy.active.Covariance;
import hoag.galaxy.active.FixMatch;
import hoag.galaxy.active.GaussianProcess;
import hoag.galaxy.active.GaussianProcess.Posterior;
import hoag.galaxy.active.Improvement;
import hoag.galaxy.active.Outliers;
import hoag.galaxy.survey.Pca;
import hoag.galaxy.survey.Rows;
import hoag.galaxy.survey.Standard;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Ways to find what a rater looks for, each from the same ratings: Hoag's, and those of others as they are published. */
final class Finders {
    /** Galaxies rated at a time. */
    static final int BATCH = 10;

    private static final int COMPONENTS = 40;
    private static final double EXPLAINED = 0.85;
    private static final double TRADEOFF = 0.5;

    private Finders() {}

    /** A way to find. */
    interface Finder {
        /** What is said of all galaxies after these ratings, and which to rate next, none of those that are closed. */
        Asked ask(int[] rated, double[] ratings, boolean[] closed, int seed);
    }

    /**
     * An answer.
     *
     * @param scores (galaxies) the larger, the more likely what is looked for
     * @param next the most promising of those that are not rated
     */
    record Asked(double[] scores, int[] next) {}

    /** Those that learn from representations, by name; each is made ready when it is wanted. */
    static Map<String, Supplier<Finder>> on(Rows rows) {
        Supplier<double[][]> points =
                once(() -> Pca.fit(rows, Math.min(COMPONENTS, rows.size() - 1)).whiten(rows));
        Supplier<double[]> forest = once(() -> Outliers.isolation(points.get(), 100, 1));
        Map<String, Supplier<Finder>> finders = new LinkedHashMap<>();
        finders.put(
                "Hoag (process, batches by top)",
                () -> process(Batch.TOP, Covariance.RATIONAL_QUADRATIC, points.get(), 2));
        finders.put(
                "Hoag, batches by penalty",
                () -> process(Batch.PENALTY, Covariance.RATIONAL_QUADRATIC, points.get(), 2));
        finders.put(
                "process, components not whitened",
                () -> process(Batch.TOP, Covariance.RATIONAL_QUADRATIC, most(rows), 2));
        finders.put("Protege's recipe", () -> process(Batch.TOP, Covariance.MATERN, most(rows), 0));
        finders.put("Astronomaly's recipe", () -> astronomaly(points.get(), forest.get()));
        finders.put("isolation forest", () -> fixed(forest.get()));
        finders.put("local outlier factor", () -> fixed(Outliers.localFactor(points.get(), 20)));
        return finders;
    }

    /** Those of Astronomaly's own features. */
    static Map<String, Supplier<Finder>> onEllipses(Supplier<double[][]> ellipses) {
        Supplier<double[][]> points = once(() -> standardised(ellipses.get()));
        Map<String, Supplier<Finder>> finders = new LinkedHashMap<>();
        finders.put(
                "ellipses, Astronomaly's recipe",
                () -> astronomaly(points.get(), Outliers.isolation(points.get(), 100, 1)));
        finders.put("ellipses, process", () -> process(Batch.TOP, Covariance.RATIONAL_QUADRATIC, points.get(), 0));
        return finders;
    }

    private static <T> Supplier<T> once(Supplier<T> of) {
        return new Supplier<>() {
            private T value;

            @Override
            public T get() {
                value = value == null ? of.get() : value;
                return value;
            }
        };
    }

    /** FixMatch on the same representations, (views, galaxies, features). */
    static Finder fixMatch(float[][] plain, float[][][] weak, float[][][] strong) {
        return (rated, ratings, closed, seed) -> {
            boolean[] odd = new boolean[rated.length];
            for (int i = 0; i < odd.length; i++) {
                odd[i] = ratings[i] > 2.5;
            }
            double[] scores = FixMatch.fit(weak, strong, rated, odd, FixMatch.Settings.DEFAULT, seed)
                    .probabilities(plain);
            return new Asked(scores, next(scores, closed, rated));
        };
    }

    /** Principal components, not whitened, until they explain so much of the variance; 100 at most. */
    private static double[][] most(Rows rows) {
        Pca pca = Pca.fit(rows, Math.min(100, Math.min(rows.width(), rows.size() - 1)));
        double sum = 0;
        int count = 0;
        for (double[] each = pca.explained(); count < each.length && sum < EXPLAINED; count++) {
            sum += each[count];
        }
        int kept = count;
        return Arrays.stream(pca.project(rows))
                .map(row -> Arrays.copyOf(row, kept))
                .toArray(double[][]::new);
    }

    private static Finder process(Batch batch, Covariance covariance, double[][] points, int restarts) {
        return (rated, ratings, closed, seed) -> {
            double[][] x = Arrays.stream(rated).mapToObj(i -> points[i]).toArray(double[][]::new);
            GaussianProcess process = GaussianProcess.fit(covariance, x, ratings, restarts, seed);
            boolean[] known = closed.clone();
            Arrays.stream(rated).forEach(i -> known[i] = true);
            double best = Arrays.stream(ratings).max().orElseThrow();
            Posterior said = process.predict(points);
            return new Asked(
                    said.mean(), batch.choose(new Batch.Rated(process, points, said, known, best, TRADEOFF), BATCH));
        };
    }

    /** Scores by ratings, batches in the forest's order. */
    private static Finder astronomaly(double[][] points, double[] forest) {
        return (rated, ratings, closed, seed) ->
                new Asked(Astronomaly.scores(points, forest, rated, ratings, seed), next(forest, closed, rated));
    }

    private static Finder fixed(double... scores) {
        return (rated, ratings, closed, seed) -> new Asked(scores, next(scores, closed, rated));
    }

    private static int[] next(double[] scores, boolean[] closed, int... rated) {
        double[] open = scores.clone();
        for (int i = 0; i < open.length; i++) {
            open[i] = closed[i] ? Double.NEGATIVE_INFINITY : open[i];
        }
        Arrays.stream(rated).forEach(i -> open[i] = Double.NEGATIVE_INFINITY);
        return Improvement.largest(open, BATCH);
    }

    private static double[][] standardised(double[][] points) {
        float[] flat = new float[points.length * points[0].length];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) points[i / points[0].length][i % points[0].length];
        }
        Rows rows = Rows.of(flat, points[0].length);
        Standard standard = Standard.of(rows);
        return IntStream.range(0, points.length)
                .mapToObj(i -> standard.apply(rows.row(i)))
                .toArray(double[][]::new);
    }
}
