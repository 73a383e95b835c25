package hoag.galaxy.attend;

import hoag.engine.Tensor;
import hoag.engine.nn.Attention;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.LinformerVit;
import hoag.galaxy.models.VisionTransformer;
import hoag.galaxy.models.VitBlock;
import hoag.kernels.Binary;
import hoag.kernels.ConfigException;
import hoag.kernels.Expr;
import java.util.ArrayList;
import java.util.List;

/** Who looks at which patch, from what the blocks of a transformer gave when they were traced. */
final class Rollout {
    private Rollout() {}

    /** Of each block, (n, tokens, tokens): mean over heads, rows adding up to 1. */
    static List<Tensor> blocks(Backbone backbone, Trace trace) {
        List<Tensor> all = new ArrayList<>();
        switch (backbone) {
            case VisionTransformer vit -> vit.blocks().parts().values().forEach(block -> all.add(of(block, trace)));
            case LinformerVit vit ->
                vit.transformer().net().layers().parts().values().forEach(each -> all.add(linear(each, trace)));
            default ->
                throw new ConfigException(
                        "attention maps are for vision transformers; of this network Grad-CAM can be had: --method"
                                + " gradcam");
        }
        return all;
    }

    private static Tensor of(Module block, Trace trace) {
        if (block instanceof VitBlock vit && vit.attn() instanceof Attention attention) {
            return overHeads(trace.result(attention.drop()));
        }
        throw new ConfigException("this transformer has blocks without self-attention; use --method gradcam");
    }

    /** Attention of the Linformer goes to mixtures of tokens, and from there, by the weights of the mixtures without their sign, to tokens. */
    private static Tensor linear(Module block, Trace trace) {
        if (block instanceof hoag.engine.nn.Sequential parts
                && parts.parts().firstEntry().getValue() instanceof LinformerVit.PreNorm first
                && first.fn() instanceof LinformerVit.LinearAttention attention) {
            Tensor shares = attention
                    .proj_v()
                    .tensor()
                    .permute(1, 0)
                    .map(Expr.in(0).apply(Binary.MAX, Expr.in(0).negate()));
            return rows(overHeads(trace.result(attention.drop())).matmul(shares));
        }
        throw new ConfigException("this transformer has blocks without linear attention; use --method gradcam");
    }

    /** (n, heads, t, s) to (n, t, s). */
    private static Tensor overHeads(Tensor weights) {
        int n = weights.shape().dim(0);
        return weights.mean(1)
                .reshape(n, weights.shape().dim(2), weights.shape().dim(3));
    }

    /** Each row over its sum. */
    private static Tensor rows(Tensor weights) {
        return weights.div(weights.sum(-1));
    }

    /** The product over the blocks of (attention + identity) / 2: (n, tokens, tokens). */
    static Tensor through(List<Tensor> blocks) {
        Tensor product = null;
        for (Tensor block : blocks) {
            Tensor mixed = rows(block.add(identity(block.shape().dim(1))));
            product = product == null ? mixed : mixed.matmul(product);
        }
        return product;
    }

    private static Tensor identity(int tokens) {
        return Tensor.range(tokens)
                .reshape(1, tokens, 1)
                .equal(Tensor.range(tokens).reshape(1, 1, tokens));
    }
}
