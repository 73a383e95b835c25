package hoag.engine;

import hoag.kernels.Binary;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.PoolMode;
import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.List;

/** Pooling of (n, c, h, w), or with {@code backward} its gradient (x, dy) -> dx. */
public record Pool(Conv2dShape window, PoolMode mode, boolean backward) implements Op {
    static Tensor of(Tensor x, PoolMode mode, int[] kernel, int[] stride, int[] padding, int[] dilation) {
        int c = x.shape().dim(1);
        var window = Conv2d.windows(x.shape(), c, kernel[0], kernel[1], stride, padding, dilation, c);
        return new Tensor(new Pool(window, mode, false), List.of(x));
    }

    @Override
    public Shape shape(List<Shape> inputs) {
        return backward ? window.input() : window.output();
    }

    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        Tensor x = node.inputs().getFirst();
        if (!backward) {
            return List.of(new Tensor(new Pool(window, mode, true), List.of(x, up)));
        }
        return Arrays.asList(
                null,
                mode == PoolMode.MAX ? atTheLargest(x, up) : new Tensor(new Pool(window, mode, false), List.of(up)));
    }

    /**
     * Of each window the element of {@code of}, in the shape of x, that stands where x is the largest, the first in row-major order: what the
     * gradient of max pooling reads, as that gradient is linear in dy and x decides no more than the place.
     */
    private Tensor atTheLargest(Tensor x, Tensor of) {
        Tensor padded = padded(x, Double.NEGATIVE_INFINITY);
        Tensor values = padded(of, 0);
        Tensor largest = null;
        Tensor value = null;
        for (int row = 0; row < window.kh(); row++) {
            for (int column = 0; column < window.kw(); column++) {
                Tensor next = tap(padded, row, column);
                Tensor nextValue = tap(values, row, column);
                value = value == null ? nextValue : largest.map(Binary.LT, next).where(nextValue, value);
                largest = largest == null ? next : largest.map(Binary.MAX, next);
            }
        }
        return value;
    }

    private Tensor padded(Tensor x, double value) {
        Tensor rows = Padding.constant(x, 2, window.top(), window.bottom(), value);
        return Padding.constant(rows, 3, window.left(), window.right(), value);
    }

    /** (n, c, oh, ow): of each window the pixel in this row and column. */
    private Tensor tap(Tensor padded, int row, int column) {
        return padded.slice(2, row * window.dilationH(), window.strideH(), window.oh())
                .slice(3, column * window.dilationW(), window.strideW(), window.ow());
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape shape) {
        return new Kernel.Pool(window, mode, backward);
    }
}
