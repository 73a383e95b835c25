package hoag.galaxy.active;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.metrics.BinaryScores;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import hoag.kernels.ShapeException;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Galaxies without ratings help, and what is asked wrongly is refused; and the process asks sensibly when all ratings are the same. */
class FixMatchTest {
    private static final int GALAXIES = 400;
    private static final int WIDTH = 30;

    /** Every fourth is what is looked for; it shows along the diagonal, beside noise in all features. */
    private static float[][] view(double noise, long seed) {
        Random fixed = new Random(1);
        Random random = new Random(seed);
        float[][] view = new float[GALAXIES][WIDTH];
        for (int i = 0; i < GALAXIES; i++) {
            for (int j = 0; j < WIDTH; j++) {
                view[i][j] = (float) ((odd(i) ? 0.5 : -0.2) + fixed.nextGaussian() + noise * random.nextGaussian());
            }
        }
        return view;
    }

    private static boolean odd(int galaxy) {
        return galaxy % 4 == 0;
    }

    private static double precision(int ratio) {
        float[][][] weak = {view(0.1, 2), view(0.1, 3)};
        float[][][] strong = {view(1, 4), view(1, 5)};
        var settings = new FixMatch.Settings(200, 16, ratio, 0.95, 0.0075, 7.5e-4, 0.99);
        int[] rated = {0, 1, 2, 3, 5, 8};
        boolean[] is = {true, false, false, false, false, true};
        double[] scores = FixMatch.fit(weak, strong, rated, is, settings, 7).probabilities(view(0, 0));
        assertArrayEquals(
                scores, FixMatch.fit(weak, strong, rated, is, settings, 7).probabilities(view(0, 0)));
        boolean[] truth = new boolean[GALAXIES];
        IntStream.range(0, GALAXIES).forEach(i -> truth[i] = odd(i));
        return new BinaryScores(truth, scores).averagePrecision();
    }

    @Test
    void galaxiesWithoutRatingsHelp() {
        double without = precision(0);
        double with = precision(5);
        assertTrue(with > without + 0.03, () -> without + " without, " + with + " with galaxies that nobody rated");
        assertTrue(with > 0.85, () -> "average precision " + with);
    }

    @Test
    void refusesWhatDoesNotFit() {
        float[][][] views = {new float[4][3]};
        var settings = FixMatch.Settings.DEFAULT;
        assertThrows(DataException.class, () -> FixMatch.fit(views, views, new int[0], new boolean[0], settings, 1));
        assertThrows(ShapeException.class, () -> FixMatch.fit(views, views, new int[2], new boolean[1], settings, 1));
        assertThrows(
                ShapeException.class,
                () -> FixMatch.fit(views, new float[][][] {new float[4][2]}, new int[1], new boolean[1], settings, 1));
        var refused = assertThrows(ConfigException.class, () -> new FixMatch.Settings(200, 1, 5, 0.95, 0.01, 0, 0));
        assertEquals("FixMatch: batch is 1; want 2 or more", refused.getMessage());
    }

    /** The improvement is too small for a number everywhere; what is far from all that is known must come before its twins. */
    @Test
    void afterDullRatingsAskWhatIsLeastKnown() {
        Random random = new Random(3);
        double[][] points = new double[300][5];
        for (int i = 0; i < points.length; i++) {
            for (int j = 0; j < 5; j++) {
                points[i][j] = random.nextGaussian() * (i < 290 ? 0.2 : 3);
            }
        }
        int[] rated = IntStream.range(0, 10).toArray();
        double[][] x = IntStream.of(rated).mapToObj(i -> points[i]).toArray(double[][]::new);
        var process = GaussianProcess.fit(Covariance.RATIONAL_QUADRATIC, x, new double[10], 2, 1);
        boolean[] known = new boolean[points.length];
        IntStream.of(rated).forEach(i -> known[i] = true);
        for (Batch batch : Batch.values()) {
            int[] next = batch.choose(new Batch.Rated(process, points, process.predict(points), known, 0, 0.5), 5);
            assertTrue(
                    IntStream.of(next).filter(i -> i >= 290).count() >= 4,
                    () -> batch + " " + IntStream.of(next).boxed().toList());
        }
    }
}
