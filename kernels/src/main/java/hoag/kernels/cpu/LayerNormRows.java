package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Shape;
import hoag.kernels.Work;
import hoag.kernels.cpu.Loops.Kind;
import java.util.ArrayList;
import java.util.List;

/** Layer normalisation of rows, as after a linear layer over tokens. A task is some rows; extras fill the space, are one row, or one number. */
final class LayerNormRows implements Launch {
    private static final int TASK = 32768;
    private static final int FIRST = Partials.SIZE;
    private static final int SECOND = 2 * Partials.SIZE;
    /** Partials of three sums, then mean and scale. */
    private static final int SCALARS = 3 * Partials.SIZE;

    private static final int OF_WORKER = SCALARS + 32;

    private final Kernel.LayerNorm kernel;
    private final int length;
    private final int count;
    private final int perTask;
    private final List<Kind> kinds = new ArrayList<>(List.of(Kind.STREAM, Kind.SCALAR, Kind.SCALAR));
    private final Loop sum = Loops.roughSum(List.of(Expr.in(0)), List.of(Kind.STREAM));
    private final Loop distances = Loops.roughSum(CpuLayerNorm.distances(), List.of(Kind.STREAM, Kind.SCALAR));
    private final Loop result;

    LayerNormRows(Kernel.LayerNorm kernel) {
        this.kernel = kernel;
        length = kernel.input().dim(-1);
        count = kernel.input().size() / length;
        perTask = Math.max(1, TASK / length);
        kernel.epilogue().extras().forEach(extra -> kinds.add(extra.size() == 1 ? Kind.SCALAR : Kind.STREAM));
        result = Loops.map(List.of(CpuLayerNorm.formula(kernel)), kinds);
    }

    @Override
    public String algorithm() {
        return "rows";
    }

    @Override
    public long scratch(int workers) {
        return (long) workers * OF_WORKER;
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, scratch);
    }

    private final class Bound implements Work {
        private final float[] s;
        private final int scratch;
        private final float[][] sums;
        private final float[][] arrays;
        private final int[] bases;
        private final int[] perRow;
        private final PerWorker offsets;

        Bound(List<Buffer> operands, Buffer memory) {
            s = memory.floats();
            scratch = memory.offset();
            float[] x = operands.getFirst().floats();
            sums = new float[][] {x, s, s, s};
            int size = operands.size() + 2;
            arrays = new float[size][];
            bases = new int[size];
            perRow = new int[size];
            offsets = new PerWorker(size);
            List<Shape> shapes = new ArrayList<>(kernel.inputs());
            shapes.addAll(kernel.outputs());
            arrays[1] = s;
            arrays[2] = s;
            for (int i = 0; i < operands.size(); i++) {
                int at = i == 0 ? 0 : i + 2;
                arrays[at] = operands.get(i).floats();
                bases[at] = operands.get(i).offset();
                perRow[at] = shapes.get(i).equals(kernel.input()) ? length : 0;
            }
        }

        @Override
        public int tasks(int phase) {
            return DenseChunks.ceil(count, perTask);
        }

        @Override
        public void run(int phase, int task, int worker) {
            int mine = scratch + worker * OF_WORKER;
            int[] at = offsets.of(worker);
            for (int row = task * perTask, end = Math.min(count, row + perTask); row < end; row++) {
                standard(bases[0] + row * length, mine, at);
                for (int i = 0; i < bases.length; i++) {
                    at[i] = bases[i] + row * perRow[i];
                }
                at[1] = mine + SCALARS;
                at[2] = mine + SCALARS + 1;
                result.run(arrays, at, length);
            }
        }

        /** Leaves mean and scale of a row in scratch. */
        private void standard(int row, int mine, int[] at) {
            at[0] = row;
            at[1] = mine;
            sum.run(sums, at, length);
            float first = (float) (Partials.sixteen(s, mine) / length);
            s[mine + SCALARS] = first;
            at[1] = mine + SCALARS;
            at[2] = mine + FIRST;
            at[3] = mine + SECOND;
            distances.run(sums, at, length);
            double more = Partials.sixteen(s, mine + FIRST) / length;
            double variance = Math.max(0, Partials.sixteen(s, mine + SECOND) / length - more * more);
            s[mine + SCALARS] = (float) (first + more);
            s[mine + SCALARS + 1] = (float) (1 / Math.sqrt(variance + kernel.eps()));
        }
    }
}
