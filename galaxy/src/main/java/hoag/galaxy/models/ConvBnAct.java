package hoag.galaxy.models;

import hoag.engine.Tensor;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Dropout;
import hoag.engine.nn.Init;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;

/** Convolution, norm, activation; added to its input where the shapes allow: the first stage of EfficientNetV2. */
public record ConvBnAct(Conv2d conv, BatchNorm2d bn1, Dropout dropPath, boolean residual) implements Module {
    static ConvBnAct of(
            Init init, int in, EfficientNet.Stage stage, int stride, EfficientNet.Style style, double dropPath) {
        return new ConvBnAct(
                style.dense(init, in, stage.out(), stage.kernel(), stride),
                style.norm(init, stage.out(), style.activation()),
                new Dropout(dropPath),
                in == stage.out() && stride == 1);
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Tensor y = bn1.apply(conv.apply(x, trace), trace);
        return residual ? dropPath.dropPath(y, trace).add(x) : y;
    }
}
