package hoag.engine.nn;

import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.kernels.Shape;

/**
 * Convolution of (n, in, h, w) with a filter (out, in/groups, kernel, kernel).
 *
 * @param bias (out), or null
 * @param padding zeros on each side, or {@link #SAME}
 */
public record Conv2d(Variable weight, Variable bias, int stride, int padding, int dilation, int groups)
        implements Module {
    /** TensorFlow's "same": output of ceil(size / stride), the odd pixel of padding at the bottom and right. Depends on the input size. */
    public static final int SAME = -1;

    /** He normal by fan-out (He et al. 2015; timm): variance 2 / (kernel^2 out / groups). */
    public static Conv2d of(Init init, int in, int out, int kernel, int stride, int padding, int groups, boolean bias) {
        double deviation = Math.sqrt(2.0 / ((double) kernel * kernel * out / groups));
        Variable weight = init.normal("weight", Shape.of(out, in / groups, kernel, kernel), deviation);
        return new Conv2d(weight, bias ? init.constant("bias", Shape.of(out), 0) : null, stride, padding, 1, groups);
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        int kernel = weight.shape().dim(2);
        int[] h = pads(x.shape().dim(2), kernel);
        int[] w = pads(x.shape().dim(3), weight.shape().dim(3));
        Tensor y = x.conv2d(
                weight.tensor(),
                new int[] {stride, stride},
                new int[] {h[0], w[0], h[1], w[1]},
                new int[] {dilation, dilation},
                groups);
        return bias == null ? y : y.add(bias.tensor().reshape(1, bias.shape().size(), 1, 1));
    }

    private int[] pads(int size, int kernel) {
        if (padding != SAME) {
            return new int[] {padding, padding};
        }
        int total = Math.max(0, ((size + stride - 1) / stride - 1) * stride + (kernel - 1) * dilation + 1 - size);
        return new int[] {total / 2, total - total / 2};
    }
}
