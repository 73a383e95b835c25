package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import java.util.List;

/**
 * Sums over the pixels of each plane, (N, C, H, W) to (N, C, 1, 1), taken by whoever makes the planes while a stretch of them is in L1. Each
 * part of a plane has a slot of {@link Partials}; {@link Bound#combine} adds the parts of a plane in order, so the sums do not depend on the threads.
 */
final class CpuPlaneSums {
    private static final int BLOCK = Tiles.BLOCK;
    private static final int SUM = Fold.SUM.ordinal();

    private final Kernel.Reduce kernel;
    private final Loop loop;
    private final int blocks;
    private final int planes;
    private final int parts;

    /** @param parts of each plane */
    CpuPlaneSums(Kernel.Reduce kernel, int parts) {
        this.kernel = kernel;
        this.parts = parts;
        loop = Loops.fold(kernel.maps(), List.of(Loops.Kind.STREAM), Fold.SUM);
        blocks = FilterPanels.blocks(kernel.space().dim(1));
        planes = kernel.space().dim(0) * blocks;
    }

    /** One sum over the pixels of what a depthwise convolution gives. */
    static boolean takes(Kernel.Reduce kernel) {
        return kernel.fold() == Fold.SUM
                && kernel.maps().size() == 1
                && kernel.inputs().size() == 1
                && kernel.inputs().getFirst().equals(kernel.space())
                && kernel.space().rank() == 4
                && java.util.Arrays.equals(kernel.axes(), new int[] {2, 3})
                && Loops.vectorised(kernel.maps());
    }

    int planes() {
        return planes;
    }

    /** Floats of scratch beside {@link #ofWorker}. */
    int slots() {
        return planes * parts * Partials.SIZE;
    }

    /** Floats of scratch of each worker. */
    static int ofWorker() {
        return Partials.SIZE;
    }

    /** Tied to its memory. */
    final class Bound {
        private final float[][] arrays;
        private final PerWorker offsets = new PerWorker(2);
        private final float[] scratch;
        private final int slots;
        private final int own;
        private final int ofWorker;
        private final Buffer result;

        /**
         * @param planes what is summed
         * @param slots where {@link #slots} floats begin in scratch
         * @param own where worker 0's {@link #ofWorker} floats are; the next worker's lie {@code ofWorker} on
         */
        Bound(Buffer planes, Buffer result, float[] scratch, int slots, int own, int ofWorker) {
            arrays = new float[][] {planes.floats(), scratch};
            this.scratch = scratch;
            this.slots = slots;
            this.own = own;
            this.ofWorker = ofWorker;
            this.result = result;
        }

        private int slot(int plane, int part) {
            return slots + (plane * parts + part) * Partials.SIZE;
        }

        /** Adds {@code length} floats from {@code from} on to a part's sums. */
        void add(int plane, int part, boolean first, int from, int length, int worker) {
            int[] at = offsets.of(worker);
            at[0] = from;
            if (first) {
                at[1] = slot(plane, part);
                loop.run(arrays, at, length);
                return;
            }
            at[1] = own + worker * ofWorker;
            loop.run(arrays, at, length);
            for (int lane = 0; lane < BLOCK; lane++) {
                Partials.fold(scratch, slot(plane, part) + lane, Partials.lane(scratch, at[1], lane), SUM);
            }
        }

        /** Writes a plane's sums. */
        void combine(int plane) {
            int first = plane % blocks * BLOCK;
            int count = kernel.space().dim(0) > 1
                    ? BLOCK
                    : Math.min(BLOCK, kernel.space().dim(1) - first);
            for (int lane = 0; lane < count; lane++) {
                double all = 0;
                for (int part = 0; part < parts; part++) {
                    all += Partials.lane(scratch, slot(plane, part), lane);
                }
                result.floats()[result.offset() + plane * BLOCK + lane] = (float) all;
            }
        }
    }
}
