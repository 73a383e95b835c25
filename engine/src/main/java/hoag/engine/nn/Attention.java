package hoag.engine.nn;

import hoag.engine.Tensor;
import hoag.kernels.ConfigException;
import java.util.List;

/**
 * Multi-head self-attention of tokens (n, t, c): softmax(q k' / sqrt(d)) v for each head of d = c / heads numbers (Vaswani et al. 2017).
 *
 * @param qkv (3 c, c): queries, keys and values of all heads
 * @param drop of the attention weights
 */
public record Attention(Linear qkv, Linear proj, int heads, Dropout drop) implements Module {
    /** Checks that the width divides into heads. */
    public Attention {
        int width = proj.weight().shape().dim(1);
        if (heads < 1 || width % heads != 0) {
            throw new ConfigException("heads " + heads + " must divide the width " + width);
        }
    }

    /** Fresh weights. */
    public static Attention of(Init init, int width, int heads) {
        return new Attention(Linear.of(init, width, 3 * width), Linear.of(init, width, width), heads, new Dropout(0));
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        return proj.apply(mix(hoag.engine.Attention.split(qkv.apply(x, trace), heads), null, drop, trace), trace);
    }

    /**
     * softmax(q k' / sqrt(d) + bias) v for q, k and v of (n, heads, t, d), joined to (n, t, heads d).
     *
     * @param bias broadcast to (n, heads, t, t), or null
     */
    static Tensor mix(List<Tensor> qkv, Tensor bias, Dropout drop, Trace trace) {
        Tensor q = qkv.getFirst();
        Tensor scores =
                q.matmulTransposed(qkv.get(1)).mul(1 / Math.sqrt(q.shape().dim(-1)));
        Tensor weights = (bias == null ? scores : scores.add(bias)).softmax(-1);
        return hoag.engine.Attention.join(drop.apply(weights, trace).matmul(qkv.get(2)));
    }
}
