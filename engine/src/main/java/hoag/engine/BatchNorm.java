package hoag.engine;

import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * y = (x - mean) / sqrt(variance + eps) * weight + bias with the batch's own statistics: inputs x, mean, variance, weight, bias, the last
 * four of the shape that broadcasts to x, n elements of x to each. As {@link Pointwise} it would do; the gradient rule here is the closed form
 * of Ioffe and Szegedy 2015, which needs two sums over x and dy instead of five. It includes what flows through mean and variance, which
 * therefore get no gradient of their own.
 */
public record BatchNorm(double eps) implements Op {
    private static final Expr X = Expr.in(0);
    private static final Expr MEAN = Expr.in(1);
    private static final Expr VARIANCE = Expr.in(2);

    /** (x - mean) / sqrt(variance + eps) * weight + bias for each channel (Ioffe and Szegedy 2015). */
    public static Tensor of(Tensor x, Tensor mean, Tensor variance, Tensor weight, Tensor bias, double eps) {
        return new Tensor(new BatchNorm(eps), List.of(x, mean, variance, weight, bias));
    }

    private Expr scale() {
        return Expr.of(1).over(VARIANCE.plus(eps).sqrt());
    }

    @Override
    public Shape shape(List<Shape> inputs) {
        return inputs.getFirst();
    }

    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        Tensor x = node.inputs().get(0);
        Tensor mean = node.inputs().get(1);
        Tensor weight = node.inputs().get(3);
        double n = (double) x.shape().size() / mean.shape().size();
        Tensor invStd = Pointwise.of(
                Expr.of(1).over(Expr.in(0).plus(eps).sqrt()),
                List.of(node.inputs().get(2)));
        Tensor sum = up.sumTo(mean.shape());
        Tensor dot = up.mul(x.sub(mean)).sumTo(mean.shape()).mul(invStd); // sum of dy * (x - mean) / std
        Expr xhat = X.minus(Expr.in(1)).times(Expr.in(2));
        Expr dx = Expr.in(4)
                .minus(Expr.in(5).plus(xhat.times(Expr.in(6))).times(1 / n))
                .times(Expr.in(2).times(Expr.in(3)));
        Tensor data = Pointwise.of(dx, List.of(x, mean, invStd, weight, up, sum, dot));
        return Arrays.asList(
                data,
                null,
                null,
                dot.sumTo(weight.shape()),
                sum.sumTo(node.inputs().get(4).shape()));
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape shape) {
        Expr y = X.minus(MEAN).times(scale().times(Expr.in(3))).plus(Expr.in(4));
        return new Kernel.Pointwise(shape, inputs, List.of(y));
    }
}
