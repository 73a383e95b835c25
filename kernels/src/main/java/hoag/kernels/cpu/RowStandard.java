package hoag.kernels.cpu;

import hoag.kernels.Expr;
import hoag.kernels.cpu.Loops.Kind;
import java.util.List;

/** Mean and one over the deviation of a row, which is read twice while it is in L1: for the mean, and for the distances from it and their squares, which correct it. */
final class RowStandard {
    private static final int FIRST = Partials.SIZE;
    private static final int SECOND = 2 * Partials.SIZE;

    /** Floats of a worker's scratch. */
    static final int FLOATS = 3 * Partials.SIZE;

    private final int length;
    private final double eps;
    private final Loop sum = Loops.roughSum(List.of(Expr.in(0)), List.of(Kind.STREAM));
    private final Loop distances = Loops.roughSum(CpuLayerNorm.distances(), List.of(Kind.STREAM, Kind.SCALAR));

    RowStandard(int length, double eps) {
        this.length = length;
        this.eps = eps;
    }

    /**
     * Leaves the mean at {@code to}, one over the deviation behind it.
     *
     * @param arrays that of the row, and scratch three times
     * @param at four offsets, overwritten
     * @param mine {@link #FLOATS} floats of scratch
     */
    void run(float[][] arrays, int[] at, int row, int mine, int to) {
        float[] s = arrays[1];
        at[0] = row;
        at[1] = mine;
        sum.run(arrays, at, length);
        float first = (float) (Partials.sixteen(s, mine) / length);
        s[to] = first;
        at[1] = to;
        at[2] = mine + FIRST;
        at[3] = mine + SECOND;
        distances.run(arrays, at, length);
        double more = Partials.sixteen(s, mine + FIRST) / length;
        double variance = Math.max(0, Partials.sixteen(s, mine + SECOND) / length - more * more);
        s[to] = (float) (first + more);
        s[to + 1] = (float) (1 / Math.sqrt(variance + eps));
    }
}
