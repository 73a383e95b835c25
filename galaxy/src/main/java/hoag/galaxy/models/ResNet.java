package hoag.galaxy.models;

import hoag.engine.Activation;
import hoag.engine.Tensor;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Init;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Module;
import hoag.engine.nn.Trace;
import hoag.kernels.Kernel.PoolMode;
import java.util.ArrayList;
import java.util.List;

/**
 * ResNet-18 (He et al. 2016): a 7x7 stem, max pooling, four stages of two basic blocks.
 *
 * @param fc the classifier, null for a bare backbone
 */
public record ResNet(
        Conv2d conv1,
        BatchNorm2d bn1,
        List<Module> layer1,
        List<Module> layer2,
        List<Module> layer3,
        List<Module> layer4,
        Linear fc)
        implements Backbone {
    /** 11.7 million parameters with 1,000 classes. */
    static ResNet resnet18(Init init, int channels, int classes) {
        return new ResNet(
                Conv2d.of(init, channels, 64, 7, 2, 3, 1, false),
                BatchNorm2d.of(init, 64, 1e-5, Activation.RELU),
                stage(init, 64, 64, 1),
                stage(init, 64, 128, 2),
                stage(init, 128, 256, 2),
                stage(init, 256, 512, 2),
                classes == 0 ? null : Linear.of(init, 512, classes));
    }

    private static List<Module> stage(Init init, int in, int out, int stride) {
        return List.of(BasicBlock.of(init, in, out, stride), BasicBlock.of(init, out, out, 1));
    }

    @Override
    public Tensor map(Tensor images, Trace trace) {
        Tensor x = bn1.apply(conv1.apply(images, trace), trace)
                .pool(PoolMode.MAX, new int[] {3, 3}, new int[] {2, 2}, new int[] {1, 1, 1, 1}, new int[] {1, 1});
        for (List<Module> stage : List.of(layer1, layer2, layer3, layer4)) {
            for (Module block : stage) {
                x = block.apply(x, trace);
            }
        }
        return x;
    }

    @Override
    public int features() {
        return 512;
    }

    @Override
    public Linear classifier() {
        return fc;
    }

    @Override
    public List<List<Module>> groups() {
        List<List<Module>> groups = new ArrayList<>();
        groups.add(List.of(conv1, bn1));
        groups.addAll(List.of(layer1, layer2, layer3, layer4));
        return groups;
    }
}
