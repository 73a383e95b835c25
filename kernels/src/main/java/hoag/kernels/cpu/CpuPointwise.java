package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.RunState;
import hoag.kernels.Shape;
import hoag.kernels.Work;
import java.util.ArrayList;
import java.util.List;

/** Formulas over a space: {@link Runs} says where, a {@link Loop} what. A task is a fixed number of floats. */
final class CpuPointwise {
    /** Floats in a task: some 10 us of work. */
    private static final int TASK = 32768;

    private CpuPointwise() {}

    static Wish wish(Kernel.Pointwise kernel, List<Layout> offered) {
        return wish(kernel.space(), kernel.inputs(), offered, kernel.outputs().size(), Layout.BLOCKED, kernel);
    }

    /** Blocked if an operand that fills the space comes blocked, and all the others can be walked with it. */
    static Wish wish(
            Shape space, List<Shape> inputs, List<Layout> offered, int outputs, Layout blockedOutput, Kernel kernel) {
        boolean blocked = false;
        for (int i = 0; i < inputs.size(); i++) {
            blocked |= offered.get(i) instanceof Layout.Blocked && inputs.get(i).equals(space);
        }
        List<Layout> layouts =
                blocked && space.rank() == 4 && space.dim(1) > 1 ? Runs.blockedLayouts(space, inputs) : null;
        if (layouts == null) {
            return CpuBackend.plain(kernel);
        }
        return new Wish(layouts, java.util.Collections.nCopies(outputs, blockedOutput));
    }

    static Launch prepare(Kernel.Pointwise kernel, Wish wish) {
        List<Shape> operands = new ArrayList<>(kernel.inputs());
        operands.addAll(kernel.outputs());
        List<Layout> layouts = new ArrayList<>(wish.inputs());
        layouts.addAll(wish.outputs());
        Runs runs = Runs.of(kernel.space(), operands, layouts);
        Loop loop = Loops.map(
                kernel.formulas(), runs.kinds().subList(0, kernel.inputs().size()));
        int units = runs.count() * runs.pieces();
        int perTask = Math.max(1, TASK / Math.max(1, Math.min(runs.length(), Runs.PIECE)));
        int tasks = (units + perTask - 1) / perTask;
        return new Launch() {
            @Override
            public String algorithm() {
                return (Loops.vectorised(kernel.formulas()) ? "formula of " : "float64 formula of ")
                        + kernel.formulas().stream()
                                .mapToInt(f -> f.inOrder().size())
                                .sum();
            }

            @Override
            public Work bind(List<Buffer> buffers, Buffer scratch, RunState state) {
                return new Bound(runs, loop, buffers, units, perTask, tasks);
            }
        };
    }

    private static final class Bound implements Work {
        private final Runs runs;
        private final Loop loop;
        private final float[][] arrays;
        private final int[] bases;
        private final PerWorker offsets;
        private final int units;
        private final int perTask;
        private final int tasks;

        Bound(Runs runs, Loop loop, List<Buffer> buffers, int units, int perTask, int tasks) {
            this.runs = runs;
            this.loop = loop;
            this.arrays = buffers.stream().map(Buffer::floats).toArray(float[][]::new);
            this.bases = buffers.stream().mapToInt(Buffer::offset).toArray();
            this.offsets = new PerWorker(bases.length);
            this.units = units;
            this.perTask = perTask;
            this.tasks = tasks;
        }

        @Override
        public int tasks(int phase) {
            return tasks;
        }

        @Override
        public void run(int phase, int task, int worker) {
            int[] mine = offsets.of(worker);
            for (int unit = task * perTask, end = Math.min(units, unit + perTask); unit < end; unit++) {
                int piece = unit % runs.pieces();
                runs.place(unit / runs.pieces(), piece, bases, mine);
                loop.run(arrays, mine, runs.pieceLength(piece));
            }
        }
    }
}
