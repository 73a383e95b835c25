package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Init;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;
import java.util.ArrayList;
import java.util.List;

/**
 * EfficientNet (Tan and Le 2019): a stem, seven stages of inverted residual blocks with squeeze-and-excite, a 1x1 head. The Lite variants
 * have ReLU6 and no squeeze-and-excite.
 *
 * @param blocks seven stages of blocks, keyed {@code blocks.STAGE.BLOCK}
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
    /** One row of the paper's table 1. */
    record Stage(int kernel, int stride, int expand, int out, int repeats) {}

    /** What differs between the families: TensorFlow's padding and eps, the activation, squeeze-and-excite. */
    record Style(Activation activation, boolean gated, boolean tensorflow) {
        BatchNorm2d norm(Init init, int channels, Activation after) {
            return BatchNorm2d.of(init, channels, tensorflow ? 1e-3 : 1e-5, after);
        }

        Conv2d conv(Init init, int channels, int kernel, int stride) {
            return Conv2d.of(init, channels, channels, kernel, stride, padding(kernel), channels, false);
        }

        int padding(int kernel) {
            return tensorflow ? Conv2d.SAME : kernel / 2;
        }
    }

    private static final List<Stage> B0 = List.of(
            new Stage(3, 1, 1, 16, 1),
            new Stage(3, 2, 6, 24, 2),
            new Stage(5, 2, 6, 40, 2),
            new Stage(3, 2, 6, 80, 3),
            new Stage(5, 1, 6, 112, 3),
            new Stage(5, 2, 6, 192, 4),
            new Stage(3, 1, 6, 320, 1));

    /** EfficientNet-B0, 5.3 million parameters with 1,000 classes, made for 224 x 224 pixels. */
    static EfficientNet b0(Init init, int channels, int classes, double dropPath) {
        return of(init, channels, classes, new Style(Activation.SILU, true, false), dropPath);
    }

    /** EfficientNet-Lite0 as TensorFlow trained it, 4.7 million parameters. */
    static EfficientNet lite0(Init init, int channels, int classes, double dropPath) {
        return of(init, channels, classes, new Style(Activation.RELU6, false, true), dropPath);
    }

    private static EfficientNet of(Init init, int channels, int classes, Style style, double dropPath) {
        var stem = Conv2d.of(init, channels, 32, 3, 2, style.padding(3), 1, false);
        var bn1 = style.norm(init, 32, style.activation());
        List<List<Module>> stages = new ArrayList<>();
        int total = B0.stream().mapToInt(Stage::repeats).sum();
        int in = 32;
        int number = 0;
        for (Stage stage : B0) {
            List<Module> blocks = new ArrayList<>();
            for (int i = 0; i < stage.repeats(); i++, in = stage.out()) {
                blocks.add(block(init, in, stage, i == 0 ? stage.stride() : 1, style, dropPath * number++ / total));
            }
            stages.add(List.copyOf(blocks));
        }
        var head = Conv2d.of(init, in, 1280, 1, 1, 0, 1, false);
        return new EfficientNet(
                stem,
                bn1,
                List.copyOf(stages),
                head,
                style.norm(init, 1280, style.activation()),
                classes == 0 ? null : Linear.of(init, 1280, classes));
    }

    private static Module block(Init init, int in, Stage stage, int stride, Style style, double dropPath) {
        return stage.expand() == 1
                ? DepthwiseSeparable.of(init, in, stage.out(), stage, stride, style, dropPath)
                : InvertedResidual.of(init, in, stage.out(), stage, stride, style, dropPath);
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
        return 1280;
    }

    @Override
    public List<List<Module>> groups() {
        List<List<Module>> groups = new ArrayList<>();
        groups.add(List.of(conv_stem, bn1));
        groups.addAll(blocks);
        groups.add(List.of(conv_head, bn2));
        return groups;
    }
}
