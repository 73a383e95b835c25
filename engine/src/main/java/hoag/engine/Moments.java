package hoag.engine;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.List;

/** (2, kept axes...): mean and biased variance over {@code axes}. */
public record Moments(List<Integer> axes) implements Op {
    static Tensor of(Tensor x, int... axes) {
        return new Tensor(
                new Moments(Arrays.stream(Op.axes(x.shape(), axes)).boxed().toList()), List.of(x));
    }

    private int[] array() {
        return axes.stream().mapToInt(i -> i).toArray();
    }

    @Override
    public Shape shape(List<Shape> inputs) {
        return new Kernel.Moments(inputs.getFirst(), array()).outputs().getFirst();
    }

    /** d mean / dx = 1/n, d variance / dx = 2 (x - mean) / n. */
    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        Tensor x = node.inputs().getFirst();
        double n = (double) x.shape().size() * 2 / node.shape().size();
        Tensor mean = row(node, 0, x.shape());
        return List.of(row(up, 0, x.shape())
                .add(x.sub(mean).mul(row(up, 1, x.shape())).mul(2))
                .mul(1 / n));
    }

    /** Row 0 (mean) or 1 (variance) of a node of moments, with the reduced axes as ones. */
    Tensor row(Tensor moments, int row, Shape of) {
        Shape kept = of;
        for (int axis : axes) {
            kept = kept.with(axis, 1);
        }
        return moments.slice(0, row, 1).reshape(kept);
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape shape) {
        return new Kernel.Moments(inputs.getFirst(), array());
    }
}
