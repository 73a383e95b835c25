package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Layout;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What is computed of a blocked result (N, blocks of 16 channels, H, W, 16) by whoever makes it, while a stretch of a plane is in L1: sums over pixels
 * ({@link FollowingFold}), or mean and variance of channels ({@link FollowingMoments}). Every stretch has a slot; what belongs together is joined in
 * order in a second phase. So the numbers depend on how the maker cuts its planes, which shapes alone decide, and not on the threads.
 */
abstract sealed class Follower permits FollowingFold, FollowingMoments {
    static final int BLOCK = Tiles.BLOCK;

    final int images;
    final int blocks;
    final int channels;
    private final int plane;
    /** Slots of a plane: numbers of stretches are below that. */
    private final int stretches;
    /** Floats of a slot. */
    private final int slot;

    Follower(Shape made, int stretches, int slot) {
        images = made.dim(0);
        channels = made.dim(1);
        blocks = FilterPanels.blocks(channels);
        plane = made.dim(2) * made.dim(3) * BLOCK;
        this.stretches = stretches;
        this.slot = slot;
    }

    /** Whether such a kernel can follow what it reads first. */
    static boolean takes(Kernel kernel) {
        return switch (kernel) {
            case Kernel.Reduce reduce -> FollowingFold.takes(reduce);
            case Kernel.Moments moments -> FollowingMoments.takes(moments);
            default -> false;
        };
    }

    static Follower of(Kernel kernel, int stretches) {
        return switch (kernel) {
            case Kernel.Reduce reduce -> new FollowingFold(reduce, stretches);
            case Kernel.Moments moments -> new FollowingMoments(moments, stretches);
            default -> throw new IllegalArgumentException("does not follow: " + kernel);
        };
    }

    /** Of its operands but the first. */
    static List<Layout> inputs(Kernel kernel) {
        Shape made = kernel.inputs().getFirst();
        return kernel.inputs().stream()
                .skip(1)
                .map(extra -> CpuEpilogue.steps(made, extra).layout())
                .toList();
    }

    static List<Layout> outputs(Kernel kernel) {
        Layout each = kernel instanceof Kernel.Reduce reduce
                        && FollowingFold.perImage(reduce)
                        && reduce.space().dim(0) > 1
                ? Layout.BLOCKED
                : Layout.PLAIN;
        return kernel.outputs().stream().map(shape -> each).toList();
    }

    /** In a word, for who asks which algorithm runs. */
    abstract String name();

    /** How many there are. */
    abstract int results();

    /** Floats of scratch. */
    final int slots() {
        return images * blocks * stretches * slot;
    }

    /**
     * What is followed, the kernel's other operands, its results.
     *
     * @param operands of a chain that the kernel ends
     * @param extras where its other operands begin
     */
    final List<Buffer> own(List<Buffer> operands, int extras) {
        int results = operands.size() - results();
        List<Buffer> own = new ArrayList<>(List.of(operands.get(results - 1)));
        own.addAll(operands.subList(extras, results - 1));
        own.addAll(operands.subList(results, operands.size()));
        return own;
    }

    /**
     * @param operands as {@link #own} gives them
     * @param base where {@link #slots} floats begin in scratch
     */
    abstract Bound bind(List<Buffer> operands, float[] scratch, int base);

    /** Tied to its memory. */
    abstract class Bound {
        final float[] scratch;
        private final int base;
        private final int made;
        /** Floats of a stretch of each block; the images are cut alike, and 0 is no stretch. */
        private final int[] lengths = new int[blocks * stretches];

        Bound(Buffer made, float[] scratch, int base) {
            this.scratch = scratch;
            this.base = base;
            this.made = made.offset();
        }

        /**
         * Takes {@code length} floats of a plane from float {@code from} on, which were just written.
         *
         * @param stretch its number in the plane
         */
        final void add(int image, int block, int stretch, int from, int length, int worker) {
            int at = block * stretches + stretch;
            if (lengths[at] != length) {
                lengths[at] = length;
            }
            take(
                    image,
                    block,
                    from,
                    made + (image * blocks + block) * plane + from,
                    length,
                    slot(image, block, stretch),
                    worker);
        }

        /** @param at where the floats are in the array of the result, {@code to} where the slot is */
        abstract void take(int image, int block, int from, int at, int length, int to, int worker);

        final int slot(int image, int block, int stretch) {
            return base + ((image * blocks + block) * stretches + stretch) * slot;
        }

        /** Floats of a stretch; 0 if there is none of that number. */
        final int length(int block, int stretch) {
            return lengths[block * stretches + stretch];
        }

        final int stretches() {
            return stretches;
        }

        /** Tasks of the second phase. */
        abstract int tasks();

        abstract void join(int task);
    }
}
