package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Dropout;
import hoag.engine.nn.Init;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;

/** Widen by 1x1, depthwise, gate, narrow by 1x1; added to its input where the shapes allow (Sandler et al. 2018). */
public record InvertedResidual(
        Conv2d conv_pw,
        BatchNorm2d bn1,
        Conv2d conv_dw,
        BatchNorm2d bn2,
        SqueezeExcite se,
        Conv2d conv_pwl,
        BatchNorm2d bn3,
        Dropout dropPath,
        boolean residual)
        implements Module {
    static InvertedResidual of(
            Init init, int in, EfficientNet.Stage stage, int stride, EfficientNet.Style style, double dropPath) {
        int out = stage.out();
        int wide = in * stage.expand();
        return new InvertedResidual(
                Conv2d.of(init, in, wide, 1, 1, 0, 1, false),
                style.norm(init, wide, style.activation()),
                style.depthwise(init, wide, stage.kernel(), stride),
                style.norm(init, wide, style.activation()),
                style.gated() ? SqueezeExcite.of(init, wide, Math.max(1, in / 4), style.activation()) : null,
                Conv2d.of(init, wide, out, 1, 1, 0, 1, false),
                style.norm(init, out, Activation.IDENTITY),
                new Dropout(dropPath),
                in == out && stride == 1);
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Tensor wide = bn1.apply(conv_pw.apply(x, trace), trace);
        Tensor seen = bn2.apply(conv_dw.apply(wide, trace), trace);
        Tensor gated = se == null ? seen : se.apply(seen, trace);
        Tensor narrow = bn3.apply(conv_pwl.apply(gated, trace), trace);
        return residual ? dropPath.dropPath(narrow, trace).add(x) : narrow;
    }
}
