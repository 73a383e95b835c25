package hoag.engine.nn;

import hoag.engine.Activation;
import hoag.engine.Tensor;

/** fc2(drop(activation(fc1(x)))): what follows attention in a transformer block. */
public record Mlp(Module fc1, Activation activation, Dropout drop, Module fc2) implements Module {
    /** Over the last axis. */
    public static Mlp of(Init init, int in, int hidden, int out, Activation activation) {
        return new Mlp(Linear.of(init, in, hidden), activation, new Dropout(0), Linear.of(init, hidden, out));
    }

    /** Over the channels of maps, with weights (out, in, 1, 1) if {@code conv}, else (out, in). */
    public static Mlp ofMaps(Init init, int channels, int hidden, Activation activation, boolean conv) {
        return new Mlp(
                map(init, channels, hidden, conv), activation, new Dropout(0), map(init, hidden, channels, conv));
    }

    private static Module map(Init init, int in, int out, boolean conv) {
        return conv ? Conv2d.of(init, in, out, 1, 1, 0, 1, true) : ChannelLinear.of(init, in, out);
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        return fc2.apply(drop.apply(activation.of(fc1.apply(x, trace)), trace), trace);
    }
}
