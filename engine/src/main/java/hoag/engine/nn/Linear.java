package hoag.engine.nn;

import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.kernels.Shape;

/** x W' + b over the last axis; weight (out, in), bias (out) or null. */
public record Linear(Variable weight, Variable bias) implements Module {
    /** PyTorch's initialisation: both uniform in +-1/sqrt(in). */
    public static Linear of(Init init, int in, int out) {
        double bound = 1 / Math.sqrt(Math.max(1, in));
        return new Linear(
                init.uniform("weight", Shape.of(out, in), -bound, bound),
                init.uniform("bias", Shape.of(out), -bound, bound));
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Tensor y = x.linear(weight.tensor());
        return bias == null ? y : y.add(bias.tensor());
    }
}
