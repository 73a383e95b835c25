package hoag.engine;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.List;

/** The same value; no gradient flows through. */
public record StopGradient() implements Op {
    @Override
    public Shape shape(List<Shape> inputs) {
        return inputs.getFirst();
    }

    @Override
    public List<Tensor> gradient(Tensor node, Tensor up) {
        return Arrays.asList((Tensor) null);
    }

    @Override
    public Kernel kernel(List<Shape> inputs, Shape shape) {
        return null;
    }
}
