package hoag.galaxy.active;

import hoag.galaxy.active.GaussianProcess.Posterior;
import hoag.kernels.Special;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Which points promise most: the improvement to be expected over the best seen (Jones, Schonlau and Welch 1998). */
public final class Improvement {
    private Improvement() {}

    /**
     * {@code (mean - best - xi) Phi(z) + std phi(z)} with {@code z = (mean - best - xi) / std}.
     *
     * @param best the highest value seen
     * @param xi trade-off: the larger, the more is explored
     * @return (points)
     */
    public static double[] expected(Posterior posterior, double best, double xi) {
        return IntStream.range(0, posterior.mean().length)
                .parallel()
                .mapToDouble(
                        i -> expected(posterior.mean()[i] - best - xi, posterior.std()[i]))
                .toArray();
    }

    private static double expected(double gap, double std) {
        if (std == 0) {
            return Math.max(0, gap);
        }
        double z = gap / std;
        return gap * Special.erfc(-z / Math.sqrt(2)) / 2 + std * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    }

    /**
     * The same order, also where the improvement is too small for a number, as after nothing but dull ratings: there the values are below 0 and
     * rise with z, so that what is least known comes first.
     */
    static double[] promise(Posterior posterior, double best, double xi) {
        double[] promise = expected(posterior, best, xi);
        for (int i = 0; i < promise.length; i++) {
            double gap = posterior.mean()[i] - best - xi;
            promise[i] = promise[i] > 0 || gap >= 0
                    ? promise[i]
                    : Math.max(-Double.MAX_VALUE, gap / posterior.std()[i]);
        }
        return promise;
    }

    /** The places of the largest values, largest first, ties in order. */
    public static int[] largest(double[] values, int count) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
