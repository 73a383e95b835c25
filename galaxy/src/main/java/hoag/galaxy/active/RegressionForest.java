package hoag.galaxy.active;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;

/** Mean over regression trees, each grown to the end on points drawn with repetition (Breiman 2001), all features tried at each cut. Immutable. */
public final class RegressionForest {
    private final Node[] trees;

    /**
     * Grows it, on all threads of the pool that calls.
     *
     * @param x (points, features)
     * @param y (points)
     */
    public RegressionForest(double[][] x, double[] y, int trees, long seed) {
        this.trees = IntStream.range(0, trees)
                .parallel()
                .mapToObj(tree -> grow(
                        x,
                        y,
                        new Random(seed * 1_000_003 + tree)
                                .ints(y.length, 0, y.length)
                                .toArray()))
                .toArray(Node[]::new);
    }

    /** What is expected at a point. */
    public double predict(double... point) {
        double sum = 0;
        for (Node tree : trees) {
            Node at = tree;
            while (at.low != null) {
                at = point[at.feature] <= at.at ? at.low : at.high;
            }
            sum += at.mean;
        }
        return sum / trees.length;
    }

    private record Node(int feature, double at, Node low, Node high, double mean) {}

    private static Node grow(double[][] x, double[] y, int[] points) {
        double mean = Arrays.stream(points).mapToDouble(i -> y[i]).average().orElseThrow();
        double least = Arrays.stream(points)
                        .mapToDouble(i -> (y[i] - mean) * (y[i] - mean))
                        .sum()
                - 1e-12;
        int feature = -1;
        double at = 0;
        for (int f = 0; f < x[0].length && least > 0; f++) {
            int by = f;
            int[] order = Arrays.stream(points)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> x[i][by]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            double total = mean * order.length;
            double squares = Arrays.stream(order).mapToDouble(i -> y[i] * y[i]).sum();
            double sum = 0;
            for (int n = 1; n < order.length; n++) {
                sum += y[order[n - 1]];
                double spread = squares - sum * sum / n - (total - sum) * (total - sum) / (order.length - n);
                if (x[order[n - 1]][f] < x[order[n]][f] && spread < least) {
                    least = spread;
                    feature = f;
                    at = (x[order[n - 1]][f] + x[order[n]][f]) / 2;
                }
            }
        }
        if (feature < 0) {
            return new Node(0, 0, null, null, mean);
        }
        int best = feature;
        double cut = at;
        int[] low = Arrays.stream(points).filter(i -> x[i][best] <= cut).toArray();
        int[] high = Arrays.stream(points).filter(i -> x[i][best] > cut).toArray();
        return low.length == 0 || high.length == 0
                ? new Node(0, 0, null, null, mean)
                : new Node(best, cut, grow(x, y, low), grow(x, y, high), mean);
    }
}
