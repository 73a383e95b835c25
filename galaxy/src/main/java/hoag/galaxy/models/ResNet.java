package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.Activate;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Init;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Module;
import hoag.engine.nn.Pool2d;
import hoag.engine.nn.Sequential;
import hoag.engine.nn.Trace;
import hoag.engine.train.LayerDecay;
import java.util.ArrayList;
import java.util.List;

/**
 * ResNet (He et al. 2016): a stem, max pooling, four stages of basic blocks or bottlenecks.
 *
 * @param conv1 a 7x7 convolution, or the deep stem's row of 3x3 convolutions
 * @param fc the classifier, null for a bare backbone
 */
public record ResNet(
        Module conv1,
        BatchNorm2d bn1,
        Sequential layer1,
        Sequential layer2,
        Sequential layer3,
        Sequential layer4,
        Linear fc)
        implements Backbone {
    /** Blocks of the four stages and their widths; {@code narrow} where the block is a {@link Bottleneck}. */
    record Plan(int[] blocks, int[] widths, boolean[] narrow, boolean deep) {
        private static final int[] WIDTHS = {64, 128, 256, 512};

        static Plan basic(int... blocks) {
            return new Plan(blocks, WIDTHS, new boolean[4], false);
        }

        static Plan bottleneck(int... blocks) {
            return new Plan(blocks, WIDTHS, new boolean[] {true, true, true, true}, false);
        }

        /** timm's network for tests: a deep stem, average pooling before the shortcuts' convolutions, one bottleneck. */
        static Plan test() {
            return new Plan(
                    new int[] {1, 1, 1, 1},
                    new int[] {32, 48, 48, 96},
                    new boolean[] {false, false, true, false},
                    true);
        }
    }

    static ResNet of(Init init, Plan plan, int channels, int classes) {
        int stem = plan.deep() ? plan.widths()[0] : 64;
        Module conv1 =
                plan.deep() ? deepStem(init, channels, stem) : Conv2d.of(init, channels, stem, 7, 2, 3, 1, false);
        var bn1 = BatchNorm2d.of(init, stem, 1e-5, Activation.RELU);
        List<Sequential> stages = new ArrayList<>();
        int in = stem;
        for (int s = 0; s < 4; s++) {
            List<Module> stage = new ArrayList<>();
            int width = plan.widths()[s];
            for (int i = 0; i < plan.blocks()[s]; i++) {
                int stride = i == 0 && s > 0 ? 2 : 1;
                stage.add(
                        plan.narrow()[s]
                                ? Bottleneck.of(init, in, width, stride, plan.deep())
                                : BasicBlock.of(init, in, width, stride, plan.deep()));
                in = plan.narrow()[s] ? Bottleneck.WIDEN * width : width;
            }
            stages.add(Sequential.of(stage));
        }
        return new ResNet(
                conv1,
                bn1,
                stages.get(0),
                stages.get(1),
                stages.get(2),
                stages.get(3),
                classes == 0 ? null : Linear.of(init, in, classes));
    }

    private static Sequential deepStem(Init init, int channels, int out) {
        int half = out / 2;
        return Sequential.of(
                Conv2d.of(init, channels, half, 3, 2, 1, 1, false),
                BatchNorm2d.of(init, half, 1e-5, Activation.IDENTITY),
                new Activate(Activation.RELU),
                Conv2d.of(init, half, half, 3, 1, 1, 1, false),
                BatchNorm2d.of(init, half, 1e-5, Activation.IDENTITY),
                new Activate(Activation.RELU),
                Conv2d.of(init, half, out, 3, 1, 1, 1, false));
    }

    /** 1x1 convolution and norm where the shape changes, else null; {@code averaged}: a 2x2 mean does the stride. */
    static Sequential shortcut(Init init, int in, int out, int stride, boolean averaged) {
        if (stride == 1 && in == out) {
            return null;
        }
        var conv = Conv2d.of(init, in, out, 1, averaged ? 1 : stride, 0, 1, false);
        var norm = BatchNorm2d.of(init, out, 1e-5, Activation.IDENTITY);
        return averaged
                ? Sequential.of(stride == 1 ? new Activate(Activation.IDENTITY) : Pool2d.mean(2, 2), conv, norm)
                : Sequential.of(conv, norm);
    }

    private List<Sequential> stages() {
        return List.of(layer1, layer2, layer3, layer4);
    }

    @Override
    public Tensor map(Tensor images, Trace trace) {
        Tensor x = conv1.apply(images, trace);
        x = Pool2d.max(3, 2, 1).apply(bn1.apply(x, trace), trace);
        for (Sequential stage : stages()) {
            x = stage.apply(x, trace);
        }
        return x;
    }

    @Override
    public int features() {
        return switch (layer4.last()) {
            case Bottleneck block -> block.bn3().weight().shape().size();
            case BasicBlock block -> block.bn2().weight().shape().size();
            default -> throw new IllegalStateException(layer4.last() + " is no block of a ResNet");
        };
    }

    @Override
    public Linear classifier() {
        return fc;
    }

    @Override
    public List<List<String>> groups() {
        return List.of(
                List.of("conv1", "bn1"), List.of("layer1"), List.of("layer2"), List.of("layer3"), List.of("layer4"));
    }

    @Override
    public LayerDecay layers() {
        return LayerDecay.RESNET;
    }
}
