package hoag.galaxy.models;

import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Dropout;
import hoag.engine.nn.Init;
import hoag.engine.nn.LayerNorm;
import hoag.engine.nn.Mlp;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;
import hoag.kernels.Shape;

/**
 * x + gamma mlp(norm(conv_dw(x))) with a 7x7 depthwise convolution (Liu et al. 2022). The norm and the layers after it are over the channels
 * of each pixel; maps stay maps.
 *
 * @param gamma (channels), or null
 */
public record ConvNeXtBlock(Variable gamma, Conv2d conv_dw, LayerNorm norm, Mlp mlp, Dropout dropPath)
        implements Module {
    static ConvNeXtBlock of(Init init, ConvNeXt.Plan plan, int channels, double dropPath) {
        return new ConvNeXtBlock(
                plan.scaled() ? init.constant("gamma", Shape.of(channels), 1e-6) : null,
                Conv2d.of(init, channels, channels, 7, 1, 3, channels, true),
                LayerNorm.of(init, channels, plan.eps(), 1),
                Mlp.ofMaps(init, channels, 4 * channels, plan.activation(), plan.convMlp()),
                new Dropout(dropPath));
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Tensor y = mlp.apply(norm.apply(conv_dw.apply(x, trace), trace), trace);
        Tensor scaled = gamma == null
                ? y
                : y.mul(gamma.tensor().reshape(1, gamma.shape().size(), 1, 1));
        return dropPath.dropPath(scaled, trace).add(x);
    }
}
