package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Dropout;
import hoag.engine.nn.Init;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;

/** Depthwise, gate, 1x1: the first stage of EfficientNet, where nothing is widened. */
public record DepthwiseSeparable(
        Conv2d conv_dw,
        BatchNorm2d bn1,
        SqueezeExcite se,
        Conv2d conv_pw,
        BatchNorm2d bn2,
        Dropout dropPath,
        boolean residual)
        implements Module {
    static DepthwiseSeparable of(
            Init init, int in, EfficientNet.Stage stage, int stride, EfficientNet.Style style, double dropPath) {
        int out = stage.out();
        return new DepthwiseSeparable(
                style.depthwise(init, in, stage.kernel(), stride),
                style.norm(init, in, style.activation()),
                style.gated() ? SqueezeExcite.of(init, in, Math.max(1, in / 4), style.activation()) : null,
                Conv2d.of(init, in, out, 1, 1, 0, 1, false),
                style.norm(init, out, Activation.IDENTITY),
                new Dropout(dropPath),
                in == out && stride == 1);
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Tensor seen = bn1.apply(conv_dw.apply(x, trace), trace);
        Tensor gated = se == null ? seen : se.apply(seen, trace);
        Tensor y = bn2.apply(conv_pw.apply(gated, trace), trace);
        return residual ? dropPath.dropPath(y, trace).add(x) : y;
    }
}
