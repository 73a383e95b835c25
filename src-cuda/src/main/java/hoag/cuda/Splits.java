package hoag.cuda;

import hoag.kernels.Buffer;

/**
 * How a sum is divided over blocks where there are too few tiles to fill a device: {@code count} stretches of {@code stretch} elements. It depends
 * on the sizes alone, so that every device adds in the same order.
 */
record Splits(int count, int stretch) {
    private static final int BLOCKS = 512;
    private static final int FULL = 2048;
    private static final int LEAST = 256;
    private static final int STEP = 16;

    /**
     * @param blocks that there are without splitting
     * @param length of the sum
     */
    static Splits of(long blocks, int length) {
        long wanted = Math.min(BLOCKS / Math.max(1, blocks), Grid.blocks(length, LEAST));
        int stretch = (int) (Grid.blocks(Grid.blocks(length, (int) Math.max(1, wanted)), STEP) * STEP);
        stretch = Math.max(STEP, stretch);
        return new Splits((int) Math.max(1, Grid.blocks(length, stretch)), stretch);
    }

    /**
     * A sum in long stretches, for kernels that a block computes a stretch of: so many that a device is full, and no more, because they are added one after the other.
     *
     * @param blocks that there are without splitting
     * @param length of the sum
     * @param least elements that are worth a block
     */
    static Splits chunks(long blocks, int length, int least) {
        long wanted = Math.clamp(FULL / Math.max(1, blocks), 1, Math.max(1, Grid.blocks(length, least)));
        int stretch = (int) Math.max(least, Grid.blocks(length, (int) wanted));
        return new Splits((int) Math.max(1, Grid.blocks(length, stretch)), stretch);
    }

    boolean several() {
        return count > 1;
    }

    /** Floats for the partial sums of so many results. */
    long scratch(long results) {
        return several() ? count * results : 0;
    }

    /** Where the first pass writes. */
    Buffer target(Buffer result, Buffer scratch) {
        return several() ? scratch : result;
    }

    @Override
    public String toString() {
        return several() ? ", " + count + " splits" : "";
    }
}
