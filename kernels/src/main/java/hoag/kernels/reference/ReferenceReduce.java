package hoag.kernels.reference;

import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** out[o] = fold of map[o](inputs) over the reduced axes. */
final class ReferenceReduce {
    private ReferenceReduce() {}

    static Loops loops(Kernel.Reduce kernel) {
        return (in, out, state) -> {
            for (int o = 0; o < out.size(); o++) {
                fold(kernel, new Formula(kernel.maps().get(o)), in, out.get(o));
            }
        };
    }

    private static void fold(Kernel.Reduce kernel, Formula map, List<Doubles> in, Doubles out) {
        Shape result = kernel.outputs().getFirst();
        double[] best = new double[result.size()];
        Arrays.fill(best, start(kernel.fold()));
        out.fill(best.length, 0);
        double[] values = new double[in.size()];
        var operands = new ArrayList<>(kernel.inputs());
        operands.add(result);
        for (var walk = Walk.broadcasting(kernel.space(), operands); walk.here(); walk.next()) {
            for (int operand = 0; operand < values.length; operand++) {
                values[operand] = in.get(operand).get(walk.at(operand));
            }
            int to = walk.at(in.size());
            double value = map.at(values);
            if (beats(kernel.fold(), value, best[to])) {
                out.set(to, walk.index(kernel.axes()[0]));
            }
            best[to] = combine(kernel.fold(), best[to], value);
        }
        if (kernel.fold() != Fold.ARGMAX && kernel.fold() != Fold.ARGMIN) {
            for (int i = 0; i < best.length; i++) {
                out.set(i, best[i]);
            }
        }
    }

    private static double start(Fold fold) {
        return switch (fold) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX, ARGMAX -> Double.NEGATIVE_INFINITY;
            case MIN, ARGMIN -> Double.POSITIVE_INFINITY;
        };
    }

    /** A NaN, once met, stays. */
    private static double combine(Fold fold, double a, double b) {
        return switch (fold) {
            case SUM -> a + b;
            case PROD -> a * b;
            case MAX, ARGMAX -> Math.max(a, b);
            case MIN, ARGMIN -> Math.min(a, b);
        };
    }

    private static boolean beats(Fold fold, double value, double best) {
        boolean firstNaN = Double.isNaN(value) && !Double.isNaN(best);
        return fold == Fold.ARGMAX && (value > best || firstNaN) || fold == Fold.ARGMIN && (value < best || firstNaN);
    }
}
