package hoag.galaxy.active;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The recipe of Astronomaly (Lochner and Bassett 2021) for comparison: a score without ratings, weighted by the rating that a forest expects near what
 * was rated, and kept far from it.
 */
public final class Astronomaly {
    private static final int TREES = 100;

    private Astronomaly() {}

    /**
     * {@code S tanh(exp(delta) - 1 + artanh f)} with {@code f = 0.1 + 0.85 U / 5}, U the rating a forest of 100 trees expects within 0.1..5, and delta the
     * distance to the nearest rated point over the mean of those distances.
     *
     * @param points (points, features)
     * @param odd scores such as {@link Outliers#isolation}; rescaled to 0..5
     * @param rated places of the rated points, at least one
     * @param ratings theirs, 0..5
     */
    public static double[] scores(double[][] points, double[] odd, int[] rated, double[] ratings, long seed) {
        double[][] x = Arrays.stream(rated).mapToObj(i -> points[i]).toArray(double[][]::new);
        RegressionForest forest = new RegressionForest(x, ratings, TREES, seed);
        double[] distance = Arrays.stream(points)
                .parallel()
                .mapToDouble(point -> Math.sqrt(Arrays.stream(x)
                        .mapToDouble(known -> Spread.squared(point, known))
                        .min()
                        .orElseThrow()))
                .toArray();
        double mean =
                Math.max(Double.MIN_NORMAL, Arrays.stream(distance).average().orElse(1));
        double least = Arrays.stream(odd).min().orElse(0);
        double range = Math.max(Double.MIN_NORMAL, Arrays.stream(odd).max().orElse(1) - least);
        return IntStream.range(0, points.length)
                .parallel()
                .mapToDouble(i -> score(5 * (odd[i] - least) / range, forest.predict(points[i]), distance[i] / mean))
                .toArray();
    }

    static double score(double odd, double rating, double delta) {
        double f = 0.1 + 0.85 * Math.clamp(rating, 0.1, 5) / 5;
        return odd * Math.tanh(Math.exp(delta) - 1 + 0.5 * Math.log((1 + f) / (1 - f)));
    }
}
