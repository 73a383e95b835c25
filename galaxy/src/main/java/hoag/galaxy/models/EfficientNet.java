package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Init;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;
import hoag.engine.train.LayerDecay;
import java.util.ArrayList;
import java.util.List;

/**
 * EfficientNet (Tan and Le 2019): a stem, stages of inverted residual blocks with squeeze-and-excite, a 1x1 head. The Lite variants
 * have ReLU6 and no squeeze-and-excite. EfficientNetV2 (Tan and Le 2021) has full convolutions in its first stages.
 *
 * @param blocks stages of blocks, keyed {@code blocks.STAGE.BLOCK}
 * @param classifier null for a bare backbone
 */
public record EfficientNet(
        Conv2d conv_stem,
        BatchNorm2d bn1,
        List<List<Module>> blocks,
        Conv2d conv_head,
        BatchNorm2d bn2,
        Linear classifier)
        implements Backbone {
    /** Which block a stage is made of; {@link #INVERTED} without expansion is {@link DepthwiseSeparable}. */
    enum Kind {
        CONV,
        EDGE,
        INVERTED
    }

    /** One row of the papers' tables. */
    record Stage(Kind kind, int kernel, int stride, int expand, int out, int repeats) {}

    /** What differs between the families: TensorFlow's padding and eps, the activation, squeeze-and-excite. */
    record Style(Activation activation, boolean gated, boolean tensorflow) {
        BatchNorm2d norm(Init init, int channels, Activation after) {
            return BatchNorm2d.of(init, channels, tensorflow ? 1e-3 : 1e-5, after);
        }

        Conv2d depthwise(Init init, int channels, int kernel, int stride) {
            return Conv2d.of(init, channels, channels, kernel, stride, padding(kernel), channels, false);
        }

        Conv2d dense(Init init, int in, int out, int kernel, int stride) {
            return Conv2d.of(init, in, out, kernel, stride, padding(kernel), 1, false);
        }

        private int padding(int kernel) {
            return tensorflow ? Conv2d.SAME : kernel / 2;
        }
    }

    /** A whole network: channels of the stem, stages, channels of the head. */
    record Plan(int stem, List<Stage> stages, int head, Style style) {
        /** Wider by {@code width}, in multiples of 8, and deeper by {@code depth}. */
        Plan scaled(double width, double depth) {
            List<Stage> scaled = stages.stream()
                    .map(s -> new Stage(s.kind(), s.kernel(), s.stride(), s.expand(), eights(s.out() * width), (int)
                            Math.ceil(s.repeats() * depth)))
                    .toList();
            return new Plan(eights(stem * width), scaled, eights(head * width), style);
        }

        /** With PyTorch's padding and eps instead of TensorFlow's. */
        Plan padded() {
            return new Plan(stem, stages, head, new Style(style.activation(), style.gated(), false));
        }

        /** The nearest multiple of 8 that is not more than a tenth too small. */
        private static int eights(double channels) {
            int rounded = Math.max(8, (int) (channels + 4) / 8 * 8);
            return rounded < 0.9 * channels ? rounded + 8 : rounded;
        }
    }

    private static final Style PLAIN = new Style(Activation.SILU, true, false);

    private static Stage stage(Kind kind, int kernel, int stride, int expand, int out, int repeats) {
        return new Stage(kind, kernel, stride, expand, out, repeats);
    }

    /** EfficientNet-B0, 5.3 million parameters with 1,000 classes, made for 224 x 224 pixels. */
    static final Plan B0 = new Plan(
            32,
            List.of(
                    stage(Kind.INVERTED, 3, 1, 1, 16, 1),
                    stage(Kind.INVERTED, 3, 2, 6, 24, 2),
                    stage(Kind.INVERTED, 5, 2, 6, 40, 2),
                    stage(Kind.INVERTED, 3, 2, 6, 80, 3),
                    stage(Kind.INVERTED, 5, 1, 6, 112, 3),
                    stage(Kind.INVERTED, 5, 2, 6, 192, 4),
                    stage(Kind.INVERTED, 3, 1, 6, 320, 1)),
            1280,
            PLAIN);

    /** EfficientNet-Lite0 as TensorFlow trained it, 4.7 million parameters. */
    static final Plan LITE0 = new Plan(32, B0.stages(), 1280, new Style(Activation.RELU6, false, true));

    /** EfficientNetV2-S as TensorFlow trained it, 21.5 million parameters. */
    static final Plan V2_S = new Plan(
            24,
            List.of(
                    stage(Kind.CONV, 3, 1, 1, 24, 2),
                    stage(Kind.EDGE, 3, 2, 4, 48, 4),
                    stage(Kind.EDGE, 3, 2, 4, 64, 4),
                    stage(Kind.INVERTED, 3, 2, 4, 128, 6),
                    stage(Kind.INVERTED, 3, 1, 6, 160, 9),
                    stage(Kind.INVERTED, 3, 2, 6, 256, 15)),
            1280,
            new Style(Activation.SILU, true, true));

    /** timm's tiny EfficientNetV2, 13.6 million parameters. */
    static final Plan V2_RW_T = new Plan(
            24,
            List.of(
                    stage(Kind.CONV, 3, 1, 1, 24, 2),
                    stage(Kind.EDGE, 3, 2, 4, 40, 4),
                    stage(Kind.EDGE, 3, 2, 4, 48, 4),
                    stage(Kind.INVERTED, 3, 2, 4, 104, 6),
                    stage(Kind.INVERTED, 3, 1, 6, 128, 9),
                    stage(Kind.INVERTED, 3, 2, 6, 208, 14)),
            1024,
            PLAIN);

    /** timm's network for tests, 0.36 million parameters. */
    static final Plan TEST = new Plan(
            24,
            List.of(
                    stage(Kind.CONV, 3, 1, 1, 16, 1),
                    stage(Kind.EDGE, 3, 2, 4, 24, 1),
                    stage(Kind.EDGE, 3, 2, 4, 32, 1),
                    stage(Kind.INVERTED, 3, 2, 4, 48, 1),
                    stage(Kind.INVERTED, 3, 2, 4, 64, 1)),
            256,
            PLAIN);

    static EfficientNet of(Init init, Plan plan, int channels, int classes, double dropPath) {
        Style style = plan.style();
        var stem = style.dense(init, channels, plan.stem(), 3, 2);
        var bn1 = style.norm(init, plan.stem(), style.activation());
        List<List<Module>> stages = new ArrayList<>();
        int total = plan.stages().stream().mapToInt(Stage::repeats).sum();
        int in = plan.stem();
        int number = 0;
        for (Stage stage : plan.stages()) {
            List<Module> blocks = new ArrayList<>();
            for (int i = 0; i < stage.repeats(); i++, in = stage.out()) {
                blocks.add(block(init, in, stage, i == 0 ? stage.stride() : 1, style, dropPath * number++ / total));
            }
            stages.add(List.copyOf(blocks));
        }
        return new EfficientNet(
                stem,
                bn1,
                List.copyOf(stages),
                Conv2d.of(init, in, plan.head(), 1, 1, 0, 1, false),
                style.norm(init, plan.head(), style.activation()),
                classes == 0 ? null : Linear.of(init, plan.head(), classes));
    }

    private static Module block(Init init, int in, Stage stage, int stride, Style style, double dropPath) {
        return switch (stage.kind()) {
            case CONV -> ConvBnAct.of(init, in, stage, stride, style, dropPath);
            case EDGE -> EdgeResidual.of(init, in, stage, stride, style, dropPath);
            case INVERTED ->
                stage.expand() == 1
                        ? DepthwiseSeparable.of(init, in, stage, stride, style, dropPath)
                        : InvertedResidual.of(init, in, stage, stride, style, dropPath);
        };
    }

    @Override
    public Tensor map(Tensor images, Trace trace) {
        Tensor x = bn1.apply(conv_stem.apply(images, trace), trace);
        for (List<Module> stage : blocks) {
            for (Module block : stage) {
                x = block.apply(x, trace);
            }
        }
        return bn2.apply(conv_head.apply(x, trace), trace);
    }

    @Override
    public int features() {
        return conv_head.weight().shape().dim(0);
    }

    @Override
    public List<List<String>> groups() {
        List<List<String>> groups = new ArrayList<>();
        groups.add(List.of("conv_stem", "bn1"));
        for (int i = 0; i < blocks.size(); i++) {
            groups.add(List.of("blocks." + i));
        }
        groups.add(List.of("conv_head", "bn2"));
        return groups;
    }

    @Override
    public LayerDecay layers() {
        return LayerDecay.EFFICIENTNET;
    }
}
