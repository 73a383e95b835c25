package hoag.kernels.cpu;

import hoag.kernels.Kernel;

/**
 * How a product is cut. Depends on sizes alone, so that results do not depend on the number of threads.
 *
 * <p>A task computes {@code rows} x {@code panels} of C for one batch item: for each stretch of {@link #KC} columns of A it copies its
 * rows to tiles, then passes panel after panel over all of them. Tiles of A, a panel of B and the block of C stay in L2.
 *
 * <p>2048^3, two threads of a Xeon of the Sapphire Rapids class (2 MB of L2) with a peak of 438 GFLOP/s, GFLOP/s by rows x columns x KC:
 * 174x512x512 361; 348x512x512 319; 174x512x1024 351; 174x1024x512 346; 120x512x512 321; 348x512x256 316. Copying 2048 columns of A
 * at once: 319-337 (they leave L2).
 *
 * <p>Other tiles, another sitting, best run, where the peak was 350-390 and 6x4 as here gave 295-299: 12x2 with KC 256, whose panel fits
 * L1, 277-301 by rows and columns of a block; 12x2 with KC 384 301; 9x3 265-293; 6x4 with KC 256 256-292; all columns in one block, so that
 * A is copied once, 278-301. None beats what stands here by more than its own runs differ.
 *
 * <p>Gradients of weights (A turned, long k), A copied by every task against copied ahead, ms, least, two threads, in turn: 192x3152x576
 * 4.6 and 2.7, 192x3152x768 5.6 and 3.7, 768x3152x192 4.4 and 4.3, 192x3152x192 1.6 and 1.4.
 *
 * @param batch independent products (1 if the batch of A can be read as more rows)
 * @param m rows of each
 * @param ahead a phase of its own copies A to tiles, which all tasks read: for few rows, where a task would copy as much as it multiplies,
 *     and for gradients of weights
 * @param own each task packs B of its batch item itself; else a first phase packs all
 * @param tile rows of the micro-kernel
 * @param rows rows of C in a task, a multiple of {@code tile}
 * @param panels panels of B in a task
 */
record ProductPlan(int batch, int m, boolean own, boolean ahead, int tile, int rows, int panels) {
    /** Columns of A that are copied to tiles at once, and between two visits of a tile of C. */
    static final int KC = 512;

    private static final int MOST_ROWS = 174;
    private static final int MOST_COLUMNS = 512;
    private static final int WANTED_TASKS = 16;
    /** Some 5 us on one core. */
    private static final double LEAST_FLOPS = 1e6;
    /** B of one batch item that a task packs for itself: 1 MB. */
    private static final int OWN_FLOATS = 1 << 18;

    private static final int OWN_BATCH = 4;
    /** A that is copied ahead: 1 MB at most; panels and least rows of a task then, and tasks that are wanted. */
    private static final int AHEAD_FLOATS = 1 << 18;

    private static final int AHEAD_PANELS = 3;
    private static final int AHEAD_ROWS = 36;
    private static final int AHEAD_TASKS = 12;

    private static final int[][] TILE_ROWS = {{}, {14, 7, 4, 1}, {12, 7, 4, 1}, {9, 7, 4, 1}, {6, 4, 1}};
    private static final int[] NARROW_TILE_ROWS = {6, 4, 2, 1};

    static ProductPlan of(Kernel.Product kernel, ProductPanels b, boolean packed) {
        boolean folded = !kernel.batchedB() && kernel.batchedA() && !kernel.transA();
        int batch = folded ? 1 : kernel.batch();
        int m = folded ? kernel.batch() * kernel.m() : kernel.m();
        int tile = tile(m, b.width());
        boolean own = !packed && kernel.batchedB() && batch >= OWN_BATCH && b.floats() <= OWN_FLOATS;
        if (own) {
            return new ProductPlan(batch, m, true, false, tile, roundUp(Math.max(1, m), tile), Math.max(1, b.panels()));
        }
        if (kernel.transA() && batch == 1) {
            return turned(m, kernel.k(), tile, b);
        }
        int rows = even(m, MOST_ROWS / tile * tile, tile);
        int panels = even(b.panels(), Math.max(1, MOST_COLUMNS / 16 / b.width()), 1);
        if (packed
                && batch == 1
                && tasks(1, m, rows, b.panels(), panels) < WANTED_TASKS
                && isFew(m, kernel.k(), tile)) {
            panels = even(b.panels(), AHEAD_PANELS, 1);
            int wanted = DenseChunks.ceil(AHEAD_TASKS, DenseChunks.ceil(b.panels(), panels));
            rows = even(m, Math.max(AHEAD_ROWS, DenseChunks.ceil(m, wanted)), tile);
            return new ProductPlan(1, m, false, true, tile, rows, panels);
        }
        while (tasks(batch, m, rows, b.panels(), panels) < WANTED_TASKS
                && 2.0 * rows * panels * b.width() * 16 * kernel.k() > LEAST_FLOPS) {
            if (rows > 8 * tile || panels == 1 && rows > tile) {
                rows = roundUp(DenseChunks.ceil(rows, 2), tile);
            } else if (panels > 1) {
                panels = DenseChunks.ceil(panels, 2);
            } else {
                break;
            }
        }
        return new ProductPlan(batch, m, false, false, tile, rows, panels);
    }

    /** Gradients of weights, whose k is long: A is copied ahead, and C cut so that A and B are read again least. */
    private static ProductPlan turned(int m, int k, int tile, ProductPanels b) {
        ProductPlan best = null;
        double least = Double.MAX_VALUE;
        for (int parts = 1; parts <= Math.max(1, b.panels()); parts++) {
            int panels = even(b.panels(), Math.max(1, DenseChunks.ceil(b.panels(), parts)), 1);
            int columns = Math.max(1, DenseChunks.ceil(b.panels(), panels));
            int wanted = DenseChunks.ceil(WANTED_TASKS, columns);
            int rows = even(m, Math.clamp(DenseChunks.ceil(m, wanted), tile, MOST_ROWS / tile * tile), tile);
            double read = (double) columns * m * k + (double) DenseChunks.ceil(m, rows) * b.floats();
            if (panels * b.width() * 16 <= MOST_COLUMNS && read < least) {
                least = read;
                best = new ProductPlan(1, m, false, true, tile, rows, panels);
            }
        }
        return best;
    }

    private static boolean isFew(int m, int k, int tile) {
        return m >= 2 * AHEAD_ROWS && (long) roundUp(m, tile) * k <= AHEAD_FLOATS;
    }

    private static int tasks(int batch, int m, int rows, int allPanels, int panels) {
        return batch * DenseChunks.ceil(m, rows) * DenseChunks.ceil(allPanels, panels);
    }

    /** Equal parts of {@code size}, each a multiple of {@code unit} and at most {@code most}. */
    private static int even(int size, int most, int unit) {
        return size == 0 ? unit : roundUp(DenseChunks.ceil(size, DenseChunks.ceil(size, most)), unit);
    }

    private static int roundUp(int value, int unit) {
        return DenseChunks.ceil(value, unit) * unit;
    }

    /** Rows of the micro-kernel that passes over m rows soonest; the last may compute rows for nothing. */
    private static int tile(int m, int blocks) {
        int[] candidates = Lanes.count() < Tiles.BLOCK ? NARROW_TILE_ROWS : TILE_ROWS[blocks];
        int best = candidates[0];
        for (int rows : candidates) {
            if (cost(m, blocks, rows) < cost(m, blocks, best)) {
                best = rows;
            }
        }
        return best;
    }

    private static int cost(int m, int blocks, int rows) {
        return DenseChunks.ceil(m, rows) * (rows * blocks + 3);
    }

    int rowBlocks() {
        return DenseChunks.ceil(m, rows);
    }
}
