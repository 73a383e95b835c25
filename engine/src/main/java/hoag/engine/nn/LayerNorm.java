package hoag.engine.nn;

import hoag.engine.Norms;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.kernels.Shape;

/**
 * (x - mean) / sqrt(variance + eps) * weight + bias, with the mean and variance of each position over one axis (Ba et al. 2016).
 *
 * @param axis the last one (-1) for tokens (n, t, c), 1 for the channels of maps (n, c, h, w)
 */
public record LayerNorm(Variable weight, Variable bias, double eps, int axis) implements Module {
    /** Weights 1 and biases 0. */
    public static LayerNorm of(Init init, int channels, double eps, int axis) {
        Shape shape = Shape.of(channels);
        return new LayerNorm(init.constant("weight", shape, 1), init.constant("bias", shape, 0), eps, axis);
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        return Norms.layer(x, weight.tensor(), bias.tensor(), axis, eps);
    }
}
