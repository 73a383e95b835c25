package hoag.kernels.cpu;

import hoag.kernels.Kernel.Fold;
import java.util.Arrays;

/** Partial folds as {@link Loops#fold} leaves them: sixteen floats, and behind them sixteen that rounding took from sums. */
final class Partials {
    static final int SIZE = 32;

    private static final Fold[] FOLDS = Fold.values();

    private Partials() {}

    /** The fold of lane {@code lane} of the partials at {@code at}. */
    static double lane(float[] partials, int at, int lane) {
        float sum = partials[at + lane];
        return Float.isFinite(sum) ? (double) sum + partials[at + 16 + lane] : sum;
    }

    static double sum(float[] partials, int at) {
        double all = 0;
        for (int lane = 0; lane < 16; lane++) {
            all += lane(partials, at, lane);
        }
        return all;
    }

    /** The sum of sixteen floats, in four chains, as one of sixteen additions would be waited for. */
    static double sixteen(float[] from, int at) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        for (int lane = at; lane < at + 16; lane += 4) {
            a += from[lane];
            b += from[lane + 1];
            c += from[lane + 2];
            d += from[lane + 3];
        }
        return (a + b) + (c + d);
    }

    /** Called by emitted loops. */
    static void clear(float[] to, int at, float value) {
        Arrays.fill(to, at, at + 16, value);
        Arrays.fill(to, at + 16, at + 32, 0);
    }

    /** Called by emitted loops: what the vectors do, for one lane. */
    static void add(float[] to, int at, float x) {
        float s = to[at];
        float total = s + x;
        float taken = total - s;
        to[at + 16] += (s - (total - taken)) + (x - taken);
        to[at] = total;
    }

    /** Called by emitted loops that compute in float64. */
    static void fold(float[] to, int at, double value, int fold) {
        double old = (double) to[at] + to[at + 16];
        double now = switch (FOLDS[fold]) {
            case SUM -> old + value;
            case PROD -> old * value;
            case MAX, ARGMAX -> Math.max(old, value);
            case MIN, ARGMIN -> Math.min(old, value);
        };
        to[at] = (float) now;
        to[at + 16] = Float.isFinite(to[at]) ? (float) (now - to[at]) : 0;
    }
}
