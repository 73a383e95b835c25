package hoag.engine.nn;

import hoag.engine.Norms;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.kernels.ConfigException;
import hoag.kernels.Shape;

/**
 * (x - mean) / sqrt(variance + eps) * weight + bias over maps (n, c, ...), with the mean and variance of each of {@code groups} groups of
 * channels of each sample (Wu and He 2018).
 */
public record GroupNorm(Variable weight, Variable bias, int groups, double eps) implements Module {
    /** @throws ConfigException if the groups do not divide the channels */
    public GroupNorm {
        int channels = weight.shape().size();
        if (groups < 1 || channels % groups != 0) {
            throw new ConfigException("GroupNorm: groups " + groups + " must divide the " + channels + " channels");
        }
    }

    /** Weights 1, biases 0; PyTorch's eps is 1e-5. */
    public static GroupNorm of(Init init, int channels, int groups, double eps) {
        Shape shape = Shape.of(channels);
        return new GroupNorm(init.constant("weight", shape, 1), init.constant("bias", shape, 0), groups, eps);
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        return Norms.group(x, weight.tensor(), bias.tensor(), groups, eps);
    }
}
