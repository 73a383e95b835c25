package hoag.engine;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.List;

/** Uniform numbers in [0, 1), a function of (seed, step, node, index). */
public record Random(Shape of, long node) implements Op {
    @Override
    public Shape shape(List<Shape> inputs) {
        return of;
    }

    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        return List.of();
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape shape) {
        return new Kernel.Random(of, node);
    }
}
