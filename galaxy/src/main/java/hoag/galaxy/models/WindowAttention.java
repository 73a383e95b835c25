package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Attention;
import hoag.engine.RelativePosition;
import hoag.engine.Tensor;
import hoag.engine.nn.Dropout;
import hoag.engine.nn.Init;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Mlp;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;

/**
 * Attention among the pixels of each window (windows, h, w, c), heads of 32 numbers, with a bias for how far apart two pixels lie. A small
 * network makes the bias from the logarithms of the distances, so any window size will do (Liu et al. 2022, "Swin V2").
 */
public record WindowAttention(Linear qkv, RelPosMlp rel_pos, Linear proj) implements Module {
    private static final int HEAD = 32;

    /** The network that makes the biases. Its dropout belongs to the architecture. */
    public record RelPosMlp(Mlp mlp) implements Module {
        static RelPosMlp of(Init init, int heads) {
            return new RelPosMlp(
                    new Mlp(Linear.of(init, 2, 512), Activation.RELU, new Dropout(0.125), Linear.of(init, 512, heads)));
        }

        /** The bias of each distance (distances, heads) from their logarithms (distances, 2). */
        @Override
        public Tensor forward(Tensor distances, Trace trace) {
            return mlp.apply(distances, trace);
        }
    }

    static WindowAttention of(Init init, int width) {
        return new WindowAttention(
                Linear.of(init, width, 3 * width), RelPosMlp.of(init, width / HEAD), Linear.of(init, width, width));
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        int h = x.shape().dim(1);
        int w = x.shape().dim(2);
        int width = x.shape().dim(3);
        Tensor tokens = x.reshape(x.shape().dim(0), h * w, width);
        var parts = Attention.splitHeadFirst(qkv.apply(tokens, trace), width / HEAD);
        Tensor table = rel_pos.apply(RelativePosition.logCoordinates(h, w), trace);
        Tensor bias = RelativePosition.bias(table, h, w);
        Tensor y = Attention.of(parts.get(0), parts.get(1), parts.get(2), bias, 1 / Math.sqrt(HEAD));
        return proj.apply(Attention.join(y), trace).reshape(x.shape());
    }
}
