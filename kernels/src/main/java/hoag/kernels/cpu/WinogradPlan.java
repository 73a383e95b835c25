package hoag.kernels.cpu;

import java.util.Set;
import java.util.TreeSet;

/**
 * When {@link CpuWinograd} is chosen and how it cuts its work. Depends on shapes alone, so that results do not depend on the number of
 * threads.
 *
 * <p>Measured, ms, two threads of a Xeon of the Sapphire Rapids class, against {@link CpuConv2dDense}: batch 16, 64 channels at 56 pixels
 * 5.0 (11.8), 128 at 28 3.5 (10.1), 256 at 14 4.4 (10.8), 512 at 7 4.6 (11.7); batch 1 0.29 (0.76), 0.28 (0.69), 0.46 (0.76), 0.70
 * (0.89); batch 2, 16 channels at 112 0.26 (0.42). One image of 64 channels at 14 pixels 0.07 (0.05): hence {@link #LEAST_FLOPS}.
 *
 * <p>Lost: three phases for few weights (64 at 56 6.2-9.3, 128 at 28 3.6); one phase for many (256 at 14 5.8, 512 at 7 10.9).
 *
 * @param phased three phases for {@code images} images at a time; else a task does {@code rows} rows of tiles of one image
 * @param rows rows of tiles of a task; all rows of an image if phased
 * @param columns tiles of a row
 * @param rowChunks tasks of an image
 * @param plane floats of a block of channels at one position
 */
record WinogradPlan(boolean phased, int images, int rows, int columns, int rowChunks, int plane) {
    private static final int BLOCK = Tiles.BLOCK;
    /** Transformed filters that every task can read again: 3 MB. */
    private static final long FEW_WEIGHTS = 3 << 18;
    /** Transformed input of a task: 1 MB, half of L2. */
    private static final int INPUT_FLOATS = 1 << 18;
    /** Tiles of a task below which the products are too short. */
    private static final int LEAST_TILES = 24;

    private static final int WANTED_TASKS = 32;
    private static final int LEAST_TASKS = 2;
    private static final int LEAST_CHANNELS = 16;
    /** Of one image: some 50 us of direct sums on two cores. */
    private static final double LEAST_FLOPS = 2e7;

    private static final int PHASED_TILES = 256;

    /** A single class of pixels, nine taps in a square of 3x3, a step of one: what the transforms are for. */
    static boolean possible(DenseGeometry g) {
        return g.classes().size() == 1
                && g.filterTaps() == 9
                && g.stepH() == 1
                && g.stepW() == 1
                && g.maxY() - g.minY() == 2
                && g.maxX() - g.minX() == 2;
    }

    /** By one image alone, so that its result does not depend on how many others come with it. */
    static boolean chosen(DenseGeometry g) {
        return possible(g)
                && Math.min(g.c(), g.k()) >= LEAST_CHANNELS
                && 2.0 * g.oh() * g.ow() * g.c() * g.k() * g.filterTaps() >= LEAST_FLOPS;
    }

    static WinogradPlan of(DenseGeometry g) {
        int columns = DenseChunks.ceil(g.ow(), Winograd.OUT);
        int all = DenseChunks.ceil(g.oh(), Winograd.OUT);
        int most = Math.max(1, INPUT_FLOATS / (Winograd.POSITIONS * g.c() * columns));
        int wanted = Math.min(DenseChunks.ceil(WANTED_TASKS, Math.max(1, g.n())), all * columns / LEAST_TILES);
        int rows = DenseChunks.ceil(all, Math.max(DenseChunks.ceil(all, most), wanted));
        int chunks = DenseChunks.ceil(all, rows);
        if ((long) Winograd.POSITIONS * g.c() * g.k() > FEW_WEIGHTS || chunks * g.n() < LEAST_TASKS) {
            int images = Math.clamp(PHASED_TILES / (all * columns), 1, Math.max(1, g.n()));
            return new WinogradPlan(true, images, all, columns, 1, plane(images * all * columns));
        }
        return new WinogradPlan(false, 1, rows, columns, chunks, plane(rows * columns));
    }

    /** Blocks lie an odd number of vectors apart, so that they fall into different sets of L1. */
    private static int plane(int tiles) {
        return (tiles | 1) * BLOCK;
    }

    /** Floats of one position. */
    int position(int blocks) {
        return blocks * plane + (blocks % 2 == 0 ? BLOCK : 0);
    }

    int allRows(DenseGeometry g) {
        return DenseChunks.ceil(g.oh(), Winograd.OUT);
    }

    /** The most tiles that a product passes over. */
    int tiles() {
        return images * rows * columns;
    }

    /** Every number of tiles that a product passes over. */
    Set<Integer> counts(DenseGeometry g) {
        var counts = new TreeSet<Integer>();
        if (phased) {
            counts.add(Math.min(images, g.n()) * rows * columns);
            int rest = g.n() % images;
            counts.add((rest == 0 ? images : rest) * rows * columns);
        } else {
            counts.add(rows * columns);
            counts.add((allRows(g) - (rowChunks - 1) * rows) * columns);
        }
        return counts;
    }

    /** Parts into which the panels of one position are cut. */
    int panelGroups(int panels) {
        return Math.min(panels, 2);
    }
}
