package hoag.engine.nn;

import hoag.engine.Tensor;
import hoag.kernels.Kernel.PoolMode;

/** Pooling of (n, c, h, w) by square windows; what sticks out at the bottom and right is left out. */
public record Pool2d(PoolMode mode, int kernel, int stride, int padding) implements Module {
    /** The largest of each window. */
    public static Pool2d max(int kernel, int stride, int padding) {
        return new Pool2d(PoolMode.MAX, kernel, stride, padding);
    }

    /** The mean of each window. */
    public static Pool2d mean(int kernel, int stride) {
        return new Pool2d(PoolMode.AVERAGE, kernel, stride, 0);
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        return x.pool(
                mode,
                new int[] {kernel, kernel},
                new int[] {stride, stride},
                new int[] {padding, padding, padding, padding},
                new int[] {1, 1});
    }
}
