package hoag.kernels.cpu;

/**
 * Counts what a plain twin does until C2's work on the vector kernel pays. Many kernels of a single picture are done before that, and its answer
 * would wait for compilations that serve nobody.
 */
final class Worth {
    private final Runnable warm;
    private long left;

    /** @param warm what is done in the background once the twin has done {@code work}: whatever is counted in {@link #count} */
    Worth(long work, Runnable warm) {
        this.left = work;
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
        left -= work;
        if (before > 0 && left <= 0) {
            Warmup.submit(Double.POSITIVE_INFINITY, () -> {}, warm);
        }
    }
}
