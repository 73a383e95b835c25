package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Init;
import hoag.engine.nn.LayerNorm;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Module;
import hoag.engine.nn.Sequential;
import hoag.engine.nn.Trace;
import hoag.engine.train.LayerDecay;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * MaxViT (Tu et al. 2022) as timm's "rmlp rw" models have it: in each block convolutions, attention among neighbours, attention over a grid.
 * A window is 1/32 of the picture, so sides must be multiples of 32.
 *
 * @param norm of the last map, or null where the head has it
 */
public record MaxVit(Stem stem, Sequential stages, LayerNorm norm, ClassifierHead head) implements Backbone {
    /** Two 3x3 convolutions, the first of stride 2. */
    public record Stem(Conv2d conv1, BatchNorm2d norm1, Conv2d conv2) implements Module {
        @Override
        public Tensor forward(Tensor x, Trace trace) {
            return conv2.apply(norm1.apply(conv1.apply(x, trace), trace), trace);
        }
    }

    /** A row of blocks under the name that timm gives it. */
    public record Stage(Sequential blocks) implements Module {
        @Override
        public Tensor forward(Tensor x, Trace trace) {
            return blocks.apply(x, trace);
        }
    }

    /** Convolutions on (n, c, h, w), then both attentions on (n, h, w, c). */
    public record Block(MbConv conv, PartitionAttention attn_block, PartitionAttention attn_grid) implements Module {
        @Override
        public Tensor forward(Tensor x, Trace trace) {
            Tensor map = conv.apply(x, trace).permute(0, 2, 3, 1);
            return attn_grid.apply(attn_block.apply(map, trace), trace).permute(0, 3, 1, 2);
        }
    }

    /**
     * @param scale first value of the blocks' layer scales, or 0 for none
     * @param hidden whether the head has a hidden layer
     */
    record Plan(int[] stem, int[] blocks, int[] widths, double scale, boolean hidden) {
        static Plan of(int width, double scale, boolean hidden, int... blocks) {
            int[] widths = {width, 2 * width, 4 * width, 8 * width};
            return new Plan(width == 32 ? new int[] {24, 32} : new int[] {32, 64}, blocks, widths, scale, hidden);
        }
    }

    static MaxVit of(Init init, Plan plan, int channels, int classes, double dropPath) {
        int[] stem = plan.stem();
        var first = new Stem(
                Conv2d.of(init, channels, stem[0], 3, 2, 1, 1, false),
                BatchNorm2d.of(init, stem[0], 1e-5, Activation.SILU),
                Conv2d.of(init, stem[0], stem[1], 3, 1, 1, 1, false));
        int total = Arrays.stream(plan.blocks()).sum();
        int number = 0;
        int in = stem[1];
        List<Stage> stages = new ArrayList<>();
        for (int s = 0; s < plan.blocks().length; s++) {
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < plan.blocks()[s]; i++, in = plan.widths()[s]) {
                double drop = dropPath * number++ / Math.max(1, total - 1);
                blocks.add(block(init, in, plan.widths()[s], i == 0 ? 2 : 1, plan.scale(), drop, 8 >> s));
            }
            stages.add(new Stage(Sequential.of(blocks)));
        }
        LayerNorm norm = LayerNorm.of(init, in, 1e-6, 1);
        return new MaxVit(
                first,
                Sequential.of(stages),
                plan.hidden() ? null : norm,
                plan.hidden()
                        ? ClassifierHead.hidden(init, norm, in, classes)
                        : ClassifierHead.of(init, null, in, classes));
    }

    private static Block block(Init init, int in, int out, int stride, double scale, double drop, int pieces) {
        return new Block(
                MbConv.of(init, in, out, stride, drop),
                PartitionAttention.of(init, out, scale, drop, pieces, false),
                PartitionAttention.of(init, out, scale, drop, pieces, true));
    }

    @Override
    public Tensor map(Tensor images, Trace trace) {
        Tensor map = stages.apply(stem.apply(images, trace), trace);
        return norm == null ? map : norm.apply(map, trace);
    }

    @Override
    public Tensor pooled(Tensor images, Trace trace) {
        return head.pooled(map(images, trace), trace);
    }

    @Override
    public int features() {
        return (norm == null ? head.norm() : norm).weight().shape().size();
    }

    @Override
    public Linear classifier() {
        return head.fc();
    }

    @Override
    public List<List<String>> groups() {
        return List.of(
                List.of("stem"),
                List.of("stages.0"),
                List.of("stages.1"),
                List.of("stages.2"),
                List.of("stages.3", "norm", "head.norm", "head.pre_logits"));
    }

    @Override
    public LayerDecay layers() {
        return LayerDecay.MAXVIT;
    }
}
