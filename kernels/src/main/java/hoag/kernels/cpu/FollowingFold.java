package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sums over the pixels of each plane, (N, C, H, W) to (N, C, 1, 1), or of each channel, to (1, C, 1, 1), of formulas of the result and of other operands. */
final class FollowingFold extends Follower {
    /** Planes of a task of the second phase. */
    private static final int PER_TASK = 64;

    private final List<CpuEpilogue.Steps> extras;
    private final Loop loop;
    private final int maps;
    private final boolean perImage;

    FollowingFold(Kernel.Reduce kernel, int stretches) {
        super(kernel.space(), stretches, kernel.maps().size() * Partials.SIZE);
        maps = kernel.maps().size();
        perImage = perImage(kernel);
        extras = kernel.inputs().stream()
                .skip(1)
                .map(extra -> CpuEpilogue.steps(kernel.space(), extra))
                .toList();
        List<Loops.Kind> kinds = new ArrayList<>(List.of(Loops.Kind.STREAM));
        extras.forEach(steps -> kinds.add(steps.kind()));
        loop = Loops.fold(kernel.maps(), kinds, Fold.SUM);
    }

    static boolean perImage(Kernel.Reduce kernel) {
        return kernel.axes().length == 2;
    }

    static boolean takes(Kernel.Reduce kernel) {
        Shape made = kernel.space();
        return kernel.fold() == Fold.SUM
                && made.rank() == 4
                && kernel.inputs().getFirst().equals(made)
                && (Arrays.equals(kernel.axes(), new int[] {2, 3}) || Arrays.equals(kernel.axes(), new int[] {0, 2, 3}))
                && kernel.inputs().stream().allMatch(extra -> CpuEpilogue.steps(made, extra) != null)
                && Loops.vectorised(kernel.maps());
    }

    @Override
    String name() {
        return maps == 1 ? "sums" : maps + " sums";
    }

    @Override
    int results() {
        return maps;
    }

    @Override
    Bound bind(List<Buffer> operands, float[] scratch, int base) {
        return new Sums(operands, scratch, base);
    }

    private final class Sums extends Bound {
        private final float[][] arrays = new float[1 + extras.size() + maps][];
        private final int[] bases = new int[1 + extras.size()];
        private final PerWorker offsets = new PerWorker(arrays.length);
        private final Buffer[] results;

        Sums(List<Buffer> operands, float[] scratch, int base) {
            super(operands.getFirst(), scratch, base);
            for (int i = 0; i < bases.length; i++) {
                arrays[i] = operands.get(i).floats();
                bases[i] = operands.get(i).offset();
            }
            Arrays.fill(arrays, bases.length, arrays.length, scratch);
            results = operands.subList(bases.length, operands.size()).toArray(Buffer[]::new);
        }

        @Override
        void take(int image, int block, int from, int at, int length, int to, int worker) {
            int[] mine = offsets.of(worker);
            mine[0] = at;
            for (int i = 1; i < bases.length; i++) {
                mine[i] = bases[i] + extras.get(i - 1).at(image, block, from);
            }
            for (int m = 0; m < maps; m++) {
                mine[bases.length + m] = to + m * Partials.SIZE;
            }
            loop.run(arrays, mine, length);
        }

        @Override
        int tasks() {
            return perImage ? (images * blocks + PER_TASK - 1) / PER_TASK : blocks;
        }

        @Override
        void join(int task) {
            if (!perImage) {
                join(task, 0, images, task * BLOCK, true);
                return;
            }
            for (int p = task * PER_TASK, end = Math.min(images * blocks, p + PER_TASK); p < end; p++) {
                join(p % blocks, p / blocks, p / blocks + 1, p * BLOCK, images == 1);
            }
        }

        /** @param plain whether the result holds the channels there are, and not whole blocks */
        private void join(int block, int image, int imageEnd, int to, boolean plain) {
            int lanes = plain ? Math.min(BLOCK, channels - block * BLOCK) : BLOCK;
            for (int m = 0; m < maps; m++) {
                for (int lane = 0; lane < lanes; lane++) {
                    results[m].floats()[results[m].offset() + to + lane] = (float) sum(block, image, imageEnd, m, lane);
                }
            }
        }

        private double sum(int block, int image, int imageEnd, int map, int lane) {
            double all = 0;
            for (int n = image; n < imageEnd; n++) {
                for (int stretch = 0; stretch < stretches(); stretch++) {
                    if (length(block, stretch) > 0) {
                        all += Partials.lane(scratch, slot(n, block, stretch) + map * Partials.SIZE, lane);
                    }
                }
            }
            return all;
        }
    }
}
