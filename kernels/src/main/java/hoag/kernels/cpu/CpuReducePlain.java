package hoag.kernels.cpu;

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
import java.util.Collections;
import java.util.List;

/**
 * Folds where neighbours are kept apart (sums over rows), and folds that ask for an index: a strip of maps is computed by a loop into scratch,
 * then folded element by element in float64.
 */
final class CpuReducePlain {
    private static final int STRIP = 512;

    private CpuReducePlain() {}

    static Launch prepare(Kernel.Reduce kernel) {
        Shape space = kernel.space();
        List<Layout> plain = Collections.nCopies(kernel.inputs().size(), Layout.PLAIN);
        Runs runs = Runs.of(space, kernel.inputs(), plain, CpuReduce.reduced(space, kernel.axes()));
        List<Loop> loops = kernel.maps().stream()
                .map((Expr map) -> Loops.map(List.of(map), runs.kinds()))
                .toList();
        return new Launch() {
            @Override
            public String algorithm() {
                return "fold " + kernel.maps().size() + " by element";
            }

            @Override
            public long scratch(int workers) {
                return (long) STRIP * workers;
            }

            @Override
            public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
                return new Bound(kernel, runs, loops, operands, scratch);
            }
        };
    }

    private static final class Bound implements Work {
        private final Kernel.Reduce kernel;
        private final Runs runs;
        private final List<Loop> loops;
        private final Groups groups;
        private final float[][] arrays;
        private final int[] bases;
        private final Buffer[] results;
        private final Buffer scratch;
        private final PerWorker offsets;
        private final double[][] sums = new double[1024][];
        private final int strips;

        Bound(Kernel.Reduce kernel, Runs runs, List<Loop> loops, List<Buffer> operands, Buffer scratch) {
            this.kernel = kernel;
            this.runs = runs;
            this.loops = loops;
            this.scratch = scratch;
            groups = Groups.of(runs);
            int inputs = kernel.inputs().size();
            arrays = new float[inputs + 1][];
            bases = new int[inputs + 1];
            for (int i = 0; i < inputs; i++) {
                arrays[i] = operands.get(i).floats();
                bases[i] = operands.get(i).offset();
            }
            arrays[inputs] = scratch.floats();
            results = operands.subList(inputs, operands.size()).toArray(Buffer[]::new);
            offsets = new PerWorker(inputs + 1);
            strips = runs.innerReduced() ? 1 : (runs.length() + STRIP - 1) / STRIP;
        }

        @Override
        public int tasks(int phase) {
            return groups.count() * strips;
        }

        @Override
        public void run(int phase, int task, int worker) {
            double[] mine = sums[worker] != null ? sums[worker] : (sums[worker] = new double[2 * STRIP]);
            for (int m = 0; m < results.length; m++) {
                if (runs.innerReduced()) {
                    whole(task, m, worker, mine);
                } else {
                    strip(task / strips, task % strips * STRIP, m, worker, mine);
                }
            }
        }

        /** Maps of floats from..from+count-1 of a run, in this worker's scratch; returns where. */
        private int mapped(int run, int from, int count, int m, int worker) {
            int[] at = offsets.of(worker);
            runs.place(run, 0, bases, at);
            for (int i = 0; i < runs.kinds().size(); i++) {
                at[i] += runs.kinds().get(i) == Kind.STREAM ? from : 0;
            }
            int to = scratch.offset() + worker * STRIP;
            at[runs.kinds().size()] = to;
            loops.get(m).run(arrays, at, count);
            return to;
        }

        private void strip(int group, int from, int m, int worker, double[] mine) {
            int count = Math.min(STRIP, runs.length() - from);
            java.util.Arrays.fill(mine, 0, count, Loops.identity(kernel.fold()));
            for (int member = 0; member < groups.members(); member++) {
                int at = mapped(groups.run(group, member), from, count, m, worker);
                for (int i = 0; i < count; i++) {
                    fold(mine, i, member, arrays[arrays.length - 1][at + i]);
                }
            }
            int out = results[m].offset() + group * runs.length() + from;
            for (int i = 0; i < count; i++) {
                results[m].floats()[out + i] = (float) result(mine, i);
            }
        }

        private void whole(int group, int m, int worker, double[] mine) {
            mine[0] = Loops.identity(kernel.fold());
            for (int member = 0; member < groups.members(); member++) {
                for (int from = 0; from < runs.length(); from += STRIP) {
                    int count = Math.min(STRIP, runs.length() - from);
                    int at = mapped(groups.run(group, member), from, count, m, worker);
                    for (int i = 0; i < count; i++) {
                        fold(mine, 0, member * runs.length() + from + i, arrays[arrays.length - 1][at + i]);
                    }
                }
            }
            results[m].floats()[results[m].offset() + group] = (float) result(mine, 0);
        }

        private double result(double[] mine, int i) {
            return kernel.fold() == Fold.ARGMAX || kernel.fold() == Fold.ARGMIN ? mine[STRIP + i] : mine[i];
        }

        private void fold(double[] mine, int i, int index, double value) {
            switch (kernel.fold()) {
                case SUM -> mine[i] += value;
                case PROD -> mine[i] *= value;
                case MAX -> mine[i] = Math.max(mine[i], value);
                case MIN -> mine[i] = Math.min(mine[i], value);
                case ARGMAX -> keep(mine, i, index, value, value > mine[i] || firstNaN(value, mine[i]));
                case ARGMIN -> keep(mine, i, index, value, value < mine[i] || firstNaN(value, mine[i]));
            }
        }

        private static boolean firstNaN(double value, double best) {
            return Double.isNaN(value) && !Double.isNaN(best);
        }

        private static void keep(double[] mine, int i, int index, double value, boolean better) {
            if (better || index == 0) {
                mine[i] = value;
                mine[STRIP + i] = index;
            }
        }
    }
}
