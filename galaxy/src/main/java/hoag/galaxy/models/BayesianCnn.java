package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.Activate;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Dropout;
import hoag.engine.nn.Init;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Module;
import hoag.engine.nn.Pool2d;
import hoag.engine.nn.Sequential;
import hoag.engine.nn.Trace;
import hoag.engine.train.LayerDecay;
import hoag.kernels.ShapeException;
import java.util.ArrayList;
import java.util.List;

/**
 * The small network of Walmsley et al. 2020 (arXiv:1905.07424): six 3x3 convolutions and four pools, a dense layer of 128, dropout of a half
 * before the answer. Traced with {@link Trace#sample}, the dropout draws from the posterior. Pictures have the size that the dense layer was
 * made for.
 *
 * @param fc the classifier, or null
 */
public record BayesianCnn(Sequential features_, Linear dense, Dropout drop, Linear fc) implements Backbone {
    static final int SIZE = 128;
    private static final int DENSE = 128;
    private static final int[][] STAGES = {{32, 32}, {64, 64}, {128}, {128}};

    static BayesianCnn of(Init init, Backbones.Choice choice) {
        List<Module> parts = new ArrayList<>();
        int in = choice.channels();
        for (int[] stage : STAGES) {
            for (int width : stage) {
                parts.add(Conv2d.of(init, in, width, 3, 1, 1, 1, true));
                parts.add(new Activate(Activation.RELU));
                in = width;
            }
            parts.add(Pool2d.max(2, 2, 0));
        }
        int side = choice.sizeOr(SIZE) >> STAGES.length;
        return new BayesianCnn(
                Sequential.of(parts),
                Linear.of(init, in * side * side, DENSE),
                new Dropout(0.5),
                choice.classes() == 0 ? null : Linear.of(init, DENSE, choice.classes()));
    }

    @Override
    public Tensor map(Tensor images, Trace trace) {
        return features_.apply(images, trace);
    }

    @Override
    public Tensor pooled(Tensor images, Trace trace) {
        Tensor map = map(images, trace);
        int n = images.shape().dim(0);
        int wanted = dense.weight().shape().dim(1);
        if (map.shape().size() != n * wanted) {
            throw new ShapeException("bayesian_cnn: pictures " + images.shape() + " make "
                    + map.shape().size() / n + " numbers each, its dense layer wants " + wanted
                    + "; create it for this size");
        }
        return dense.apply(map.reshape(n, wanted), trace).relu();
    }

    @Override
    public Tensor forward(Tensor images, Trace trace) {
        Tensor pooled = drop.apply(pooled(images, trace), trace);
        return fc == null ? pooled : fc.apply(pooled, trace);
    }

    @Override
    public int features() {
        return DENSE;
    }

    @Override
    public Linear classifier() {
        return fc;
    }

    @Override
    public List<List<String>> groups() {
        return List.of(List.of("features"), List.of("dense"));
    }

    @Override
    public LayerDecay layers() {
        return LayerDecay.of("features\\.0", "features\\.(\\d+)", "dense");
    }
}
