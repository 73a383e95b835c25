package hoag.kernels.cpu;

/**
 * How a dense convolution is cut into tasks: panels of output channels, images, stretches of rows and columns. Depends on shapes alone,
 * so that results do not depend on the number of threads.
 *
 * @param groups panel groups; a task computes one
 * @param rows rows of a task (of a class)
 * @param columns columns of a task
 */
record DenseChunks(int groups, int rows, int columns) {
    /** Some 10 us of work on one core: below that, handing out tasks costs more than it gains. */
    private static final double LEAST_FLOPS = 4e6;
    /** Enough for the tail to be short on a few cores; more would copy borders and input more often. */
    private static final int MOST_TASKS = 32;
    /** Input of one task, so that it stays in L2 (2 MB, or 1 MB on smaller cores) while all panels pass over it. */
    private static final int INPUT_FLOATS = 128 * 1024;

    private static final int FLAT_PIXELS = 896;

    static DenseChunks flat(DenseGeometry g, int images, int pixels, int panels) {
        int wanted = wanted(g, images);
        int groups = weightsFirst(g, pixels) ? Math.min(panels, wanted) : 1;
        int most = Math.clamp(INPUT_FLOATS / g.c(), 56, FLAT_PIXELS);
        int chunks = Math.max(ceil(pixels, most), Math.min(ceil(wanted, groups), Math.max(1, pixels / 48)));
        int columns = ceil(pixels, chunks);
        return new DenseChunks(Math.min(panels, Math.max(groups, wanted / ceil(pixels, columns))), 1, columns);
    }

    static DenseChunks rows(DenseGeometry g, int panels) {
        int wanted = wanted(g, g.n());
        int groups = weightsFirst(g, g.rows() * g.columns()) ? Math.min(panels, wanted) : 1;
        int most = Math.max(1, INPUT_FLOATS / (g.c() * g.w() * g.stepH()) - 2);
        int chunks = Math.max(ceil(g.rows(), most), Math.min(ceil(wanted, groups), ceil(g.rows(), 2)));
        return new DenseChunks(groups, ceil(g.rows(), chunks), g.columns());
    }

    private static int wanted(DenseGeometry g, int images) {
        double flops = 2.0 * g.n() * g.oh() * g.ow() * g.c() * g.k() * g.filterTaps() / (g.outStepH() * g.outStepW());
        return ceil((int) Math.clamp(flops / LEAST_FLOPS, 1, MOST_TASKS), Math.max(1, images));
    }

    private static boolean weightsFirst(DenseGeometry g, int pixels) {
        return (double) g.k() * g.filterTaps() > pixels;
    }

    static int ceil(int a, int b) {
        return (a + b - 1) / b;
    }
}
