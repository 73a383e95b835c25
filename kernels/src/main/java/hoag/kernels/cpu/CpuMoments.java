package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Buffer;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.RunState;
import hoag.kernels.Shape;
import hoag.kernels.Work;
import hoag.kernels.cpu.Loops.Kind;
import java.util.Arrays;
import java.util.List;

/**
 * Mean and variance. An eighth of a piece of 16 KiB is read for its mean, rounded to a float; then the piece, for the distances from that number and
 * their squares, which correct it. Pieces are joined in float64, in order (Chan, Golub and LeVeque 1979). So a mean of 1000 with a spread of 1 loses
 * nothing, at the price of one pass through memory: the mean of an eighth is within 7 variances of all in the square (as it has a part in them), which
 * costs the distances three bits at most.
 */
final class CpuMoments {
    /** Of a piece: means, sums of distances, sums of their squares. */
    private static final int NUMBERS = 3 * Partials.SIZE;

    private static final int FIRST = Partials.SIZE;
    private static final int SECOND = 2 * Partials.SIZE;

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
        Expr x = Expr.in(0);
        Loop sum = Loops.roughSum(List.of(x), runs.kinds());
        Kind mean = runs.blocked() ? Kind.LANES : Kind.SCALAR;
        Expr distance = x.minus(Expr.in(1));
        Loop distances = Loops.roughSum(
                List.of(distance, distance.square()), List.of(runs.kinds().getFirst(), mean));
        return new Launch() {
            @Override
            public String algorithm() {
                return "moments by " + (runs.blocked() ? "channel" : "run");
            }

            @Override
            public long scratch(int workers) {
                return (direct(runs, kernel) ? workers : (long) runs.count() * runs.pieces()) * NUMBERS;
            }

            @Override
            public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
                return new Bound(kernel, runs, sum, distances, operands, scratch);
            }
        };
    }

    private static final class Bound implements Work {
        private static final int PER_TASK = 32768;
        /** Floats of a longer piece whose mean the distances start from. */
        private static final int SOME = 512;

        private final Runs runs;
        private final Loop sum;
        private final Loop distances;
        private final float[][] sumArrays;
        private final float[][] distanceArrays;
        private final int[] bases;
        private final PerWorker offsets;
        private final float[] partial;
        private final int partialBase;
        private final float[] out;
        private final int outBase;
        private final int kept;
        private final Groups groups;
        private final boolean direct;
        private final int units;
        private final int unitsPerTask;

        Bound(Kernel.Moments kernel, Runs runs, Loop sum, Loop distances, List<Buffer> operands, Buffer scratch) {
            this.runs = runs;
            this.sum = sum;
            this.distances = distances;
            float[] x = operands.get(0).floats();
            partial = scratch.floats();
            partialBase = scratch.offset();
            sumArrays = new float[][] {x, partial};
            distanceArrays = new float[][] {x, partial, partial, partial};
            bases = new int[] {operands.get(0).offset()};
            offsets = new PerWorker(4);
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
                int at = partialBase + (direct ? worker : unit) * NUMBERS;
                piece(unit, at, offsets.of(worker));
                if (direct) {
                    finish(unit, at);
                }
            }
        }

        private void piece(int unit, int to, int[] at) {
            int piece = unit % runs.pieces();
            int length = runs.pieceLength(piece);
            runs.place(unit / runs.pieces(), piece, bases, at);
            at[1] = to;
            int some = length < 4 * SOME ? length : SOME;
            sum.run(sumArrays, at, some);
            means(to, some);
            at[2] = to + FIRST;
            at[3] = to + SECOND;
            distances.run(distanceArrays, at, length);
        }

        private void means(int at, int length) {
            if (runs.blocked()) {
                for (int lane = 0; lane < 16; lane++) {
                    partial[at + lane] = (float) (Partials.lane(partial, at, lane) / (length / 16));
                }
            } else {
                partial[at] = (float) (Partials.sum(partial, at) / length);
            }
        }

        private double count(int piece) {
            return runs.blocked() ? runs.pieceLength(piece) / 16 : runs.pieceLength(piece);
        }

        /** Sum of distances of a piece, or of one of its channels. */
        private double first(int at, int lane) {
            return runs.blocked() ? Partials.lane(partial, at + FIRST, lane) : Partials.sum(partial, at + FIRST);
        }

        private double second(int at, int lane) {
            return runs.blocked() ? Partials.lane(partial, at + SECOND, lane) : Partials.sum(partial, at + SECOND);
        }

        private void finish(int group, int at) {
            double n = runs.length();
            double correction = first(at, 0) / n;
            put(group, partial[at] + correction, second(at, 0) / n - correction * correction);
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
                    int at = partialBase + (groups.run(group, member) * runs.pieces() + piece) * NUMBERS;
                    double n = count(piece);
                    double first = first(at, lane);
                    double delta = partial[at + (runs.blocked() ? lane : 0)] + first / n - mean;
                    squared += second(at, lane) - first * first / n + delta * delta * count * n / (count + n);
                    mean += delta * n / (count + n);
                    count += n;
                }
            }
            put(to, mean, squared / count);
        }
    }
}
