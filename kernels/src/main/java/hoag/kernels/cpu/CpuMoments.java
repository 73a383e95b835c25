package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Buffer;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.RunState;
import hoag.kernels.Shape;
import hoag.kernels.Work;
import hoag.kernels.cpu.Loops.Kind;
import java.util.Arrays;
import java.util.List;

/**
 * Mean and variance. A piece of 16 KiB is read twice while it is in cache: for its mean, and for the squares around that mean. Pieces are
 * joined in float64, in order (Chan, Golub and LeVeque 1979). So a mean of 1000 with a spread of 1 loses nothing, at the price of one pass
 * through memory.
 */
final class CpuMoments {
    private CpuMoments() {}

    static Wish wish(Kernel.Moments kernel, List<Layout> offered) {
        boolean blocked = offered.getFirst() instanceof Layout.Blocked && Arrays.equals(kernel.axes(), new int[] {0, 2, 3});
        return blocked ? new Wish(List.of(Layout.BLOCKED), List.of(Layout.PLAIN)) : CpuBackend.plain(kernel);
    }

    static Launch prepare(Kernel.Moments kernel, Wish wish) {
        Shape input = kernel.input();
        Runs runs = Runs.of(input, kernel.inputs(), wish.inputs(), CpuReduce.reduced(input, kernel.axes()));
        if (!runs.innerReduced()) {
            return new MomentsPlain(kernel, runs);
        }
        Expr x = Expr.in(0);
        Loop sum = Loops.fold(List.of(x), runs.kinds(), Fold.SUM);
        Kind mean = runs.blocked() ? Kind.LANES : Kind.SCALAR;
        Loop squares = Loops.fold(List.of(x.minus(Expr.in(1)).square()), List.of(runs.kinds().getFirst(), mean), Fold.SUM);
        return new Launch() {
            @Override
            public String algorithm() {
                return "moments by " + (runs.blocked() ? "channel" : "run");
            }

            @Override
            public long scratch(int workers) {
                return (long) runs.count() * runs.pieces() * 32;
            }

            @Override
            public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
                return new Bound(kernel, runs, sum, squares, operands, scratch);
            }
        };
    }

    private static final class Bound implements Work {
        private static final int PER_TASK = 32768;

        private final Runs runs;
        private final Loop sum;
        private final Loop squares;
        private final float[][] sumArrays;
        private final float[][] squareArrays;
        private final int[] bases;
        private final PerWorker offsets;
        private final float[] partial;
        private final int partialBase;
        private final float[] out;
        private final int outBase;
        private final int kept;
        private final Groups groups;
        private final int units;
        private final int unitsPerTask;

        Bound(Kernel.Moments kernel, Runs runs, Loop sum, Loop squares, List<Buffer> operands, Buffer scratch) {
            this.runs = runs;
            this.sum = sum;
            this.squares = squares;
            float[] x = operands.get(0).floats();
            partial = scratch.floats();
            partialBase = scratch.offset();
            sumArrays = new float[][] {x, partial};
            squareArrays = new float[][] {x, partial, partial};
            bases = new int[] {operands.get(0).offset()};
            offsets = new PerWorker(3);
            out = operands.get(1).floats();
            outBase = operands.get(1).offset();
            kept = kernel.outputs().getFirst().size() / 2;
            groups = Groups.of(runs);
            units = runs.count() * runs.pieces();
            unitsPerTask = Math.max(1, PER_TASK / Math.min(runs.length(), Runs.PIECE));
        }

        @Override
        public int phases() {
            return 2;
        }

        @Override
        public int tasks(int phase) {
            return phase == 0 ? (units + unitsPerTask - 1) / unitsPerTask : groups.count();
        }

        @Override
        public void run(int phase, int task, int worker) {
            if (phase == 1) {
                combine(task);
                return;
            }
            for (int unit = task * unitsPerTask, end = Math.min(units, unit + unitsPerTask); unit < end; unit++) {
                piece(unit, offsets.of(worker));
            }
        }

        /** Leaves the piece's mean in the first 16 floats of its scratch, the sum of squares around it in the second. */
        private void piece(int unit, int[] at) {
            int piece = unit % runs.pieces();
            int length = runs.pieceLength(piece);
            int to = partialBase + unit * 32;
            runs.place(unit / runs.pieces(), piece, bases, at);
            at[1] = to;
            sum.run(sumArrays, at, length);
            means(to, length);
            at[2] = to + 16;
            squares.run(squareArrays, at, length);
        }

        private void means(int at, int length) {
            if (runs.blocked()) {
                for (int lane = 0; lane < 16; lane++) {
                    partial[at + lane] /= length / 16;
                }
                return;
            }
            double all = 0;
            for (int lane = 0; lane < 16; lane++) {
                all += partial[at + lane];
            }
            partial[at] = (float) (all / length);
        }

        private void combine(int group) {
            int lanes = runs.blocked() ? Math.min(16, kept - group * 16) : 1;
            for (int lane = 0; lane < lanes; lane++) {
                combine(group, lane, runs.blocked() ? group * 16 + lane : group);
            }
        }

        private void combine(int group, int lane, int to) {
            double count = 0;
            double mean = 0;
            double squared = 0;
            for (int member = 0; member < groups.members(); member++) {
                for (int piece = 0; piece < runs.pieces(); piece++) {
                    int at = partialBase + (groups.run(group, member) * runs.pieces() + piece) * 32;
                    double n = runs.blocked() ? runs.pieceLength(piece) / 16 : runs.pieceLength(piece);
                    double delta = partial[at + lane] - mean;
                    squared += squares(at, lane) + delta * delta * count * n / (count + n);
                    mean += delta * n / (count + n);
                    count += n;
                }
            }
            out[outBase + to] = (float) mean;
            out[outBase + kept + to] = (float) (squared / count);
        }

        private double squares(int at, int lane) {
            if (runs.blocked()) {
                return partial[at + 16 + lane];
            }
            double all = 0;
            for (int i = 0; i < 16; i++) {
                all += partial[at + 16 + i];
            }
            return all;
        }
    }
}
