package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Init;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;

/** Norm, 1x1, norm, 3x3: {@code growth} new channels, put behind those that came in. */
public record DenseLayer(BatchNorm2d norm1, Conv2d conv1, BatchNorm2d norm2, Conv2d conv2) implements Module {
    static DenseLayer of(Init init, int in, int growth) {
        int narrow = 4 * growth;
        return new DenseLayer(
                BatchNorm2d.of(init, in, 1e-5, Activation.RELU),
                Conv2d.of(init, in, narrow, 1, 1, 0, 1, false),
                BatchNorm2d.of(init, narrow, 1e-5, Activation.RELU),
                Conv2d.of(init, narrow, growth, 3, 1, 1, 1, false));
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Tensor narrow = conv1.apply(norm1.apply(x, trace), trace);
        return Tensor.concat(1, x, conv2.apply(norm2.apply(narrow, trace), trace));
    }
}
