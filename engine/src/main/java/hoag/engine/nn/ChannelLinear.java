package hoag.engine.nn;

import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.kernels.Shape;

/** {@link Linear} over the channels of maps (n, in, h, w): a 1x1 convolution whose weight (out, in) is a linear layer's. Bias (out). */
public record ChannelLinear(Variable weight, Variable bias) implements Module {
    /** Fresh weights. */
    public static ChannelLinear of(Init init, int in, int out) {
        Linear linear = Linear.of(init, in, out);
        return new ChannelLinear(linear.weight(), linear.bias());
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Shape s = weight.shape();
        Tensor filter = weight.tensor().reshape(s.dim(0), s.dim(1), 1, 1);
        Tensor y = x.conv2d(filter, new int[] {1, 1}, new int[4], new int[] {1, 1}, 1);
        return y.add(bias.tensor().reshape(1, s.dim(0), 1, 1));
    }
}
