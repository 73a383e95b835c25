package hoag.galaxy.cluster;

import hoag.galaxy.learn.Progress;
import hoag.galaxy.map.Halfway;
import hoag.galaxy.map.Stopped;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/**
 * The best of some starts, for one number of clusters after another. After every start it is kept which was the best so far; when the work goes on
 * after a stop, that one start is made again. Used by one thread.
 */
final class Starts {
    private static final int NONE = -1;

    private final int restarts;
    private final int all;
    private final Halfway halfway;
    private final Progress progress;
    private final int done;
    private final double[] best;

    /**
     * Where it was.
     *
     * @param kinds numbers of clusters that are tried
     * @param restarts starts of each
     */
    Starts(int kinds, int restarts, Halfway halfway, Progress progress) {
        this.restarts = restarts;
        this.halfway = halfway;
        this.progress = progress;
        all = kinds * restarts;
        double[] fresh = new double[2 * kinds];
        for (int kind = 0; kind < kinds; kind++) {
            fresh[2 * kind] = NONE;
            fresh[2 * kind + 1] = Double.POSITIVE_INFINITY;
        }
        Halfway.Stand stand = halfway.begin(fresh);
        done = stand.round();
        best = stand.state();
    }

    /**
     * The one of the least cost.
     *
     * @param kind 0 for the first
     * @param fit from the seed of a start and somebody who says when to stop
     */
    <T> T best(int kind, long seed, BiFunction<Long, Progress, T> fit, ToDoubleFunction<T> cost) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] seeds = new long[restarts];
        java.util.Arrays.setAll(seeds, start -> random.nextLong());
        T found = null;
        for (int start = Math.max(0, done - kind * restarts); start < restarts; start++) {
            T next = next(kind * restarts + start, seeds[start], fit);
            double now = cost.applyAsDouble(next);
            if (best[2 * kind] == NONE || now < best[2 * kind + 1]) {
                best[2 * kind] = start;
                best[2 * kind + 1] = now;
                found = next;
            }
        }
        return found != null ? found : fit.apply(seeds[(int) best[2 * kind]], silent());
    }

    private <T> T next(int round, long seed, BiFunction<Long, Progress, T> fit) {
        told(round);
        try {
            return fit.apply(seed, silent());
        } catch (Stopped e) {
            told(round); // keeps what was found before this start
            throw e;
        }
    }

    private void told(int round) {
        halfway.at(progress, "starts", "starts", round, all, best::clone);
    }

    /** Says when to stop and does not listen. */
    private Progress silent() {
        return new Progress() {
            @Override
            public void at(String what, long done, long total, String note) {
                // the starts are told
            }

            @Override
            public boolean stopping() {
                return progress.stopping();
            }
        };
    }
}
