package hoag.engine.nn;

import hoag.engine.Norms;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.kernels.Shape;

/**
 * x + weight x g / (mean g + eps) + bias, g the length of each channel over its plane (Woo et al. 2023: ConvNeXt V2), timm's
 * GlobalResponseNorm. Weights and biases are 0 at first: nothing changes.
 *
 * @param channel 3 for (n, h, w, c), 1 for (n, c, h, w)
 */
public record GlobalResponseNorm(Variable weight, Variable bias, double eps, int channel) implements Module {
    /** Weights 0, so that it begins as the identity (Woo et al. 2023). */
    public static GlobalResponseNorm of(Init init, int channels, double eps, int channel) {
        Shape shape = Shape.of(channels);
        return new GlobalResponseNorm(init.constant("weight", shape, 0), init.constant("bias", shape, 0), eps, channel);
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        return Norms.response(x, weight.tensor(), bias.tensor(), channel, eps);
    }
}
