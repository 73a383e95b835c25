package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Layer normalisation in one pass through memory: along rows by {@link LayerNormRows}, over the channels of a blocked tensor by {@link LayerNormPlanes}. Both read a piece
 * three times while it is in cache: for the mean, for the distances from it and their squares, which correct it (as {@link CpuMoments}), and for the result.
 */
final class CpuLayerNorm {
    /** A row is summed lane by lane in float32, as one piece of {@link CpuMoments}. */
    private static final int LONGEST = 4096;

    private CpuLayerNorm() {}

    private static boolean planes(Kernel.LayerNorm kernel) {
        Shape s = kernel.input();
        return s.rank() == 4
                && kernel.axis() == 1
                && s.dim(1) % Tiles.BLOCK == 0
                && s.dim(1) / Tiles.BLOCK <= LONGEST / Tiles.BLOCK
                && CpuEpilogue.fuses(s, kernel.epilogue());
    }

    private static boolean rows(Kernel.LayerNorm kernel) {
        Shape s = kernel.input();
        return kernel.axis() == s.rank() - 1
                && s.dim(kernel.axis()) <= LONGEST
                && kernel.epilogue().extras().stream()
                        .allMatch(extra -> extra.equals(s) || extra.size() == 1 || isVector(extra, s));
    }

    private static boolean isVector(Shape extra, Shape s) {
        return extra.rank() > 0 && extra.dim(-1) == s.dim(-1) && extra.size() == s.dim(-1);
    }

    static boolean takes(Kernel.LayerNorm kernel) {
        return kernel.input().size() > 0
                && Loops.vectorised(List.of(kernel.epilogue().formula()))
                && (planes(kernel) || rows(kernel));
    }

    static Wish wish(Kernel.LayerNorm kernel) {
        if (!planes(kernel)) {
            return CpuBackend.plain(kernel);
        }
        List<Layout> inputs = new ArrayList<>(List.of(Layout.BLOCKED));
        inputs.addAll(CpuEpilogue.layouts(kernel.input(), kernel.epilogue()));
        return new Wish(inputs, List.of(Layout.BLOCKED));
    }

    static Launch prepare(Kernel.LayerNorm kernel, Wish wish) {
        return planes(kernel) ? new LayerNormPlanes(kernel) : new LayerNormRows(kernel);
    }

    /** The result of x, the mean, one over the deviation, and the extras. */
    static Expr formula(Kernel.LayerNorm kernel) {
        Expr standard = Expr.in(0).minus(Expr.in(1)).times(Expr.in(2));
        return kernel.epilogue().formula().substitute(i -> i == 0 ? standard : Expr.in(i + 2));
    }

    /** x - mean and its square. */
    static List<Expr> distances() {
        Expr distance = Expr.in(0).minus(Expr.in(1));
        return List.of(distance, distance.square());
    }
}
