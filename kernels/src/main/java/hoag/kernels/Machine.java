package hoag.kernels;

/**
 * What a device can do at most, measured: the limits that {@code explain()} and {@code hoag devices} compare with.
 *
 * @param gflops float32 multiplications and additions in 10^9 each second; NaN if nobody measured
 * @param gigabytes memory read and written in 10^9 bytes each second, beyond the caches of one core; NaN if nobody measured
 */
public record Machine(double gflops, double gigabytes) {
    public static final Machine UNKNOWN = new Machine(Double.NaN, Double.NaN);

    /** Milliseconds that this much arithmetic and traffic take at least: the larger of the two. */
    public double leastMillis(double flops, double bytes) {
        return Math.max(flops / gflops, bytes / gigabytes) / 1e6;
    }
}
