package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Dropout;
import hoag.engine.nn.Init;
import hoag.engine.nn.Module;
import hoag.engine.nn.Pool2d;
import hoag.engine.nn.Trace;

/** MaxViT's convolutions: an {@link InvertedResidual} with the norm in front and a shortcut that averages where the stride is 2. */
public record MbConv(
        Shortcut shortcut,
        BatchNorm2d pre_norm,
        Conv2d conv1_1x1,
        BatchNorm2d norm1,
        Conv2d conv2_kxk,
        BatchNorm2d norm2,
        Gate se,
        Conv2d conv3_1x1,
        Dropout dropPath)
        implements Module {
    /**
     * 2x2 means, then more channels.
     *
     * @param expand or null
     */
    public record Shortcut(Pool2d pool, Conv2d expand) implements Module {
        @Override
        public Tensor forward(Tensor x, Trace trace) {
            Tensor y = pool.apply(x, trace);
            return expand == null ? y : expand.apply(y, trace);
        }
    }

    /** {@link SqueezeExcite} with the keys that timm gives it here. */
    public record Gate(Conv2d fc1, Conv2d fc2) implements Module {
        static Gate of(Init init, int channels, int squeezed) {
            return new Gate(
                    Conv2d.of(init, channels, squeezed, 1, 1, 0, 1, true),
                    Conv2d.of(init, squeezed, channels, 1, 1, 0, 1, true));
        }

        @Override
        public Tensor forward(Tensor x, Trace trace) {
            return new SqueezeExcite(fc1, fc2, Activation.SILU).forward(x, trace);
        }
    }

    static MbConv of(Init init, int in, int out, int stride, double dropPath) {
        int wide = 4 * in;
        return new MbConv(
                stride == 1
                        ? null
                        : new Shortcut(
                                Pool2d.mean(2, 2), in == out ? null : Conv2d.of(init, in, out, 1, 1, 0, 1, false)),
                BatchNorm2d.of(init, in, 1e-5, Activation.IDENTITY),
                Conv2d.of(init, in, wide, 1, 1, 0, 1, false),
                BatchNorm2d.of(init, wide, 1e-5, Activation.SILU),
                Conv2d.of(init, wide, wide, 3, stride, 1, wide, false),
                BatchNorm2d.of(init, wide, 1e-5, Activation.SILU),
                Gate.of(init, wide, wide / 16),
                Conv2d.of(init, wide, out, 1, 1, 0, 1, false),
                new Dropout(dropPath));
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Tensor wide = norm1.apply(conv1_1x1.apply(pre_norm.apply(x, trace), trace), trace);
        Tensor seen = norm2.apply(conv2_kxk.apply(wide, trace), trace);
        Tensor narrow = conv3_1x1.apply(se.apply(seen, trace), trace);
        return dropPath.dropPath(narrow, trace).add(shortcut == null ? x : shortcut.apply(x, trace));
    }
}
