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
 * relu(x + bn2(conv2(relu(bn1(conv1(x)))))), with x through a strided 1x1 convolution where the shape changes (He et al. 2016).
 *
 * @param downsample what the shortcut passes through, or null
 */
public record BasicBlock(Conv2d conv1, BatchNorm2d bn1, Conv2d conv2, BatchNorm2d bn2, Sequential downsample)
        implements Module {
    static BasicBlock of(Init init, int in, int out, int stride, boolean averaged) {
        return new BasicBlock(
                Conv2d.of(init, in, out, 3, stride, 1, 1, false),
                BatchNorm2d.of(init, out, 1e-5, Activation.RELU),
                Conv2d.of(init, out, out, 3, 1, 1, 1, false),
                BatchNorm2d.of(init, out, 1e-5, Activation.IDENTITY),
                ResNet.shortcut(init, in, out, stride, averaged));
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Tensor y = bn2.apply(conv2.apply(bn1.apply(conv1.apply(x, trace), trace), trace), trace);
        return y.add(downsample == null ? x : downsample.apply(x, trace)).relu();
    }
}
