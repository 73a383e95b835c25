package hoag.engine;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.PoolMode;
import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.List;

/** Pooling of (n, c, h, w), or with {@code backward} its gradient (x, dy) -> dx. */
public record Pool(Conv2dShape window, PoolMode mode, boolean backward) implements Op {
    static Tensor of(Tensor x, PoolMode mode, int[] kernel, int[] stride, int[] padding, int[] dilation) {
        Shape s = x.shape();
        int c = s.dim(1);
        var window = new Conv2dShape(
                s.dim(0),
                c,
                s.dim(2),
                s.dim(3),
                c,
                kernel[0],
                kernel[1],
                stride[0],
                stride[1],
                padding[0],
                padding[1],
                padding[2],
                padding[3],
                dilation[0],
                dilation[1],
                c);
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
        if (mode == PoolMode.MAX) {
            throw new hoag.kernels.ConfigException(
                    "max pooling has no second gradient here; use average pooling where gradients of gradients are"
                            + " wanted");
        }
        return Arrays.asList(null, new Tensor(new Pool(window, mode, false), List.of(up)));
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape shape) {
        return new Kernel.Pool(window, mode, backward);
    }
}
