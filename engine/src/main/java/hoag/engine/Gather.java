package hoag.engine;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.Arrays;
import java.util.List;

/** Rows of a table by index: (rows, width), (count) -> (count, width). With {@code backward}: (count), (count, width) -> (rows, width). */
public record Gather(int rows, boolean backward) implements Op {
    static Tensor of(Tensor table, Tensor indices) {
        if (table.shape().rank() != 2 || indices.shape().rank() != 1) {
            throw new ShapeException("gather: table " + table.shape() + " must be (rows, width) and indices "
                    + indices.shape() + " (count)");
        }
        return new Tensor(new Gather(table.shape().dim(0), false), List.of(table, indices));
    }

    /** Zeros (rows, width), to whose row indices[i] row i of {@code values} (count, width) is added, in order. */
    static Tensor add(int rows, Tensor indices, Tensor values) {
        return new Tensor(new Gather(rows, true), List.of(indices, values));
    }

    @Override
    public Shape shape(List<Shape> in) {
        return backward
                ? Shape.of(rows, in.get(1).dim(1))
                : Shape.of(in.get(1).dim(0), in.get(0).dim(1));
    }

    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        Tensor a = node.inputs().get(0);
        Tensor b = node.inputs().get(1);
        return backward ? Arrays.asList(null, of(up, a)) : Arrays.asList(add(rows, b, up), null);
    }

    @Override
    public Kernel kernel(List<Shape> in, Shape shape) {
        return backward
                ? new Kernel.Gather(rows, in.get(1).dim(1), in.get(0).dim(0), true)
                : new Kernel.Gather(rows, in.get(0).dim(1), in.get(1).dim(0), false);
    }
}
