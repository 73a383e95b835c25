package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Init;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Module;
import hoag.engine.nn.Pool2d;
import hoag.engine.nn.Sequential;
import hoag.engine.nn.Trace;
import hoag.engine.train.LayerDecay;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** DenseNet (Huang et al. 2017): every layer of a block sees the channels of all before it. */
public record DenseNet(Sequential features_, Linear classifier) implements Backbone {
    private static final int GROWTH = 32;

    /** Half the channels by 1x1, a quarter of the pixels by averaging. */
    public record Transition(BatchNorm2d norm, Conv2d conv, Pool2d pool) implements Module {
        static Transition of(Init init, int in) {
            return new Transition(
                    BatchNorm2d.of(init, in, 1e-5, Activation.RELU),
                    Conv2d.of(init, in, in / 2, 1, 1, 0, 1, false),
                    Pool2d.mean(2, 2));
        }

        @Override
        public Tensor forward(Tensor x, Trace trace) {
            return pool.apply(conv.apply(norm.apply(x, trace), trace), trace);
        }
    }

    /**
     * @param layers in each of the four blocks
     */
    static DenseNet of(Init init, int[] layers, int channels, int classes) {
        SequencedMap<String, Module> parts = new LinkedHashMap<>();
        int in = 2 * GROWTH;
        parts.put("conv0", Conv2d.of(init, channels, in, 7, 2, 3, 1, false));
        parts.put("norm0", BatchNorm2d.of(init, in, 1e-5, Activation.RELU));
        parts.put("pool0", Pool2d.max(3, 2, 1));
        for (int block = 1; block <= layers.length; block++) {
            SequencedMap<String, Module> each = new LinkedHashMap<>();
            for (int i = 1; i <= layers[block - 1]; i++, in += GROWTH) {
                each.put("denselayer" + i, DenseLayer.of(init, in, GROWTH));
            }
            parts.put("denseblock" + block, new Sequential(each));
            if (block < layers.length) {
                parts.put("transition" + block, Transition.of(init, in));
                in /= 2;
            }
        }
        parts.put("norm5", BatchNorm2d.of(init, in, 1e-5, Activation.RELU));
        return new DenseNet(new Sequential(parts), classes == 0 ? null : Linear.of(init, in, classes));
    }

    @Override
    public Tensor map(Tensor images, Trace trace) {
        return features_.apply(images, trace);
    }

    @Override
    public int features() {
        return ((BatchNorm2d) features_.last()).weight().shape().size();
    }

    @Override
    public List<List<String>> groups() {
        return List.of(
                List.of("features.conv0", "features.norm0"),
                List.of("features.denseblock1", "features.transition1"),
                List.of("features.denseblock2", "features.transition2"),
                List.of("features.denseblock3", "features.transition3"),
                List.of("features.denseblock4", "features.norm5"));
    }

    /** Block by block, a transition with the block before it. */
    @Override
    public LayerDecay layers() {
        return LayerDecay.of(
                "features\\.(?:conv0|norm0)", "features\\.(?:denseblock|transition)(\\d+)", "features\\.norm5");
    }
}
