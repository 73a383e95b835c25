package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import hoag.kernels.cpu.Loops.Kind;
import java.util.List;

/**
 * Folds of rows onto each other, as for the gradient of a bias: a row's maps are computed by a loop into scratch and folded in float64. First
 * phase: chunks of rows; second: the chunks of a strip, in order. A partial fold lies in scratch as two floats, so nothing is lost between.
 *
 * <p>Lost: eight rows at a time, added by pairs in float32 before their sum goes to float64: 3152 rows of 768, two threads, least ms, 0.44 to 0.62 against 0.36 to 0.42 row by row.
 */
record CpuReduceRows(Kernel.Reduce kernel, Strips strips, List<Loop> loops) implements Launch {
    static Launch of(Kernel.Reduce kernel, Runs runs) {
        return new CpuReduceRows(
                kernel,
                Strips.of(runs),
                kernel.maps().stream()
                        .map(map -> Loops.map(List.of(map), runs.kinds()))
                        .toList());
    }

    @Override
    public String algorithm() {
        return "fold " + loops.size() + " by row";
    }

    @Override
    public long scratch(int workers) {
        return (long) strips.width() * workers + 2L * strips.width() * strips.count() * strips.chunks() * loops.size();
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, scratch);
    }

    private final class Bound implements Work {
        private final int inputs = kernel.inputs().size();
        private final int width = strips.width();
        private final float[][] arrays = new float[inputs + 1][];
        private final int[] bases = new int[inputs + 1];
        private final List<Buffer> results;
        private final float[] scratch;
        private final int partials;
        private final int mapped;
        private final PerWorker offsets = new PerWorker(inputs + 1);
        private final double[][] sums = new double[1024][];

        Bound(List<Buffer> operands, Buffer memory) {
            for (int i = 0; i < inputs; i++) {
                arrays[i] = operands.get(i).floats();
                bases[i] = operands.get(i).offset();
            }
            scratch = memory.floats();
            arrays[inputs] = scratch;
            partials = memory.offset();
            mapped = partials + 2 * width * strips.count() * strips.chunks() * loops.size();
            results = operands.subList(inputs, operands.size());
        }

        @Override
        public int phases() {
            return 2;
        }

        @Override
        public int tasks(int phase) {
            return phase == 0 ? strips.count() * strips.chunks() : strips.count();
        }

        @Override
        public void run(int phase, int task, int worker) {
            double[] mine = sums[worker] != null ? sums[worker] : (sums[worker] = new double[width]);
            for (int m = 0; m < loops.size(); m++) {
                java.util.Arrays.fill(mine, Loops.identity(kernel.fold()));
                if (phase == 0) {
                    chunk(task, m, worker, mine);
                } else {
                    combine(task, m, mine);
                }
            }
        }

        private int partial(int strip, int chunk, int m) {
            return partials + 2 * width * ((strip * strips.chunks() + chunk) * loops.size() + m);
        }

        private void chunk(int task, int m, int worker, double[] mine) {
            int strip = task / strips.chunks();
            int chunk = task % strips.chunks();
            int columns = strips.columns(strip);
            int at = mapped + worker * width;
            for (int row = strips.firstRow(chunk), end = strips.endRow(chunk); row < end; row++) {
                int run = strips.groups().run(strips.group(strip), row);
                if (kernel.maps().get(m) instanceof Expr.In(int index)
                        && strips.runs().kinds().get(index) == Kind.STREAM) {
                    fold(mine, arrays[index], place(run, strips.from(strip), offsets.of(worker))[index], columns);
                } else {
                    place(run, strips.from(strip), offsets.of(worker))[inputs] = at;
                    loops.get(m).run(arrays, offsets.of(worker), columns);
                    fold(mine, scratch, at, columns);
                }
            }
            int to = partial(strip, chunk, m);
            for (int i = 0; i < columns; i++) {
                float high = (float) mine[i];
                scratch[to + i] = high;
                scratch[to + width + i] = Float.isFinite(high) ? (float) (mine[i] - high) : 0;
            }
        }

        /** Where the operands have column {@code from} of a run. */
        private int[] place(int run, int from, int[] at) {
            strips.runs().place(run, 0, bases, at);
            for (int i = 0; i < inputs; i++) {
                at[i] += strips.runs().kinds().get(i) == Kind.STREAM ? from : 0;
            }
            return at;
        }

        private void combine(int strip, int m, double[] mine) {
            int columns = strips.columns(strip);
            for (int chunk = 0; chunk < strips.chunks(); chunk++) {
                int at = partial(strip, chunk, m);
                for (int i = 0; i < columns; i++) {
                    mine[i] = fold(mine[i], (double) scratch[at + i] + scratch[at + width + i]);
                }
            }
            Buffer result = results.get(m);
            for (int i = 0, to = result.offset() + strips.result(strip); i < columns; i++) {
                result.floats()[to + i] = (float) mine[i];
            }
        }

        private double fold(double a, double b) {
            return switch (kernel.fold()) {
                case SUM -> a + b;
                case PROD -> a * b;
                case MAX, ARGMAX -> Math.max(a, b);
                case MIN, ARGMIN -> Math.min(a, b);
            };
        }

        private void fold(double[] into, float[] row, int at, int columns) {
            switch (kernel.fold()) {
                case SUM -> add(into, row, at, columns);
                case PROD -> multiply(into, row, at, columns);
                case MAX, ARGMAX -> max(into, row, at, columns);
                case MIN, ARGMIN -> min(into, row, at, columns);
            }
        }
    }

    private static void add(double[] into, float[] row, int at, int columns) {
        for (int i = 0; i < columns; i++) {
            into[i] += row[at + i];
        }
    }

    private static void multiply(double[] into, float[] row, int at, int columns) {
        for (int i = 0; i < columns; i++) {
            into[i] *= row[at + i];
        }
    }

    private static void max(double[] into, float[] row, int at, int columns) {
        for (int i = 0; i < columns; i++) {
            into[i] = Math.max(into[i], row[at + i]);
        }
    }

    private static void min(double[] into, float[] row, int at, int columns) {
        for (int i = 0; i < columns; i++) {
            into[i] = Math.min(into[i], row[at + i]);
        }
    }
}
