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
import java.util.Arrays;
import java.util.List;

/**
 * The gradient of {@link LayerNormRows}. A task is some rows, whose parts of the gradients of weight and bias it adds up in a slot of its own; the second phase adds the
 * slots in float64, in order.
 */
final class LayerNormGradientRows implements Launch {
    private static final int TASK = 32768;
    /** Columns of the second phase's tasks. */
    private static final int COLUMNS = 512;
    /** Mean, one over the deviation and two means of sums lie behind the partials. */
    private static final int SCALARS = RowStandard.FLOATS;

    private static final int OF_WORKER = SCALARS + 32;
    /** Operands before the extras: x, dy, weight, four scalars, and the two slots. */
    private static final int OWN = 9;

    private final Kernel.LayerNormGradient kernel;
    private final int length;
    private final int count;
    private final int perTask;
    private final int pitch;
    private final RowStandard standard;
    private final Loop sums = Loops.roughSum(
            CpuLayerNormGradient.sums(), List.of(Kind.STREAM, Kind.STREAM, Kind.STREAM, Kind.SCALAR, Kind.SCALAR));
    private final Loop results;

    LayerNormGradientRows(Kernel.LayerNormGradient kernel) {
        this.kernel = kernel;
        length = kernel.input().dim(-1);
        count = kernel.input().size() / length;
        perTask = Math.max(1, TASK / length);
        pitch = DenseChunks.ceil(length, Tiles.BLOCK) * Tiles.BLOCK;
        standard = new RowStandard(length, kernel.eps());
        List<Kind> kinds = new ArrayList<>(List.of(Kind.STREAM, Kind.STREAM, Kind.STREAM));
        kinds.addAll(List.of(Kind.SCALAR, Kind.SCALAR, Kind.SCALAR, Kind.SCALAR, Kind.STREAM, Kind.STREAM));
        kernel.epilogue().extras().forEach(extra -> kinds.add(extra.size() == 1 ? Kind.SCALAR : Kind.STREAM));
        List<Expr> vectors = CpuLayerNormGradient.vectors();
        results = Loops.map(
                List.of(
                        CpuLayerNormGradient.formula(kernel).substitute(i -> Expr.in(i < OWN - 2 ? i : i + 2)),
                        Expr.in(OWN - 2).plus(vectors.get(0)),
                        Expr.in(OWN - 1).plus(vectors.get(1))),
                kinds);
    }

    @Override
    public String algorithm() {
        return "rows";
    }

    private int pieces() {
        return DenseChunks.ceil(count, perTask);
    }

    @Override
    public long scratch(int workers) {
        return 2L * pieces() * pitch + (long) workers * OF_WORKER;
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, scratch);
    }

    private final class Bound implements Work {
        private final float[] s;
        private final int slots;
        private final int scratch;
        private final float[][] row;
        private final float[][] sum;
        private final float[][] arrays;
        private final int[] bases;
        private final int[] perRow;
        private final Buffer[] vectors;
        private final PerWorker offsets;

        Bound(List<Buffer> operands, Buffer memory) {
            s = memory.floats();
            slots = memory.offset();
            scratch = slots + 2 * pieces() * pitch;
            float[] x = operands.get(0).floats();
            float[] up = operands.get(1).floats();
            row = new float[][] {x, s, s, s};
            sum = new float[][] {x, up, operands.get(2).floats(), s, s, s, s};
            List<Shape> inputs = kernel.inputs();
            int extras = inputs.size() - 3;
            vectors = new Buffer[] {operands.get(inputs.size() + 1), operands.get(inputs.size() + 2)};
            arrays = new float[OWN + extras + 3][];
            bases = new int[arrays.length];
            perRow = new int[arrays.length];
            Arrays.fill(arrays, s);
            for (int i = 0; i < inputs.size(); i++) {
                set(i < 3 ? i : OWN + i - 3, operands.get(i), inputs.get(i));
            }
            set(OWN + extras, operands.get(inputs.size()), kernel.input());
            offsets = new PerWorker(Math.max(7, arrays.length));
        }

        private void set(int at, Buffer buffer, Shape shape) {
            arrays[at] = buffer.floats();
            bases[at] = buffer.offset();
            perRow[at] = shape.equals(kernel.input()) ? length : 0;
        }

        @Override
        public int phases() {
            return 2;
        }

        @Override
        public int tasks(int phase) {
            return phase == 0 ? pieces() : DenseChunks.ceil(length, COLUMNS);
        }

        @Override
        public void run(int phase, int task, int worker) {
            if (phase == 1) {
                for (int i = task * COLUMNS, end = Math.min(length, i + COLUMNS); i < end; i++) {
                    add(i);
                }
                return;
            }
            int slot = slots + 2 * task * pitch;
            Arrays.fill(s, slot, slot + 2 * pitch, 0);
            for (int i = task * perTask, end = Math.min(count, i + perTask); i < end; i++) {
                row(i, slot, scratch + worker * OF_WORKER, offsets.of(worker));
            }
        }

        private void row(int number, int slot, int mine, int[] at) {
            int scalars = mine + SCALARS;
            standard.run(row, at, bases[0] + number * length, mine, scalars);
            at[0] = bases[0] + number * length;
            at[1] = bases[1] + number * length;
            at[2] = bases[2];
            at[3] = scalars;
            at[4] = scalars + 1;
            at[5] = mine;
            at[6] = mine + Partials.SIZE;
            sums.run(sum, at, length);
            s[scalars + 2] = (float) (Partials.sixteen(s, mine) / length);
            s[scalars + 3] = (float) (Partials.sixteen(s, mine + Partials.SIZE) / length);
            for (int i = 0; i < bases.length; i++) {
                at[i] = bases[i] + number * perRow[i];
            }
            for (int i = 0; i < 4; i++) {
                at[3 + i] = scalars + i;
            }
            at[OWN - 2] = slot;
            at[OWN - 1] = slot + pitch;
            at[bases.length - 2] = slot;
            at[bases.length - 1] = slot + pitch;
            results.run(arrays, at, length);
        }

        /** One element of the gradients of weight and bias. */
        private void add(int i) {
            for (int which = 0; which < 2; which++) {
                double all = 0;
                for (int task = 0; task < pieces(); task++) {
                    all += s[slots + (2 * task + which) * pitch + i];
                }
                vectors[which].floats()[vectors[which].offset() + i] = (float) all;
            }
        }
    }
}
