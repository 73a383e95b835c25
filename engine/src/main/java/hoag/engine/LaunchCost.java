package hoag.engine;

import hoag.kernels.Machine;

/**
 * What one launch of a program has to do, and how long it took.
 *
 * @param kernel which of the closed list: conv2d, conv2d.dx (gradient of data), conv2d.dw (of filters), product, pointwise, ...
 * @param work sizes: {@code n16 5x5/2 dw 144 @56x56}, {@code 3152x192x576}, with the epilogue's operations
 * @param result shape and layout of what is written
 * @param algorithm what the backend chose
 * @param flops multiplications and additions by the kernel's definition; an algorithm such as Winograd's does fewer
 * @param bytes operands read once and results written once
 * @param millis median over the timed runs; NaN if it was not run
 */
public record LaunchCost(
        String kernel, String work, String result, String algorithm, double flops, double bytes, double millis) {
    /** 10^9 operations each second. */
    public double gflops() {
        return flops / millis / 1e6;
    }

    /** 10^9 bytes each second. */
    public double gigabytes() {
        return bytes / millis / 1e6;
    }

    /** The share of the time that arithmetic or traffic must take: above 1 where an algorithm does less than the definition, or where operands were nearer than the limit assumes. */
    public double share(Machine limit) {
        return limit.leastMillis(flops, bytes) / millis;
    }
}
