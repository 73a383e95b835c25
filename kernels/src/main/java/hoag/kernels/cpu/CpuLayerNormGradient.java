package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Epilogue;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * The gradient of {@link CpuLayerNorm} in one pass through memory: along rows by {@link LayerNormGradientRows}, over the channels of a blocked tensor by {@link
 * LayerNormGradientPlanes}. Mean and deviation are made again of what is in cache, so the forward pass keeps nothing.
 */
final class CpuLayerNormGradient {
    private static final Expr X = Expr.in(0);
    private static final Expr UP = Expr.in(1);
    private static final Expr WEIGHT = Expr.in(2);
    private static final Expr STANDARD = X.minus(Expr.in(3)).times(Expr.in(4));

    private CpuLayerNormGradient() {}

    /** The forward pass with the same operands beside x: what goes there goes here. */
    private static Kernel.LayerNorm forward(Kernel.LayerNormGradient kernel) {
        List<hoag.kernels.Shape> extras = new ArrayList<>(List.of(kernel.weight()));
        extras.addAll(kernel.epilogue().extras());
        return new Kernel.LayerNorm(
                kernel.input(),
                kernel.axis(),
                kernel.eps(),
                new Epilogue(kernel.epilogue().formula(), extras));
    }

    static boolean takes(Kernel.LayerNormGradient kernel) {
        return CpuLayerNorm.takes(forward(kernel));
    }

    static Wish wish(Kernel.LayerNormGradient kernel) {
        Wish forward = CpuLayerNorm.wish(forward(kernel));
        List<Layout> inputs = new ArrayList<>(forward.inputs());
        inputs.addFirst(inputs.getFirst()); // dy as x
        return new Wish(inputs, List.of(forward.outputs().getFirst(), Layout.PLAIN, Layout.PLAIN));
    }

    static Launch prepare(Kernel.LayerNormGradient kernel, Wish wish) {
        return wish.inputs().getFirst() instanceof Layout.Blocked
                ? new LayerNormGradientPlanes(kernel)
                : new LayerNormGradientRows(kernel);
    }

    // operands of the formulas: x, dy, weight, mean, one over the deviation, mean g, mean g x', extras

    /** g and g x'. */
    static List<Expr> sums() {
        Expr g = UP.times(WEIGHT);
        return List.of(g, g.times(STANDARD));
    }

    /** dy x' and dy, which sum up to the gradients of weight and bias. */
    static List<Expr> vectors() {
        return List.of(UP.times(STANDARD), UP);
    }

    /** dx. */
    static Expr formula(Kernel.LayerNormGradient kernel) {
        Expr g = UP.times(WEIGHT);
        Expr dx = g.minus(Expr.in(5)).minus(STANDARD.times(Expr.in(6))).times(Expr.in(4));
        return kernel.epilogue().formula().substitute(i -> i == 0 ? dx : Expr.in(i + 6));
    }
}
