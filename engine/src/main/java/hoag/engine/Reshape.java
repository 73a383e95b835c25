package hoag.engine;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.List;

/** The same elements, row-major, with other axes. Costs nothing between plain layouts. */
public record Reshape(Shape to) implements Op {
    @Override
    public Shape shape(List<Shape> inputs) {
        if (inputs.getFirst().size() != to.size()) {
            throw new ShapeException("reshape: " + inputs.getFirst() + " has "
                    + inputs.getFirst().size() + " elements, " + to + " wants " + to.size());
        }
        return to;
    }

    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        return List.of(up.reshape(node.inputs().getFirst().shape()));
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape shape) {
        return null;
    }
}
