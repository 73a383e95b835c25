package hoag.galaxy.active;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.ConfigException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Points that stand apart come first, ratings move the ranking, and batches hold no twins. */
class OutliersTest {
    private static final int ODD = 5;

    /** 300 points about the origin, of which the first five lie far off, each elsewhere. */
    private static double[][] points() {
        Random random = new Random(2);
        double[][] points = new double[300][4];
        for (int i = 0; i < points.length; i++) {
            for (int j = 0; j < 4; j++) {
                points[i][j] = random.nextGaussian() + (i < ODD && j == i % 4 ? (i < 4 ? 9 : -9) : 0);
            }
        }
        return points;
    }

    private static void oddFirst(double... scores) {
        assertEquals(
                new HashSet<>(java.util.List.of(0, 1, 2, 3, 4)),
                new HashSet<>(
                        Arrays.stream(Improvement.largest(scores, ODD)).boxed().toList()));
    }

    @Test
    void whatStandsApartComesFirst() {
        double[][] points = points();
        double[] isolation = Outliers.isolation(points, 100, 3);
        oddFirst(isolation);
        assertTrue(Arrays.stream(isolation).allMatch(s -> s > 0 && s < 1));
        assertArrayEquals(isolation, Outliers.isolation(points, 100, 3));
        oddFirst(Outliers.distance(points, 5));
        oddFirst(Outliers.localFactor(points, 20));
        assertThrows(ConfigException.class, () -> Outliers.distance(points, 300));
        assertTrue(Arrays.stream(Outliers.isolation(new double[10][3], 5, 1)).allMatch(Double::isFinite));
        assertTrue(Arrays.stream(Outliers.localFactor(new double[10][3], 3)).allMatch(Double::isFinite));
    }

    /** On a line 0, 1, 2, 10 with two neighbours, worked out by hand. */
    @Test
    void localFactorByHand() {
        double[][] line = {{0}, {1}, {2}, {10}};
        assertArrayEquals(new double[] {1.5, 1, 1.5, 8.5}, Outliers.distance(line, 2), 1e-12);
        // reach 2, 1, 2, 9; density 2/3, 1/2, 2/3, 2/17
        double[] wanted = {
            (0.5 + 2 / 3.0) / 2 / (2 / 3.0), 4 / 3.0, (0.5 + 2 / 3.0) / 2 / (2 / 3.0), (0.5 + 2 / 3.0) / 2 * 17 / 2
        };
        assertArrayEquals(wanted, Outliers.localFactor(line, 2), 1e-6);
    }

    @Test
    void forestFollowsSteps() {
        double[][] x =
                IntStream.range(0, 100).mapToObj(i -> new double[] {i % 7, i}).toArray(double[][]::new);
        double[] y = IntStream.range(0, 100).mapToDouble(i -> i < 50 ? 1 : 4).toArray();
        RegressionForest forest = new RegressionForest(x, y, 50, 1);
        assertEquals(1, forest.predict(3, 20), 1e-9);
        assertEquals(4, forest.predict(3, 80), 1e-9);
    }

    /** FIELD's formula at a point that was rated 5 (delta 0): S tanh(artanh 0.95) = 0.95 S; far away it is S. */
    @Test
    void astronomalysScore() {
        assertEquals(0.95 * 2, Astronomaly.score(2, 5, 0), 1e-12);
        assertEquals(0.117 * 2, Astronomaly.score(2, 0, 0), 1e-12);
        assertEquals(2, Astronomaly.score(2, 0, 5), 1e-9);
        double[][] points = points();
        double[] odd = Outliers.isolation(points, 100, 3);
        double[] after = Astronomaly.scores(points, odd, new int[] {0, 1, 9, 20}, new double[] {0, 5, 0, 0}, 1);
        assertTrue(after[0] < after[1]);
    }

    @ParameterizedTest
    @EnumSource
    void batchesAskForWhatIsNotRated(Batch batch) {
        double[][] points = points();
        points[11] = points[10].clone();
        boolean[] rated = new boolean[points.length];
        double[][] x = new double[30][];
        double[] y = new double[30];
        for (int i = 0; i < 30; i++) {
            rated[i + 100] = true;
            x[i] = points[i + 100];
            y[i] = Math.clamp(Math.round(x[i][0] + 2), 0, 5);
        }
        GaussianProcess process = GaussianProcess.fit(Covariance.MATERN, x, y, 0, 1);
        var known = new Batch.Rated(process, points, process.predict(points), rated, 5, 0.5);
        int[] chosen = batch.choose(known, 12);
        assertEquals(12, Arrays.stream(chosen).distinct().count());
        assertTrue(Arrays.stream(chosen).noneMatch(i -> rated[i]));
        int first = Batch.TOP.choose(known, 1)[0];
        assertEquals(first, chosen[0]);
        Arrays.fill(rated, true);
        rated[7] = false;
        assertArrayEquals(new int[] {7}, batch.choose(known, 12));
    }

    @Test
    void penaltyAsksForNoTwins() {
        double[][] points = points();
        points[7] = new double[] {6, 6, 6, 6};
        points[8] = points[7].clone();
        double[][] x = {points[20], points[21], points[22]};
        GaussianProcess process =
                new GaussianProcess(Covariance.MATERN, new double[] {0, -5}, x, new double[] {1, 2, 0});
        boolean[] rated = new boolean[points.length];
        int[] top = Batch.PENALTY.choose(new Batch.Rated(process, points, process.predict(points), rated, 2, 0), 10);
        assertTrue(Arrays.stream(top).filter(i -> i == 7 || i == 8).count() <= 1);
    }
}
