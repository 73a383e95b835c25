package hoag.engine;

import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * y = exp(x - top) / sum along an axis: inputs x, the largest of each row, and the sum of exp(x - top). As {@link Pointwise} it would do; the gradient rule here is
 * the closed form dx = y (dy - sum y dy), one sum and no exponential. It includes what flows through top and sum, which therefore get no gradient of
 * their own.
 */
public record Softmax(int axis) implements Op {
    /** exp(x) / sum exp(x) along the axis, without overflow. */
    static Tensor of(Tensor x, int axis) {
        Tensor top = x.max(axis).stopGradient();
        Tensor sum = x.sub(top).exp().sum(axis);
        return new Tensor(new Softmax(Op.axis(x.shape(), axis)), List.of(x, top, sum));
    }

    @Override
    public Shape shape(List<Shape> inputs) {
        return inputs.getFirst();
    }

    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        return Arrays.asList(up.sub(node.mul(up).sum(axis)).mul(node), null, null);
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape shape) {
        Expr y = Expr.in(0).minus(Expr.in(1)).exp().over(Expr.in(2));
        return new Kernel.Pointwise(shape, inputs, List.of(y));
    }
}
