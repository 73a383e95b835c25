package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.RunState;
import hoag.kernels.Shape;
import hoag.kernels.Work;
import java.util.Arrays;
import java.util.List;

/**
 * Mean and variance by pieces of 16 KiB ({@link MomentPieces}), which are joined in float64, in order.
 */
final class CpuMoments {
    private CpuMoments() {}

    /** A run is all that goes into a result. */
    private static boolean direct(Runs runs, Kernel.Moments kernel) {
        return !runs.blocked()
                && runs.pieces() == 1
                && 2 * runs.count() == kernel.outputs().getFirst().size();
    }

    static Wish wish(Kernel.Moments kernel, List<Layout> offered) {
        boolean blocked =
                offered.getFirst() instanceof Layout.Blocked && Arrays.equals(kernel.axes(), new int[] {0, 2, 3});
        return blocked ? new Wish(List.of(Layout.BLOCKED), List.of(Layout.PLAIN)) : CpuBackend.plain(kernel);
    }

    static Launch prepare(Kernel.Moments kernel, Wish wish) {
        Shape input = kernel.input();
        Runs runs = Runs.of(input, kernel.inputs(), wish.inputs(), CpuReduce.reduced(input, kernel.axes()));
        if (!runs.innerReduced()) {
            return new MomentsRows(kernel, Strips.of(runs));
        }
        MomentPieces pieces = new MomentPieces(runs.blocked());
        return new Launch() {
            @Override
            public String algorithm() {
                return "moments by " + (runs.blocked() ? "channel" : "run");
            }

            @Override
            public long scratch(int workers) {
                return (direct(runs, kernel) ? workers : (long) runs.count() * runs.pieces()) * MomentPieces.NUMBERS;
            }

            @Override
            public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
                return new Bound(kernel, runs, pieces, operands, scratch);
            }
        };
    }

    private static final class Bound implements Work {
        private static final int PER_TASK = 32768;

        private final Runs runs;
        private final MomentPieces.Bound of;
        private final int[] bases;
        private final PerWorker offsets;
        private final int partialBase;
        private final float[] out;
        private final int outBase;
        private final int kept;
        private final Groups groups;
        private final boolean direct;
        private final int units;
        private final int unitsPerTask;

        Bound(Kernel.Moments kernel, Runs runs, MomentPieces pieces, List<Buffer> operands, Buffer scratch) {
            this.runs = runs;
            of = pieces.new Bound(operands.get(0).floats(), scratch.floats());
            partialBase = scratch.offset();
            bases = new int[] {operands.get(0).offset()};
            offsets = new PerWorker(1);
            out = operands.get(1).floats();
            outBase = operands.get(1).offset();
            kept = kernel.outputs().getFirst().size() / 2;
            groups = Groups.of(runs);
            direct = direct(runs, kernel);
            units = runs.count() * runs.pieces();
            unitsPerTask = Math.max(1, PER_TASK / Math.max(1, Math.min(runs.length(), Runs.PIECE)));
        }

        @Override
        public int phases() {
            return direct ? 1 : 2;
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
                int at = partialBase + (direct ? worker : unit) * MomentPieces.NUMBERS;
                piece(unit, at, worker);
                if (direct) {
                    put(unit, of.mean(at, 0, runs.length()), of.squared(at, 0, runs.length()) / runs.length());
                }
            }
        }

        private void piece(int unit, int to, int worker) {
            int piece = unit % runs.pieces();
            int[] at = offsets.of(worker);
            runs.place(unit / runs.pieces(), piece, bases, at);
            of.piece(at[0], runs.pieceLength(piece), to, worker);
        }

        private double count(int piece) {
            return runs.blocked() ? runs.pieceLength(piece) / 16 : runs.pieceLength(piece);
        }

        private void put(int to, double mean, double variance) {
            out[outBase + to] = (float) mean;
            out[outBase + kept + to] = (float) Math.max(variance, 0);
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
                    int at = partialBase + (groups.run(group, member) * runs.pieces() + piece) * MomentPieces.NUMBERS;
                    double n = count(piece);
                    double delta = of.mean(at, lane, n) - mean;
                    squared += of.squared(at, lane, n) + delta * delta * count * n / (count + n);
                    mean += delta * n / (count + n);
                    count += n;
                }
            }
            put(to, mean, squared / count);
        }
    }
}
