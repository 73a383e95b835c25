package hoag.engine.nn;

import hoag.engine.Norms;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.kernels.Shape;

/**
 * x / sqrt(mean x^2 + eps) * weight, the mean over one axis (Zhang and Sennrich 2019), PyTorch's RMSNorm.
 *
 * @param axis the last one (-1) for tokens (n, t, c), 1 for the channels of maps (n, c, h, w)
 */
public record RmsNorm(Variable weight, double eps, int axis) implements Module {
    /** Weights 1. */
    public static RmsNorm of(Init init, int channels, double eps, int axis) {
        return new RmsNorm(init.constant("weight", Shape.of(channels), 1), eps, axis);
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        return Norms.rms(x, weight.tensor(), axis, eps);
    }
}
