package hoag.engine;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Pass;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.List;

/** Convolution and its two gradients; each is the gradient of the others, so gradients of gradients need nothing new. */
public record Conv2d(Conv2dShape shape, Pass pass) implements Op {
    /**
     * x (n, c, h, w), filter (k, c/groups, kh, kw).
     *
     * @param padding zeros at top, left, bottom, right
     */
    static Tensor of(Tensor x, Tensor filter, int[] stride, int[] padding, int[] dilation, int groups) {
        Shape in = x.shape();
        Shape f = filter.shape();
        if (in.rank() != 4 || f.rank() != 4) {
            throw new ShapeException("conv2d: input " + in + " and filter " + f
                    + " must both have 4 axes: (n, c, h, w) and (k, c/groups, kh, kw)");
        }
        if (groups < 1 || in.dim(1) != f.dim(1) * groups) {
            throw new ShapeException("conv2d: input " + in + " has " + in.dim(1) + " channels, filter " + f
                    + " with groups=" + groups + " wants " + f.dim(1) * groups);
        }
        var shape = windows(in, f.dim(0), f.dim(2), f.dim(3), stride, padding, dilation, groups);
        return new Tensor(new Conv2d(shape, Pass.FORWARD), List.of(x, filter));
    }

    /** x (n, k, h, w), filter (k, c/groups, kh, kw) -> (n, c, (h - 1) stride - padding + (kh - 1) dilation + 1 + extra, ...). */
    static Tensor transposed(
            Tensor x, Tensor filter, int[] stride, int[] padding, int[] extra, int[] dilation, int groups) {
        Shape in = x.shape();
        Shape f = filter.shape();
        if (in.rank() != 4 || f.rank() != 4 || in.dim(1) != f.dim(0)) {
            throw new ShapeException("transposed conv2d: input " + in + " and filter " + f
                    + " must be (n, k, h, w) and (k, c/groups, kh, kw) with the same k");
        }
        for (int i = 0; i < 2; i++) {
            if (extra[i] < 0 || extra[i] >= Math.max(stride[i], dilation[i])) {
                throw new ShapeException("transposed conv2d: extra " + extra[i] + " must be in 0.."
                        + (Math.max(stride[i], dilation[i]) - 1) + ", below the stride or the dilation");
            }
        }
        int h = (in.dim(2) - 1) * stride[0] - padding[0] - padding[2] + (f.dim(2) - 1) * dilation[0] + 1 + extra[0];
        int w = (in.dim(3) - 1) * stride[1] - padding[1] - padding[3] + (f.dim(3) - 1) * dilation[1] + 1 + extra[1];
        Shape out = Shape.of(in.dim(0), f.dim(1) * groups, h, w);
        var shape = windows(out, f.dim(0), f.dim(2), f.dim(3), stride, padding, dilation, groups);
        if (!shape.output().equals(in)) {
            throw new ShapeException("transposed conv2d: a result of " + shape.input() + " does not come from " + in
                    + "; extra " + java.util.Arrays.toString(extra) + " is too large for the stride");
        }
        return new Tensor(new Conv2d(shape, Pass.DATA), List.of(x, filter));
    }

    /** Windows of kh x kw pixels over (n, c, h, w), with k results each; padding is top, left, bottom, right. */
    static Conv2dShape windows(
            Shape x, int k, int kh, int kw, int[] stride, int[] padding, int[] dilation, int groups) {
        return new Conv2dShape(
                x.dim(0),
                x.dim(1),
                x.dim(2),
                x.dim(3),
                k,
                kh,
                kw,
                stride[0],
                stride[1],
                padding[0],
                padding[1],
                padding[2],
                padding[3],
                dilation[0],
                dilation[1],
                groups);
    }

    private Tensor with(Pass other, Tensor a, Tensor b) {
        return new Tensor(new Conv2d(shape, other), List.of(a, b));
    }

    @Override
    public Shape shape(List<Shape> inputs) {
        return switch (pass) {
            case FORWARD -> shape.output();
            case DATA -> shape.input();
            case FILTER -> shape.filter();
        };
    }

    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        Tensor a = node.inputs().get(0);
        Tensor b = node.inputs().get(1);
        return switch (pass) {
            case FORWARD -> List.of(with(Pass.DATA, up, b), with(Pass.FILTER, a, up)); // (x, filter)
            case DATA -> List.of(with(Pass.FORWARD, up, b), with(Pass.FILTER, up, a)); // (dy, filter)
            case FILTER -> List.of(with(Pass.DATA, b, up), with(Pass.FORWARD, a, up)); // (x, dy)
        };
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape result) {
        return new Kernel.Conv2d(shape, pass, null);
    }
}
