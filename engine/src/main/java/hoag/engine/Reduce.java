package hoag.engine;

import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.List;

/** A fold over axes, which stay with size 1. */
public record Reduce(Fold fold, List<Integer> axes) implements Op {
    static Tensor of(Fold fold, Tensor x, int... axes) {
        return new Tensor(
                new Reduce(fold, Arrays.stream(Op.axes(x.shape(), axes)).boxed().toList()), List.of(x));
    }

    @Override
    public Shape shape(List<Shape> inputs) {
        Shape shape = inputs.getFirst();
        for (int axis : axes) {
            shape = shape.with(axis, 1);
        }
        return shape;
    }

    /** Ties of MAX and MIN share the gradient equally, as PyTorch's amax does. */
    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        Tensor x = node.inputs().getFirst();
        return switch (fold) {
            case SUM -> Arrays.asList(up.expand(x.shape()));
            case MAX, MIN -> {
                Tensor hit = x.equal(node);
                Tensor count = of(Fold.SUM, hit, axes.stream().mapToInt(i -> i).toArray());
                yield List.of(up.div(count).mul(hit));
            }
            case PROD -> List.of(up.mul(node).div(x));
            case ARGMAX, ARGMIN -> Arrays.asList((Tensor) null);
        };
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape shape) {
        return new Kernel.Reduce(
                inputs.getFirst(),
                inputs,
                List.of(Expr.in(0)),
                fold,
                axes.stream().mapToInt(i -> i).toArray());
    }
}
