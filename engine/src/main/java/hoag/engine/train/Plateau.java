package hoag.engine.train;

import hoag.kernels.ConfigException;

/**
 * A rate that falls when losses no longer do, as PyTorch's ReduceLROnPlateau with a relative threshold. It remembers nothing: the rate is a
 * function of the losses so far, so a resumed run gets the same.
 *
 * @param factor of the rate each time it falls
 * @param patience how many losses in a row may be no better before that
 * @param threshold a loss is better if it is below (1 - threshold) times the best
 * @param low lowest rate
 */
public record Plateau(double rate, double factor, int patience, double threshold, double low) {
    /** Smaller changes of the rate are left out, as PyTorch does. */
    private static final double LEAST = 1e-8;

    /** Checks that every value is in its range. */
    public Plateau {
        if (!(rate > 0 && factor > 0 && factor < 1 && patience >= 0 && threshold >= 0 && threshold < 1 && low >= 0)) {
            throw new ConfigException("plateau: rate " + rate + " must be above 0, factor " + factor
                    + " in 0 < factor < 1, patience " + patience + " and low " + low + " 0 or more, threshold "
                    + threshold
                    + " in 0 <= threshold < 1");
        }
    }

    /** The rate after these losses, in the order in which they came. */
    public double rate(double... losses) {
        double now = rate;
        double best = Double.POSITIVE_INFINITY;
        int worse = 0;
        for (double loss : losses) {
            boolean better = loss < best * (1 - threshold);
            best = better ? loss : best;
            worse = better ? 0 : worse + 1;
            if (worse > patience) {
                now = fallen(now);
                worse = 0;
            }
        }
        return now;
    }

    private double fallen(double now) {
        double next = Math.max(now * factor, low);
        return now - next > LEAST ? next : now;
    }
}
