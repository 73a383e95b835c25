package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Dropout;
import hoag.engine.nn.Init;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;

/** Widen by a full convolution, narrow by 1x1: an {@link InvertedResidual} with its first two convolutions fused (Tan and Le 2021). */
public record EdgeResidual(
        Conv2d conv_exp, BatchNorm2d bn1, Conv2d conv_pwl, BatchNorm2d bn2, Dropout dropPath, boolean residual)
        implements Module {
    static EdgeResidual of(
            Init init, int in, EfficientNet.Stage stage, int stride, EfficientNet.Style style, double dropPath) {
        int wide = in * stage.expand();
        return new EdgeResidual(
                style.dense(init, in, wide, stage.kernel(), stride),
                style.norm(init, wide, style.activation()),
                Conv2d.of(init, wide, stage.out(), 1, 1, 0, 1, false),
                style.norm(init, stage.out(), Activation.IDENTITY),
                new Dropout(dropPath),
                in == stage.out() && stride == 1);
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Tensor wide = bn1.apply(conv_exp.apply(x, trace), trace);
        Tensor narrow = bn2.apply(conv_pwl.apply(wide, trace), trace);
        return residual ? dropPath.dropPath(narrow, trace).add(x) : narrow;
    }
}
