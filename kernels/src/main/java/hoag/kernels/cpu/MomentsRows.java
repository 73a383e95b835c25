package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.List;

/**
 * Mean and variance of columns: each chunk of rows is read twice while it is in cache, for its mean and for the squares around it, in
 * float64; chunks are joined in order as in {@link CpuMoments}. A chunk's two numbers lie in scratch as two floats each.
 */
record MomentsRows(Kernel.Moments kernel, Strips strips) implements Launch {
    @Override
    public String algorithm() {
        return "moments by row";
    }

    @Override
    public long scratch(int workers) {
        return 4L * strips.width() * strips.count() * strips.chunks();
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands.get(0), operands.get(1), scratch);
    }

    private final class Bound implements Work {
        private final int width = strips.width();
        private final int kept = kernel.outputs().getFirst().size() / 2;
        private final float[] x;
        private final int base;
        private final Buffer out;
        private final float[] partials;
        private final int partialBase;
        private final double[][] columns = new double[1024][];

        Bound(Buffer x, Buffer out, Buffer scratch) {
            this.x = x.floats();
            this.base = x.offset();
            this.out = out;
            this.partials = scratch.floats();
            this.partialBase = scratch.offset();
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
            double[] mine = columns[worker] != null ? columns[worker] : (columns[worker] = new double[2 * width]);
            java.util.Arrays.fill(mine, 0);
            if (phase == 0) {
                chunk(task / strips.chunks(), task % strips.chunks(), mine);
            } else {
                combine(task, mine);
            }
        }

        private int row(int strip, int row) {
            return base
                    + strips.groups().run(strips.group(strip), row)
                            * strips.runs().length()
                    + strips.from(strip);
        }

        private void chunk(int strip, int chunk, double[] mine) {
            int count = strips.columns(strip);
            int first = strips.firstRow(chunk);
            int end = strips.endRow(chunk);
            for (int row = first; row < end; row++) {
                add(mine, x, row(strip, row), count);
            }
            for (int i = 0; i < count; i++) {
                mine[i] /= end - first;
            }
            for (int row = first; row < end; row++) {
                addSquares(mine, width, x, row(strip, row), count);
            }
            int to = partialBase + 4 * width * (strip * strips.chunks() + chunk);
            for (int i = 0; i < 2 * width; i++) {
                float high = (float) mine[i];
                partials[to + i] = high;
                partials[to + 2 * width + i] = Float.isFinite(high) ? (float) (mine[i] - high) : 0;
            }
        }

        private void combine(int strip, double[] mine) {
            int count = strips.columns(strip);
            double before = 0;
            for (int chunk = 0; chunk < strips.chunks(); chunk++) {
                double n = strips.endRow(chunk) - strips.firstRow(chunk);
                int at = partialBase + 4 * width * (strip * strips.chunks() + chunk);
                for (int i = 0; i < count; i++) {
                    double delta = partial(at + i) - mine[i];
                    mine[i] += delta * n / (before + n);
                    mine[width + i] += partial(at + width + i) + delta * delta * before * n / (before + n);
                }
                before += n;
            }
            for (int i = 0, to = out.offset() + strips.result(strip); i < count; i++) {
                out.floats()[to + i] = (float) mine[i];
                out.floats()[to + kept + i] = (float) (mine[width + i] / before);
            }
        }

        private double partial(int at) {
            return (double) partials[at] + partials[at + 2 * width];
        }
    }

    private static void add(double[] into, float[] row, int at, int count) {
        for (int i = 0; i < count; i++) {
            into[i] += row[at + i];
        }
    }

    /** into[width + i] += (row[i] - into[i])^2 */
    private static void addSquares(double[] into, int width, float[] row, int at, int count) {
        for (int i = 0; i < count; i++) {
            double distance = row[at + i] - into[i];
            into[width + i] += distance * distance;
        }
    }
}
