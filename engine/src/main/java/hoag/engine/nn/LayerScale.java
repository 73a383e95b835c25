package hoag.engine.nn;

import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.kernels.Shape;

/** x gamma over the last axis, gamma small at first (Touvron et al. 2021). */
public record LayerScale(Variable gamma) implements Module {
    /** The same factor for every channel at first. */
    public static LayerScale of(Init init, int channels, double first) {
        return new LayerScale(init.constant("gamma", Shape.of(channels), first));
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        return x.mul(gamma.tensor());
    }
}
