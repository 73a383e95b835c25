package hoag.engine;

import hoag.kernels.ConfigException;
import hoag.kernels.Kernel.PoolMode;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.stream.IntStream;

/** Pooling of (n, c, h, w) by PyTorch's rules. Padding is top, left, bottom, right. */
public final class Pools {
    /**
     * @param ceil whether a window may hang over the lower and right edge, as long as it starts inside or on the padding before
     * @param kernel height, width, in pixels
     * @param stride down, right
     * @param padding top, left, bottom, right
     * @param dilation down, right; 1: neighbours
     */
    public record Window(int[] kernel, int[] stride, int[] padding, int[] dilation, boolean ceil) {
        /**
         * A square window.
         *
         * @param kernel height and width
         * @param stride down and right
         * @param padding on all four sides
         */
        public static Window of(int kernel, int stride, int padding) {
            return new Window(
                    new int[] {kernel, kernel},
                    new int[] {stride, stride},
                    new int[] {padding, padding, padding, padding},
                    new int[] {1, 1},
                    false);
        }

        /** Padding with what windows hang over, if they may. */
        private int[] hanging(Shape x) {
            int[] all = padding.clone();
            if (ceil) {
                all[2] += over(x.dim(2), 0);
                all[3] += over(x.dim(3), 1);
            }
            return all;
        }

        private int over(int size, int axis) {
            int padded = size + padding[axis] + padding[axis + 2];
            int span = (kernel[axis] - 1) * dilation[axis] + 1;
            int windows = Math.ceilDiv(padded - span, stride[axis]) + 1;
            if ((windows - 1) * stride[axis] >= size + padding[axis]) {
                windows--;
            }
            return Math.max(0, (windows - 1) * stride[axis] + span - padded);
        }
    }

    private Pools() {}

    /**
     * The largest of each window; the first in row-major order gets the gradient.
     *
     * @param x (n, c, h, w)
     * @return (n, c, oh, ow)
     */
    public static Tensor max(Tensor x, Window window) {
        return x.pool(PoolMode.MAX, window.kernel, window.stride, window.hanging(x.shape()), window.dilation);
    }

    /**
     * Means; {@code countPadding} says whether padding counts as pixels of value 0. Where a window hangs over the padding, that never counts.
     *
     * @param x (n, c, h, w)
     * @return (n, c, oh, ow)
     */
    public static Tensor average(Tensor x, Window window, boolean countPadding) {
        int[] padding = window.hanging(x.shape());
        Tensor y = x.pool(
                countPadding ? PoolMode.AVERAGE_WITH_PADDING : PoolMode.AVERAGE,
                window.kernel,
                window.stride,
                padding,
                window.dilation);
        return countPadding && window.ceil ? y.mul(corrected(x.shape(), y.shape(), window)) : y;
    }

    /**
     * Sums over windows divided by {@code divisor}.
     *
     * @param x (n, c, h, w)
     * @param divisor not 0
     * @return (n, c, oh, ow)
     * @throws ConfigException if the divisor is 0
     */
    public static Tensor average(Tensor x, Window window, double divisor) {
        if (!(divisor != 0)) {
            throw new ConfigException("average pooling: divisor " + divisor + " must not be 0");
        }
        Tensor y = x.pool(
                PoolMode.AVERAGE_WITH_PADDING,
                window.kernel,
                window.stride,
                window.hanging(x.shape()),
                window.dilation);
        return y.mul(window.kernel[0] * window.kernel[1] / divisor);
    }

    /** (oh, ow): the kernel's size divided by the number of pixels and padding in each window. */
    private static Tensor corrected(Shape x, Shape y, Window window) {
        float[] down = share(x.dim(2), y.dim(2), 0, window);
        float[] right = share(x.dim(3), y.dim(3), 1, window);
        return Tensor.constant(Shape.of(down.length, 1), down).mul(Tensor.constant(Shape.of(right.length), right));
    }

    private static float[] share(int size, int windows, int axis, Window window) {
        float[] shares = new float[windows];
        for (int i = 0; i < windows; i++) {
            int room = size + window.padding[axis] + window.padding[axis + 2] - i * window.stride[axis];
            int inside = Math.min(window.kernel[axis], Math.ceilDiv(room, window.dilation[axis]));
            shares[i] = (float) window.kernel[axis] / inside;
        }
        return shares;
    }

    /**
     * Means of h x w even stretches of each plane, stretch i from floor(i H / h) to ceil((i + 1) H / h); more stretches than pixels repeat
     * pixels. Stretches of equal size are pooled, others are two products, one along each axis.
     *
     * @param x (n, c, H, W)
     * @return (n, c, h, w)
     * @throws ShapeException if x has other axes or no pixels, or h or w is below 1
     */
    public static Tensor adaptiveAverage(Tensor x, int h, int w) {
        Shape s = checked(x.shape(), h, w);
        if (h == 1 && w == 1) {
            return x.mean(2, 3);
        }
        if (even(s, h, w)) {
            return average(x, stretches(s, h, w), true);
        }
        int planes = s.dim(0) * s.dim(1);
        Tensor across = x.reshape(planes, s.dim(2), s.dim(3)).linear(means(s.dim(3), w));
        return means(s.dim(2), h).matmul(across).reshape(s.dim(0), s.dim(1), h, w);
    }

    /**
     * The largest of each of those stretches.
     *
     * @param x (n, c, H, W)
     * @return (n, c, h, w)
     * @throws ShapeException if x has other axes or no pixels, or h or w is below 1
     */
    public static Tensor adaptiveMax(Tensor x, int h, int w) {
        Shape s = checked(x.shape(), h, w);
        if (h == 1 && w == 1) {
            return x.max(2, 3);
        }
        return even(s, h, w) ? max(x, stretches(s, h, w)) : largest(largest(x, 3, w), 2, h);
    }

    private static Shape checked(Shape s, int h, int w) {
        if (s.rank() != 4 || h < 1 || w < 1 || s.dim(2) < 1 || s.dim(3) < 1) {
            throw new ShapeException("adaptive pooling: " + s + " cannot become planes of " + h + "x" + w
                    + "; it must be (n, c, height, width) with pixels");
        }
        return s;
    }

    private static boolean even(Shape s, int h, int w) {
        return s.dim(2) % h == 0 && s.dim(3) % w == 0;
    }

    private static Window stretches(Shape s, int h, int w) {
        int[] size = {s.dim(2) / h, s.dim(3) / w};
        return new Window(size, size, new int[4], new int[] {1, 1}, false);
    }

    private static int from(int stretch, int size, int count) {
        return (int) ((long) stretch * size / count);
    }

    private static int to(int stretch, int size, int count) {
        return (int) Math.ceilDiv((stretch + 1L) * size, (long) count);
    }

    /** (count, size): row i has 1/length over stretch i. */
    private static Tensor means(int size, int count) {
        float[] rows = new float[count * size];
        for (int i = 0; i < count; i++) {
            int from = from(i, size, count);
            int to = to(i, size, count);
            java.util.Arrays.fill(rows, i * size + from, i * size + to, 1f / (to - from));
        }
        return Tensor.constant(Shape.of(count, size), rows);
    }

    private static Tensor largest(Tensor x, int axis, int count) {
        int size = x.shape().dim(axis);
        return Tensor.concat(
                axis,
                IntStream.range(0, count)
                        .mapToObj(i -> x.slice(axis, from(i, size, count), to(i, size, count) - from(i, size, count))
                                .max(axis))
                        .toArray(Tensor[]::new));
    }

    /** (n, c): the mean of each plane. */
    public static Tensor globalAverage(Tensor x) {
        return flat(x.mean(2, 3));
    }

    /** (n, c): the largest of each plane; ties share the gradient. */
    public static Tensor globalMax(Tensor x) {
        return flat(x.max(2, 3));
    }

    /** (n, c): half the mean plus half the largest. */
    public static Tensor globalAverageMax(Tensor x) {
        return globalAverage(x).add(globalMax(x)).mul(0.5);
    }

    private static Tensor flat(Tensor x) {
        return x.reshape(x.shape().dim(0), x.shape().dim(1));
    }
}
