package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.Attention;
import hoag.engine.nn.Dropout;
import hoag.engine.nn.Init;
import hoag.engine.nn.LayerNorm;
import hoag.engine.nn.LayerScale;
import hoag.engine.nn.Mlp;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;

/**
 * A transformer block: x + ls1(attn(norm1(x))), then x + ls2(mlp(norm2(x))) (Dosovitskiy et al. 2021). Tokens are (n, t, c).
 *
 * @param ls1 or null
 * @param ls2 or null
 */
public record VitBlock(
        LayerNorm norm1, Module attn, LayerScale ls1, LayerNorm norm2, Mlp mlp, LayerScale ls2, Dropout dropPath)
        implements Module {
    static VitBlock of(Init init, VisionTransformer.Plan plan, double dropPath) {
        int width = plan.width();
        return new VitBlock(
                LayerNorm.of(init, width, 1e-6, -1),
                Attention.of(init, width, plan.heads()),
                plan.scaled() ? LayerScale.of(init, width, 1e-5) : null,
                LayerNorm.of(init, width, 1e-6, -1),
                Mlp.of(init, width, plan.hidden(), width, Activation.GELU),
                plan.scaled() ? LayerScale.of(init, width, 1e-5) : null,
                new Dropout(dropPath));
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Tensor seen = x.add(part(attn, norm1, ls1, x, trace));
        return seen.add(part(mlp, norm2, ls2, seen, trace));
    }

    private Tensor part(Module part, LayerNorm norm, LayerScale scale, Tensor x, Trace trace) {
        Tensor y = part.apply(norm.apply(x, trace), trace);
        return dropPath.dropPath(scale == null ? y : scale.apply(y, trace), trace);
    }
}
