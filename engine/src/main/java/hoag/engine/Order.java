package hoag.engine;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.List;

/** (rows, length) -> (rows, count): the columns of each row's largest or smallest elements, in order; see {@link Kernel.Order}. */
public record Order(int count, boolean largestFirst) implements Op {
    static Tensor of(Tensor rows, int count, boolean largestFirst) {
        return new Tensor(new Order(count, largestFirst), List.of(rows));
    }

    @Override
    public Shape shape(List<Shape> inputs) {
        return kernel(inputs, null).outputs().getFirst();
    }

    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        return Arrays.asList((Tensor) null);
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape shape) {
        Shape rows = inputs.getFirst();
        return new Kernel.Order(rows.dim(0), rows.dim(1), count, largestFirst);
    }
}
