package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.Windows;
import hoag.engine.nn.Dropout;
import hoag.engine.nn.Init;
import hoag.engine.nn.LayerNorm;
import hoag.engine.nn.LayerScale;
import hoag.engine.nn.Mlp;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;

/**
 * A transformer block over maps (n, h, w, c) whose attention stays within windows of h/pieces x w/pieces pixels: neighbours, or with
 * {@code grid} pixels {@code pieces} apart (Tu et al. 2022).
 *
 * @param ls1 or null
 * @param ls2 or null
 */
public record PartitionAttention(
        LayerNorm norm1,
        WindowAttention attn,
        LayerScale ls1,
        LayerNorm norm2,
        Mlp mlp,
        LayerScale ls2,
        Dropout dropPath,
        int pieces,
        boolean grid)
        implements Module {
    static PartitionAttention of(Init init, int width, double scale, double dropPath, int pieces, boolean grid) {
        return new PartitionAttention(
                LayerNorm.of(init, width, 1e-6, -1),
                WindowAttention.of(init, width),
                scale == 0 ? null : LayerScale.of(init, width, scale),
                LayerNorm.of(init, width, 1e-6, -1),
                Mlp.of(init, width, 4 * width, width, Activation.GELU),
                scale == 0 ? null : LayerScale.of(init, width, scale),
                new Dropout(dropPath),
                pieces,
                grid);
    }

    @Override
    public Tensor forward(Tensor x, Trace trace) {
        Tensor seen = x.add(scaled(ls1, windows(norm1.apply(x, trace), trace), trace));
        return seen.add(scaled(ls2, mlp.apply(norm2.apply(seen, trace), trace), trace));
    }

    private Tensor scaled(LayerScale scale, Tensor y, Trace trace) {
        return dropPath.dropPath(scale == null ? y : scale.apply(y, trace), trace);
    }

    private Tensor windows(Tensor x, Trace trace) {
        int height = x.shape().dim(1);
        int width = x.shape().dim(2);
        int h = height / pieces;
        int w = width / pieces;
        return grid
                ? Windows.gridReverse(attn.apply(Windows.gridPartition(x, h, w), trace), height, width)
                : Windows.reverse(attn.apply(Windows.partition(x, h, w), trace), height, width);
    }
}
