package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Init;
import hoag.engine.nn.Module;
import hoag.engine.nn.Sequential;
import hoag.engine.nn.Trace;

/**
 * relu(x + bn3(conv3(relu(bn2(conv2(relu(bn1(conv1(x)))))))): narrow by 1x1, 3x3, widen fourfold by 1x1 (He et al. 2016). The stride is
 * that of the 3x3 convolution.
 *
 * @param downsample what the shortcut passes through, or null
 */
public record Bottleneck(
        Conv2d conv1,
        BatchNorm2d bn1,
        Conv2d conv2,
        BatchNorm2d bn2,
        Conv2d conv3,
        BatchNorm2d bn3,
        Sequential downsample)
        implements Module {
    static final int WIDEN = 4;

    static Bottleneck of(Init init, int in, int narrow, int stride, boolean averaged) {
        int out = WIDEN * narrow;
        return new Bottleneck(
                Conv2d.of(init, in, narrow, 1, 1, 0, 1, false),
                BatchNorm2d.of(init, narrow, 1e-5, Activation.RELU),
                Conv2d.of(init, narrow, narrow, 3, stride, 1, 1, false),
                BatchNorm2d.of(init, narrow, 1e-5, Activation.RELU),
                Conv2d.of(init, narrow, out, 1, 1, 0, 1, false),
                BatchNorm2d.of(init, out, 1e-5, Activation.IDENTITY),
                ResNet.shortcut(init, in, out, stride, averaged));
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Tensor y = bn1.apply(conv1.apply(x, trace), trace);
        y = bn2.apply(conv2.apply(y, trace), trace);
        y = bn3.apply(conv3.apply(y, trace), trace);
        return y.add(downsample == null ? x : downsample.apply(x, trace)).relu();
    }
}
