package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Pools;
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
 * VGG with batch norm (Simonyan and Zisserman 2015): 3x3 convolutions and max pools, then two wide layers, the first of them over 7 x 7
 * pixels. A smaller last map is resized to 7 x 7 by adaptive pooling.
 */
public record Vgg(Sequential features_, PreLogits pre_logits, ClassifierHead head) implements Backbone {
    private static final int TOP = 7;
    private static final int[] WIDTHS = {64, 128, 256, 512, 512};

    /** The two wide layers as convolutions. */
    public record PreLogits(Conv2d fc1, Conv2d fc2) implements Module {
        @Override
        public Tensor forward(Tensor x, Trace trace) {
            return fc2.apply(fc1.apply(x, trace).relu(), trace).relu();
        }
    }

    /**
     * @param repeats convolutions before each of the five pools
     */
    static Vgg of(Init init, int[] repeats, int channels, int classes) {
        List<Module> parts = new ArrayList<>();
        int in = channels;
        for (int stage = 0; stage < repeats.length; stage++) {
            for (int i = 0; i < repeats[stage]; i++, in = WIDTHS[stage]) {
                parts.add(Conv2d.of(init, in, WIDTHS[stage], 3, 1, 1, 1, true));
                parts.add(BatchNorm2d.of(init, WIDTHS[stage], 1e-5, Activation.IDENTITY));
                parts.add(new Activate(Activation.RELU));
            }
            parts.add(Pool2d.max(2, 2, 0));
        }
        return new Vgg(
                Sequential.of(parts),
                new PreLogits(
                        Conv2d.of(init, in, 4096, TOP, 1, 0, 1, true), Conv2d.of(init, 4096, 4096, 1, 1, 0, 1, true)),
                ClassifierHead.of(init, null, 4096, classes));
    }

    @Override
    public Tensor map(Tensor images, Trace trace) {
        return features_.apply(images, trace);
    }

    @Override
    public Tensor pooled(Tensor images, Trace trace) {
        Tensor map = map(images, trace);
        int rows = Math.max(TOP, map.shape().dim(2));
        int columns = Math.max(TOP, map.shape().dim(3));
        return pre_logits
                .apply(
                        rows == map.shape().dim(2) && columns == map.shape().dim(3)
                                ? map
                                : Pools.adaptiveAverage(map, rows, columns),
                        trace)
                .mean(2, 3)
                .reshape(images.shape().dim(0), features());
    }

    @Override
    public int features() {
        return pre_logits.fc2().weight().shape().dim(0);
    }

    @Override
    public Linear classifier() {
        return head.fc();
    }

    @Override
    public List<List<String>> groups() {
        List<List<String>> groups = new ArrayList<>();
        List<String> group = new ArrayList<>();
        for (String name : features_.parts().keySet()) {
            group.add("features." + name);
            if (features_.parts().get(name) instanceof Pool2d) {
                groups.add(List.copyOf(group));
                group.clear();
            }
        }
        groups.add(List.of("pre_logits"));
        return groups;
    }

    @Override
    public LayerDecay layers() {
        return LayerDecay.VGG;
    }
}
