package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Init;
import hoag.engine.nn.LayerNorm;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Module;
import hoag.engine.nn.Sequential;
import hoag.engine.nn.Trace;
import hoag.engine.train.LayerDecay;
import java.util.ArrayList;
import java.util.List;

/** ConvNeXt (Liu et al. 2022): patches of 4 x 4 pixels, then four stages of {@link ConvNeXtBlock}s. */
public record ConvNeXt(Sequential stem, Sequential stages, ClassifierHead head) implements Backbone {
    /** Norm and a 2x2 convolution of stride 2 (null in the first stage), then blocks. */
    public record Stage(Sequential downsample, Sequential blocks) implements Module {
        @Override
        public Tensor forward(Tensor x, Trace trace) {
            return blocks.apply(downsample == null ? x : downsample.apply(x, trace), trace);
        }
    }

    /**
     * Blocks of the four stages and their widths.
     *
     * @param convMlp whether checkpoints hold the 1x1 layers as convolutions, (out, in, 1, 1), or as linear layers, (out, in)
     * @param scaled whether a block's result is scaled for each channel
     */
    record Plan(int[] blocks, int[] widths, boolean convMlp, boolean scaled, double eps, Activation activation) {
        static Plan of(int[] blocks, int width, boolean convMlp) {
            return new Plan(
                    blocks, new int[] {width, 2 * width, 4 * width, 8 * width}, convMlp, true, 1e-6, Activation.GELU);
        }

        /** timm's network for tests. */
        static Plan test() {
            return new Plan(
                    new int[] {1, 2, 4, 2}, new int[] {24, 32, 48, 64}, false, true, 1e-5, Activation.GELU_TANH);
        }
    }

    static ConvNeXt of(Init init, Plan plan, int channels, int classes, double dropPath) {
        int in = plan.widths()[0];
        var stem =
                Sequential.of(Conv2d.of(init, channels, in, 4, 4, 0, 1, true), LayerNorm.of(init, in, plan.eps(), 1));
        int total = java.util.Arrays.stream(plan.blocks()).sum();
        int number = 0;
        List<Stage> stages = new ArrayList<>();
        for (int s = 0; s < plan.blocks().length; in = plan.widths()[s++]) {
            int width = plan.widths()[s];
            var downsample = s == 0
                    ? null
                    : Sequential.of(
                            LayerNorm.of(init, in, plan.eps(), 1), Conv2d.of(init, in, width, 2, 2, 0, 1, true));
            List<Module> blocks = new ArrayList<>();
            for (int i = 0; i < plan.blocks()[s]; i++) {
                blocks.add(ConvNeXtBlock.of(init, plan, width, dropPath * number++ / Math.max(1, total - 1)));
            }
            stages.add(new Stage(downsample, Sequential.of(blocks)));
        }
        return new ConvNeXt(
                stem,
                Sequential.of(stages),
                ClassifierHead.of(init, LayerNorm.of(init, in, plan.eps(), 1), in, classes));
    }

    @Override
    public Tensor map(Tensor images, Trace trace) {
        return stages.apply(stem.apply(images, trace), trace);
    }

    @Override
    public Tensor pooled(Tensor images, Trace trace) {
        return head.pooled(map(images, trace), trace);
    }

    @Override
    public int features() {
        return head.norm().weight().shape().size();
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
                List.of("stages.3", "head.norm"));
    }

    @Override
    public LayerDecay layers() {
        return LayerDecay.CONVNEXT;
    }
}
