package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Init;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Sequential;
import hoag.engine.nn.Trace;
import hoag.engine.train.LayerDecay;
import java.util.List;

/** The worked example of CONTRIBUTING. */
record TinyNet(Sequential stem, Sequential blocks, Linear fc) implements Backbone {
    static TinyNet of(Init init, int channels, int classes) {
        return new TinyNet(
                Sequential.of(
                        Conv2d.of(init, channels, 32, 3, 2, 1, 1, false),
                        BatchNorm2d.of(init, 32, 1e-5, Activation.SILU)),
                Sequential.of(BasicBlock.of(init, 32, 64, 2, false), BasicBlock.of(init, 64, 128, 2, false)),
                classes == 0 ? null : Linear.of(init, 128, classes));
    }

    @Override
    public Tensor map(Tensor images, Trace trace) {
        return blocks.apply(stem.apply(images, trace), trace);
    }

    @Override
    public int features() {
        return 128;
    }

    @Override
    public Linear classifier() {
        return fc;
    }

    @Override
    public List<List<String>> groups() { // what is frozen or trained as one
        return List.of(List.of("stem"), List.of("blocks"));
    }

    @Override
    public LayerDecay layers() { // stem, one layer a block, then the rest
        return LayerDecay.of("stem", "blocks\\.(\\d+)", "(?!)");
    }
}
