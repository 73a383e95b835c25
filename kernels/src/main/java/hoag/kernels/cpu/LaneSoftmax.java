package hoag.kernels.cpu;

import hoag.kernels.Expr;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.cpu.Loops.Kind;
import java.util.List;

/**
 * Softmax over keys of scores that lie turned, [key][16 queries], in place: a fold for the largest, a formula, a fold for the sum and a division, each along lanes. The
 * sums run in float32 with what rounding takes.
 */
final class LaneSoftmax {
    private static final int BLOCK = Tiles.BLOCK;

    // operands of all loops: scores, bias or nothing, a value for each query, result
    static final List<Kind> STREAMS = List.of(Kind.STREAM, Kind.STREAM);
    static final List<Kind> AND_LANES = List.of(Kind.STREAM, Kind.STREAM, Kind.LANES);

    private final Loop top;
    private final Loop weight;
    private final Loop sum;
    private final Loop divide;

    /** @param scores of a product, In(0), and its bias, In(1) */
    LaneSoftmax(Expr scores) {
        top = Loops.fold(List.of(scores), STREAMS, Fold.MAX);
        weight = Loops.map(List.of(scores.minus(Expr.in(2)).exp()), AND_LANES);
        sum = Loops.fold(List.of(Expr.in(0)), STREAMS, Fold.SUM);
        divide = Loops.map(List.of(Expr.in(0).times(Expr.in(2))), AND_LANES);
    }

    /**
     * Scores to weights.
     *
     * @param arrays scratch, that of the bias, and scratch twice more
     * @param at offsets in them: scores, bias, {@link Partials#SIZE} floats of scratch, scores
     * @param keys how many
     */
    void run(float[][] arrays, int[] at, int keys) {
        float[] s = arrays[2];
        int partials = at[2];
        top.run(arrays, at, keys * BLOCK);
        for (int lane = 0; lane < BLOCK; lane++) {
            s[partials + lane] = (float) Partials.lane(s, partials, lane);
        }
        weight.run(arrays, at, keys * BLOCK);
        sum.run(arrays, at, keys * BLOCK);
        for (int lane = 0; lane < BLOCK; lane++) {
            s[partials + lane] = (float) (1 / Partials.lane(s, partials, lane));
        }
        divide.run(arrays, at, keys * BLOCK);
    }
}
