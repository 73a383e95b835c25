package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.RunState;
import hoag.kernels.Shape;
import hoag.kernels.Work;
import java.util.Arrays;
import java.util.List;

/**
 * Folds. First phase: each piece of a run gives sixteen partial folds of each map. Second: the pieces that belong together are folded in
 * float64, in order; for a plain run the sixteen lanes too, for a blocked one a lane is a channel. A run that is a whole group is finished at
 * once. Where neighbours are kept apart {@link CpuReduceRows} folds rows; an index is sought in {@link CpuReducePlain}.
 */
final class CpuReduce {
    private CpuReduce() {}

    static boolean[] reduced(Shape space, int... axes) {
        boolean[] reduced = new boolean[space.rank()];
        for (int axis : axes) {
            reduced[axis] = true;
        }
        return reduced;
    }

    static Wish wish(Kernel.Reduce kernel, List<Layout> offered) {
        boolean perImage = Arrays.equals(kernel.axes(), new int[] {2, 3});
        boolean perChannel = Arrays.equals(kernel.axes(), new int[] {0, 2, 3});
        if (kernel.space().rank() != 4
                || !perImage && !perChannel
                || kernel.fold() == Fold.ARGMAX
                || kernel.fold() == Fold.ARGMIN) {
            return CpuBackend.plain(kernel);
        }
        Layout out = perImage && kernel.space().dim(0) > 1 ? Layout.BLOCKED : Layout.PLAIN;
        return CpuPointwise.wish(
                kernel.space(),
                kernel.inputs(),
                offered,
                kernel.maps().size(),
                perImage ? Layout.BLOCKED : out,
                kernel);
    }

    static Launch prepare(Kernel.Reduce kernel, Wish wish) {
        Runs runs = Runs.of(kernel.space(), kernel.inputs(), wish.inputs(), reduced(kernel.space(), kernel.axes()));
        boolean index = kernel.fold() == Fold.ARGMAX || kernel.fold() == Fold.ARGMIN;
        if (index || kernel.space().size() == 0) {
            return CpuReducePlain.prepare(kernel);
        }
        if (!runs.innerReduced()) {
            return CpuReduceRows.of(kernel, runs);
        }
        return new Folding(kernel, runs, Loops.fold(kernel.maps(), runs.kinds(), kernel.fold()));
    }

    private record Folding(Kernel.Reduce kernel, Runs runs, Loop loop) implements Launch {
        @Override
        public String algorithm() {
            return "fold " + kernel.maps().size() + (runs.blocked() ? " by channel" : " by run");
        }

        @Override
        public long scratch(int workers) {
            return (direct() ? workers : (long) runs.count() * runs.pieces())
                    * kernel.maps().size()
                    * Partials.SIZE;
        }

        /** A run is all that goes into a result. */
        boolean direct() {
            return !runs.blocked()
                    && runs.pieces() == 1
                    && runs.count() * kernel.maps().size()
                            == kernel.outputs().stream().mapToInt(Shape::size).sum();
        }

        @Override
        public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
            return new Bound(this, operands, scratch);
        }
    }

    private static final class Bound implements Work {
        private static final int PER_TASK = 32768;
        private static final int GROUPS_PER_TASK = 64;

        private final Folding launch;
        private final Runs runs;
        private final int inputs;
        private final int maps;
        private final float[][] arrays;
        private final int[] bases;
        private final PerWorker offsets;
        private final float[] partial;
        private final int partialBase;
        private final Groups groups;
        private final int units;
        private final int unitsPerTask;
        private final int channels;
        private final boolean direct;

        Bound(Folding launch, List<Buffer> operands, Buffer scratch) {
            this.launch = launch;
            runs = launch.runs;
            direct = launch.direct();
            inputs = launch.kernel.inputs().size();
            maps = launch.kernel.maps().size();
            arrays = new float[inputs + maps][];
            bases = new int[inputs + maps];
            for (int i = 0; i < inputs; i++) {
                arrays[i] = operands.get(i).floats();
                bases[i] = operands.get(i).offset();
            }
            for (int m = 0; m < maps; m++) {
                arrays[inputs + m] = scratch.floats();
            }
            results = operands.subList(inputs, inputs + maps).toArray(Buffer[]::new);
            partial = scratch.floats();
            partialBase = scratch.offset();
            offsets = new PerWorker(inputs + maps);
            groups = Groups.of(runs);
            units = runs.count() * runs.pieces();
            unitsPerTask = Math.max(1, PER_TASK / Math.min(runs.length(), Runs.PIECE));
            channels = launch.kernel.space().rank() == 4 ? launch.kernel.space().dim(1) : 0;
        }

        private final Buffer[] results;

        @Override
        public int phases() {
            return direct ? 1 : 2;
        }

        @Override
        public int tasks(int phase) {
            return phase == 0
                    ? (units + unitsPerTask - 1) / unitsPerTask
                    : (groups.count() + GROUPS_PER_TASK - 1) / GROUPS_PER_TASK;
        }

        @Override
        public void run(int phase, int task, int worker) {
            if (phase == 0) {
                for (int unit = task * unitsPerTask, end = Math.min(units, unit + unitsPerTask); unit < end; unit++) {
                    piece(unit, direct ? worker : unit, offsets.of(worker));
                    finish(unit, worker);
                }
            } else {
                for (int group = task * GROUPS_PER_TASK, end = Math.min(groups.count(), group + GROUPS_PER_TASK);
                        group < end;
                        group++) {
                    combine(group);
                }
            }
        }

        private void finish(int group, int worker) {
            for (int m = 0; direct && m < maps; m++) {
                results[m].floats()[results[m].offset() + group] =
                        (float) lanes(partialBase + (worker * maps + m) * Partials.SIZE);
            }
        }

        private double lanes(int at) {
            if (launch.kernel.fold() == Fold.SUM) {
                return Partials.sum(partial, at);
            }
            double all = Partials.lane(partial, at, 0);
            for (int lane = 1; lane < 16; lane++) {
                all = fold(all, Partials.lane(partial, at, lane));
            }
            return all;
        }

        private void piece(int unit, int slot, int[] mine) {
            runs.place(unit / runs.pieces(), unit % runs.pieces(), bases, mine);
            for (int m = 0; m < maps; m++) {
                mine[inputs + m] = partialBase + (slot * maps + m) * Partials.SIZE;
            }
            launch.loop.run(arrays, mine, runs.pieceLength(unit % runs.pieces()));
        }

        private void combine(int group) {
            for (int m = 0; m < maps; m++) {
                if (runs.blocked()) {
                    byChannel(group, m);
                } else {
                    double all = Loops.identity(launch.kernel.fold());
                    for (int lane = 0; lane < 16; lane++) {
                        all = fold(all, lane(group, m, lane));
                    }
                    results[m].floats()[results[m].offset() + group] = (float) all;
                }
            }
        }

        private void byChannel(int group, int m) {
            int blocks = runs.outer()[1];
            int first = group % blocks * 16;
            int image = group / blocks;
            boolean plain = launch.kernel.axes().length == 3;
            int at = results[m].offset() + image * blocks * 16 + first;
            for (int lane = 0; lane < 16 && (!plain || first + lane < channels); lane++) {
                results[m].floats()[at + lane] = (float) lane(group, m, lane);
            }
        }

        private double lane(int group, int m, int lane) {
            double all = Loops.identity(launch.kernel.fold());
            for (int member = 0; member < groups.members(); member++) {
                int unit = groups.run(group, member) * runs.pieces();
                for (int piece = 0; piece < runs.pieces(); piece++) {
                    all = fold(
                            all,
                            Partials.lane(partial, partialBase + ((unit + piece) * maps + m) * Partials.SIZE, lane));
                }
            }
            return all;
        }

        private double fold(double a, double b) {
            return switch (launch.kernel.fold()) {
                case SUM -> a + b;
                case PROD -> a * b;
                case MAX, ARGMAX -> Math.max(a, b);
                case MIN, ARGMIN -> Math.min(a, b);
            };
        }
    }
}
