package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Init;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;

/** x * sigmoid(expand(act(reduce(mean of x)))), a gate for each channel (Hu et al. 2018). */
public record SqueezeExcite(Conv2d conv_reduce, Conv2d conv_expand, Activation activation) implements Module {
    static SqueezeExcite of(Init init, int channels, int squeezed, Activation activation) {
        return new SqueezeExcite(
                Conv2d.of(init, channels, squeezed, 1, 1, 0, 1, true),
                Conv2d.of(init, squeezed, channels, 1, 1, 0, 1, true),
                activation);
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Tensor squeezed = activation.of(conv_reduce.apply(x.mean(2, 3), trace));
        return x.mul(conv_expand.apply(squeezed, trace).sigmoid());
    }
}
