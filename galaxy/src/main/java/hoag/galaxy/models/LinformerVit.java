package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Attention;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.nn.Dropout;
import hoag.engine.nn.Init;
import hoag.engine.nn.LayerNorm;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Mlp;
import hoag.engine.nn.Module;
import hoag.engine.nn.Sequential;
import hoag.engine.nn.Trace;
import hoag.engine.train.LayerDecay;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.ArrayList;
import java.util.List;

/**
 * The transformer that Lin et al. 2021 (arXiv:2110.01024) trained on Galaxy Zoo 2: patches of 28 pixels, 12 blocks of width 128, 8 heads,
 * with the linear attention of Wang et al. 2020. Pictures have the one size that it was made for. Keys are those of the vit-pytorch and
 * linformer packages.
 *
 * @param to_patch_embedding the linear layer under key 1
 * @param mlp_head norm, and the classifier where there is one
 */
public record LinformerVit(
        Variable pos_embedding,
        Variable cls_token,
        Sequential to_patch_embedding,
        Transformer transformer,
        Sequential mlp_head)
        implements Backbone {
    static final int SIZE = 224;
    private static final int PATCH = 28;
    private static final int WIDTH = 128;
    private static final int DEPTH = 12;
    private static final int HEADS = 8;
    private static final int SEEN = 64;
    private static final double DROP = 0.1;

    /** Blocks {@code net.layers.0} ... */
    public record Transformer(Net net) implements Module {
        @Override
        public Tensor forward(Tensor x, Trace trace) {
            return net.apply(x, trace);
        }
    }

    /** The blocks' list. */
    public record Net(Sequential layers) implements Module {
        @Override
        public Tensor forward(Tensor x, Trace trace) {
            return layers.apply(x, trace);
        }
    }

    /** x + fn(norm(x)). */
    public record PreNorm(LayerNorm norm, Module fn) implements Module {
        @Override
        public Tensor forward(Tensor x, Trace trace) {
            return x.add(fn.apply(norm.apply(x, trace), trace));
        }
    }

    /** w2(drop(gelu(w1(x)))). */
    public record FeedForward(Linear w1, Linear w2, Dropout drop) implements Module {
        @Override
        public Tensor forward(Tensor x, Trace trace) {
            return new Mlp(w1, Activation.GELU, drop, w2).forward(x, trace);
        }
    }

    /**
     * softmax(q (P' k)' / sqrt(d)) (R' v) for each head, P and R learned over the places of the tokens.
     *
     * @param count of the heads, among which the width is divided
     * @param proj_k P, (tokens, seen)
     * @param proj_v R, (tokens, seen)
     */
    public record LinearAttention(
            int count,
            Variable proj_k,
            Variable proj_v,
            Linear to_q,
            Linear to_k,
            Linear to_v,
            Linear to_out,
            Dropout drop)
            implements Module {
        static LinearAttention of(Init init, int tokens) {
            double bound = 1 / Math.sqrt(SEEN);
            return new LinearAttention(
                    HEADS,
                    init.uniform("proj_k", Shape.of(tokens, SEEN), -bound, bound),
                    init.uniform("proj_v", Shape.of(tokens, SEEN), -bound, bound),
                    plain(init),
                    plain(init),
                    plain(init),
                    Linear.of(init, WIDTH, WIDTH),
                    new Dropout(DROP));
        }

        private static Linear plain(Init init) {
            return new Linear(Linear.of(init, WIDTH, WIDTH).weight(), null);
        }

        @Override
        public Tensor forward(Tensor x, Trace trace) {
            Tensor q = heads(to_q.apply(x, trace));
            Tensor k = heads(fewer(to_k.apply(x, trace), proj_k));
            Tensor v = heads(fewer(to_v.apply(x, trace), proj_v));
            Tensor scores = q.matmulTransposed(k).mul(1 / Math.sqrt(q.shape().dim(3)));
            Tensor y = drop.apply(scores.softmax(-1), trace).matmul(v);
            return to_out.apply(Attention.join(y), trace);
        }

        /** (n, tokens, c) to (n, seen, c). */
        private static Tensor fewer(Tensor x, Variable weight) {
            return weight.tensor().permute(1, 0).matmul(x);
        }

        /** (n, t, c) to (n, heads, t, c/heads). */
        private Tensor heads(Tensor x) {
            Shape shape = x.shape();
            return x.reshape(shape.dim(0), shape.dim(1), count, shape.dim(2) / count)
                    .permute(0, 2, 1, 3);
        }
    }

    static LinformerVit of(Init init, int channels, int classes) {
        int tokens = SIZE / PATCH * (SIZE / PATCH) + 1;
        List<Module> blocks = new ArrayList<>();
        for (int i = 0; i < DEPTH; i++) {
            var attention = LinearAttention.of(init, tokens);
            var forward = new FeedForward(
                    Linear.of(init, WIDTH, 4 * WIDTH), Linear.of(init, 4 * WIDTH, WIDTH), new Dropout(DROP));
            blocks.add(Sequential.of(new PreNorm(norm(init), attention), new PreNorm(norm(init), forward)));
        }
        return new LinformerVit(
                init.normal("pos_embedding", Shape.of(1, tokens, WIDTH), 1),
                init.normal("cls_token", Shape.of(1, 1, WIDTH), 1),
                Sequential.numbered(1, List.of(Linear.of(init, PATCH * PATCH * channels, WIDTH))),
                new Transformer(new Net(Sequential.of(blocks))),
                classes == 0 ? Sequential.of(norm(init)) : Sequential.of(norm(init), Linear.of(init, WIDTH, classes)));
    }

    private static LayerNorm norm(Init init) {
        return LayerNorm.of(init, WIDTH, 1e-5, -1);
    }

    private Tensor tokens(Tensor images, Trace trace) {
        int[] s = images.shape().toArray();
        if (s[2] != SIZE || s[3] != SIZE) {
            throw new ShapeException("linear attention is made for pictures of " + SIZE + "x" + SIZE + ", got " + s[2]
                    + "x" + s[3] + "; resize them");
        }
        int grid = SIZE / PATCH;
        Tensor patches = images.reshape(s[0], s[1], grid, PATCH, grid, PATCH)
                .permute(0, 2, 4, 3, 5, 1)
                .reshape(s[0], grid * grid, PATCH * PATCH * s[1]);
        Tensor x = Tensor.concat(
                1, cls_token.tensor().expand(Shape.of(s[0], 1, WIDTH)), to_patch_embedding.apply(patches, trace));
        return transformer.apply(x.add(pos_embedding.tensor()), trace);
    }

    @Override
    public Tensor map(Tensor images, Trace trace) {
        int grid = SIZE / PATCH;
        return tokens(images, trace)
                .slice(1, 1, grid * grid)
                .permute(0, 2, 1)
                .reshape(images.shape().dim(0), WIDTH, grid, grid);
    }

    @Override
    public Tensor pooled(Tensor images, Trace trace) {
        Tensor token =
                tokens(images, trace).slice(1, 0, 1).reshape(images.shape().dim(0), WIDTH);
        return mlp_head.parts().firstEntry().getValue().apply(token, trace);
    }

    @Override
    public int features() {
        return WIDTH;
    }

    @Override
    public Linear classifier() {
        return mlp_head.last() instanceof Linear linear ? linear : null;
    }

    @Override
    public List<List<String>> groups() {
        List<List<String>> groups = new ArrayList<>();
        groups.add(List.of("pos_embedding", "cls_token", "to_patch_embedding"));
        for (int part = 0; part < 4; part++) {
            List<String> group = new ArrayList<>();
            for (int i = part * DEPTH / 4; i < (part + 1) * DEPTH / 4; i++) {
                group.add("transformer.net.layers." + i);
            }
            groups.add(group);
        }
        groups.getLast().add("mlp_head.0");
        return groups;
    }

    @Override
    public LayerDecay layers() {
        return LayerDecay.of(
                "pos_embedding|cls_token|to_patch_embedding", "transformer\\.net\\.layers\\.(\\d+)", "mlp_head\\.0");
    }
}
