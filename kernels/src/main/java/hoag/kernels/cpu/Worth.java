package hoag.kernels.cpu;

/**
 * Counts what a plain twin does until C2's work on the vector kernel pays. Many kernels of a single picture are done before that, and its answer
 * would wait for compilations that serve nobody: so in the first moments work counts for less. With the higher limits for good, a training step
 * of EfficientNet-B0 took 564 ms (median of 10 s, after 10 s), and 439 after 25 s. Lost: counting work when it is planned, before anything runs: one picture
 * took 1.56 s and then 2.23 (C2 takes the second core from what prepares the run), with lower counts the same or more.
 */
final class Worth {
    private static final long START = System.nanoTime();
    /** Nanoseconds in which one picture, or a few, are done. */
    private static final long FIRST_MOMENTS = 1_500_000_000L;

    private static final int LESS = 8;

    private final Runnable warm;
    private long left;

    /** @param warm what is done in the background once the twin has done {@code work}: whatever is counted in {@link #count} */
    Worth(long work, Runnable warm) {
        this.left = Warmup.atOnce() ? 1 : LESS * work;
        this.warm = warm;
    }

    /** To be called with each piece of the twin's work; after the last that counts it costs a comparison. */
    void count(long work) {
        if (left > 0) {
            take(work);
        }
    }

    private synchronized void take(long work) {
        long before = left;
        left -= System.nanoTime() - START < FIRST_MOMENTS ? work : LESS * work;
        if (before > 0 && left <= 0) {
            Warmup.submit(Double.POSITIVE_INFINITY, () -> {}, warm);
        }
    }
}
