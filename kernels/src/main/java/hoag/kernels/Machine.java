package hoag.kernels;

/**
 * What a device can do at most, measured: the limits that {@code explain()} and {@code hoag devices} compare with.
 *
 * @param gflops float32 multiplications and additions in 10^9 each second; NaN if nobody measured
 * @param gigabytes memory read and written in 10^9 bytes each second, beyond the caches of one core; NaN if nobody measured
 * @param cached the same within the caches of the cores
 * @param cacheBytes how much all cores together have been seen to read and write at that rate
 */
public record Machine(double gflops, double gigabytes, double cached, long cacheBytes) {
    public static final Machine UNKNOWN = new Machine(Double.NaN, Double.NaN, Double.NaN, 0);

    /** Milliseconds that this much arithmetic and traffic take at least: the larger of the two. */
    public double leastMillis(double flops, double bytes) {
        return Math.max(flops / gflops, bytes / gigabytes(bytes)) / 1e6;
    }

    /** Whether traffic takes longer than arithmetic. */
    public boolean boundByMemory(double flops, double bytes) {
        return bytes / gigabytes(bytes) > flops / gflops;
    }

    /** 10^9 bytes each second where so many are read and written in all: what fits in the caches moves faster. */
    public double gigabytes(double bytes) {
        return bytes <= cacheBytes ? cached : gigabytes;
    }
}
