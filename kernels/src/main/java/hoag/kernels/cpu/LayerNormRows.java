package hoag.kernels.cpu;

import hoag.kernels.Buffer;
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
    /** Mean and one over the deviation lie behind it. */
    private static final int SCALARS = RowStandard.FLOATS;

    private static final int OF_WORKER = SCALARS + 32;

    private final Kernel.LayerNorm kernel;
    private final int length;
    private final int count;
    private final int perTask;
    private final List<Kind> kinds = new ArrayList<>(List.of(Kind.STREAM, Kind.SCALAR, Kind.SCALAR));
    private final RowStandard standard;
    private final Loop result;

    LayerNormRows(Kernel.LayerNorm kernel) {
        this.kernel = kernel;
        length = kernel.input().dim(-1);
        count = kernel.input().size() / length;
        perTask = Math.max(1, TASK / length);
        standard = new RowStandard(length, kernel.eps());
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
        private final int scratch;
        private final float[][] sums;
        private final float[][] arrays;
        private final int[] bases;
        private final int[] perRow;
        private final PerWorker offsets;

        Bound(List<Buffer> operands, Buffer memory) {
            float[] s = memory.floats();
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
                standard.run(sums, at, bases[0] + row * length, mine, mine + SCALARS);
                for (int i = 0; i < bases.length; i++) {
                    at[i] = bases[i] + row * perRow[i];
                }
                at[1] = mine + SCALARS;
                at[2] = mine + SCALARS + 1;
                result.run(arrays, at, length);
            }
        }
    }
}
