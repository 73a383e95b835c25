package hoag.galaxy.active;

import hoag.kernels.ConfigException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** What is odd without anybody's ratings: every score is the larger, the odder the point. All run on the threads of the pool that calls. */
public final class Outliers {
    private static final int SAMPLE = 256;
    private static final double EULER = 0.57721566490153286;

    private Outliers() {}

    /**
     * Isolation forest (Liu, Ting and Zhou 2008): how few random cuts set a point apart, {@code 2^(-mean depth / c)}, in trees of 256 points each.
     *
     * @param points (points, features)
     * @param trees 1..10,000
     */
    public static double[] isolation(double[][] points, int trees, long seed) {
        if (trees < 1 || trees > 10_000) {
            throw new ConfigException("isolation forest: trees is " + trees + "; want 1..10,000");
        }
        int sample = Math.min(SAMPLE, points.length);
        int deepest = 32 - Integer.numberOfLeadingZeros(Math.max(1, sample - 1));
        Cut[] forest = IntStream.range(0, trees)
                .parallel()
                .mapToObj(tree -> {
                    Random random = new Random(seed * 1_000_003 + tree);
                    double[][] some = random.ints(0, points.length)
                            .distinct()
                            .limit(sample)
                            .mapToObj(i -> points[i])
                            .toArray(double[][]::new);
                    return cut(some, deepest, random);
                })
                .toArray(Cut[]::new);
        return Arrays.stream(points)
                .parallel()
                .mapToDouble(point -> {
                    double depth = 0;
                    for (Cut tree : forest) {
                        depth += depth(tree, point);
                    }
                    return Math.pow(2, -depth / trees / Math.max(1, paths(sample)));
                })
                .toArray();
    }

    /** A cut of a feature, or an end where {@code low} is null. */
    private record Cut(int feature, double at, Cut low, Cut high, int count) {}

    private static Cut cut(double[][] points, int deepest, Random random) {
        double[] range = points.length < 2 || deepest == 0 ? null : range(points, random);
        if (range == null) {
            return new Cut(0, 0, null, null, points.length);
        }
        int feature = (int) range[0];
        double at = range[1] + random.nextDouble() * (range[2] - range[1]);
        double[][] low = Arrays.stream(points).filter(p -> p[feature] < at).toArray(double[][]::new);
        double[][] high = Arrays.stream(points).filter(p -> !(p[feature] < at)).toArray(double[][]::new);
        return new Cut(feature, at, cut(low, deepest - 1, random), cut(high, deepest - 1, random), points.length);
    }

    /** A feature by chance that is not the same everywhere, its smallest and its largest value; null when all points are the same. */
    private static double[] range(double[][] points, Random random) {
        int features = points[0].length;
        int first = random.nextInt(Math.max(1, features));
        for (int i = 0; i < features; i++) {
            int feature = (first + i) % features;
            double least =
                    Arrays.stream(points).mapToDouble(p -> p[feature]).min().orElseThrow();
            double most =
                    Arrays.stream(points).mapToDouble(p -> p[feature]).max().orElseThrow();
            if (least < most) {
                return new double[] {feature, least, most};
            }
        }
        return null;
    }

    private static double depth(Cut tree, double[] point) {
        int depth = 0;
        Cut at = tree;
        for (; at.low != null; depth++) {
            at = point[at.feature] < at.at ? at.low : at.high;
        }
        return depth + paths(at.count);
    }

    /** The mean depth of an unsuccessful look-up in a binary tree of so many. */
    private static double paths(int count) {
        return count < 2 ? 0 : count == 2 ? 1 : 2 * (Math.log(count - 1) + EULER) - 2 * (count - 1.0) / count;
    }

    /** Mean distance to the k nearest other points. */
    public static double[] distance(double[][] points, int k) {
        return Arrays.stream(neighbours(points, k))
                .mapToDouble(near -> Arrays.stream(near)
                        .mapToDouble(Near::distance)
                        .average()
                        .orElse(0))
                .toArray();
    }

    /** Local outlier factor (Breunig et al. 2000) by k neighbours: about 1 amid points as dense as itself. */
    public static double[] localFactor(double[][] points, int k) {
        Near[][] near = neighbours(points, k);
        double[] reach = Arrays.stream(near)
                .mapToDouble(each -> each[each.length - 1].distance)
                .toArray();
        double[] density = Arrays.stream(near)
                .mapToDouble(each -> 1
                        / (1e-10
                                + Arrays.stream(each)
                                        .mapToDouble(other -> Math.max(reach[other.point], other.distance))
                                        .average()
                                        .orElseThrow()))
                .toArray();
        return IntStream.range(0, points.length)
                .mapToDouble(i -> Arrays.stream(near[i])
                                .mapToDouble(other -> density[other.point])
                                .average()
                                .orElseThrow()
                        / density[i])
                .toArray();
    }

    private record Near(int point, double distance) {}

    /** (points, k) nearest others, nearest first. */
    private static Near[][] neighbours(double[][] points, int k) {
        if (k < 1 || k >= points.length) {
            throw new ConfigException("neighbours " + k + " is not allowed; of " + points.length
                    + " points it must be 1.." + (points.length - 1));
        }
        return IntStream.range(0, points.length)
                .parallel()
                .mapToObj(i -> nearest(points, i, k))
                .toArray(Near[][]::new);
    }

    private static Near[] nearest(double[][] points, int i, int k) {
        double[] distances = new double[k];
        int[] which = new int[k];
        int size = 0;
        for (int j = 0; j < points.length; j++) {
            double squared = j == i ? Double.NaN : Spread.squared(points[i], points[j]);
            if (j != i && (size < k || squared < distances[size - 1])) {
                int at = size < k ? size++ : k - 1;
                for (; at > 0 && distances[at - 1] > squared; at--) {
                    distances[at] = distances[at - 1];
                    which[at] = which[at - 1];
                }
                distances[at] = squared;
                which[at] = j;
            }
        }
        Near[] near = new Near[size];
        Arrays.setAll(near, n -> new Near(which[n], Math.sqrt(distances[n])));
        return near;
    }
}
