package hoag.galaxy.models;

import hoag.engine.nn.Init;
import hoag.kernels.ConfigException;
import java.util.List;

/** Backbones by timm's names. */
public final class Backbones {
    private Backbones() {}

    public static List<String> names() {
        return List.of("efficientnet_b0", "tf_efficientnet_lite0", "resnet18");
    }

    /**
     * A backbone with fresh weights.
     *
     * @param channels of the pictures
     * @param classes of the classifier; 0 for none
     * @param dropPath rate of stochastic depth at the last block, rising from 0 at the first
     * @throws ConfigException if there is no such architecture
     */
    public static Backbone create(String name, long seed, int channels, int classes, double dropPath) {
        Init init = new Init(seed);
        return switch (name) {
            case "efficientnet_b0" -> EfficientNet.b0(init, channels, classes, dropPath);
            case "tf_efficientnet_lite0" -> EfficientNet.lite0(init, channels, classes, dropPath);
            case "resnet18" -> ResNet.resnet18(init, channels, classes);
            default ->
                throw new ConfigException("no architecture '" + name + "'; known: " + String.join(", ", names()));
        };
    }
}
