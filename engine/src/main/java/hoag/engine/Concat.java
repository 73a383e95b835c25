package hoag.engine;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.ArrayList;
import java.util.List;

/** Tensors behind each other along an axis. */
public record Concat(int axis) implements Op {
    static Tensor of(int axis, List<Tensor> parts) {
        return parts.size() == 1
                ? parts.getFirst()
                : new Tensor(new Concat(Op.axis(parts.getFirst().shape(), axis)), parts);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
        Shape first = inputs.getFirst();
        for (Shape other : inputs) {
            if (other.rank() != first.rank()
                    || !other.with(axis, first.dim(axis)).equals(first)) {
                throw new ShapeException("concat: " + first + " and " + other + " differ in more than axis " + axis);
            }
        }
        return first.with(axis, inputs.stream().mapToInt(s -> s.dim(axis)).sum());
    }

    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        List<Tensor> gradients = new ArrayList<>();
        int from = 0;
        for (Tensor part : node.inputs()) {
            int size = part.shape().dim(axis);
            gradients.add(up.slice(axis, from, size));
            from += size;
        }
        return gradients;
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape shape) {
        return new Kernel.Concat(inputs, axis);
    }
}
