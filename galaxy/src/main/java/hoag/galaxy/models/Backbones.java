package hoag.galaxy.models;

import hoag.engine.nn.Init;
import hoag.kernels.ConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Backbones by timm's names. */
public final class Backbones {
    private static final Map<String, Maker> MAKERS = new LinkedHashMap<>();

    /** What a caller chooses about a backbone; see {@link #create(String, long, int, int, double, int)}. */
    record Choice(int channels, int classes, double dropPath, int size) {
        int sizeOr(int own) {
            return size == 0 ? own : size;
        }
    }

    private interface Maker {
        Backbone make(Init init, Choice choice);
    }

    static {
        efficientNet("efficientnet_b0", EfficientNet.B0);
        efficientNet("efficientnet_b1", EfficientNet.B0.scaled(1.0, 1.1));
        efficientNet("efficientnet_b2", EfficientNet.B0.scaled(1.1, 1.2));
        efficientNet("efficientnet_b3", EfficientNet.B0.scaled(1.2, 1.4));
        efficientNet("tf_efficientnet_lite0", EfficientNet.LITE0);
        efficientNet("tf_efficientnetv2_s", EfficientNet.V2_S);
        efficientNet("efficientnetv2_rw_t", EfficientNet.V2_RW_T);
        resNet("resnet18", ResNet.Plan.basic(2, 2, 2, 2));
        resNet("resnet34", ResNet.Plan.basic(3, 4, 6, 3));
        resNet("resnet50", ResNet.Plan.bottleneck(3, 4, 6, 3));
        resNet("resnet101", ResNet.Plan.bottleneck(3, 4, 23, 3));
        MAKERS.put("vgg16_bn", (i, c) -> Vgg.of(i, new int[] {2, 2, 3, 3, 3}, c.channels(), c.classes()));
        MAKERS.put("vgg19_bn", (i, c) -> Vgg.of(i, new int[] {2, 2, 4, 4, 4}, c.channels(), c.classes()));
        MAKERS.put("densenet121", (i, c) -> DenseNet.of(i, new int[] {6, 12, 24, 16}, c.channels(), c.classes()));
        convNeXt("convnext_pico", ConvNeXt.Plan.of(new int[] {2, 2, 6, 2}, 64, true));
        convNeXt("convnext_nano", ConvNeXt.Plan.of(new int[] {2, 2, 8, 2}, 80, true));
        convNeXt("convnext_tiny", ConvNeXt.Plan.of(new int[] {3, 3, 9, 3}, 96, false));
        convNeXt("convnext_small", ConvNeXt.Plan.of(new int[] {3, 3, 27, 3}, 96, false));
        convNeXt("convnext_base", ConvNeXt.Plan.of(new int[] {3, 3, 27, 3}, 128, false));
        vit("vit_tiny_patch16_224", VisionTransformer.Plan.of(224, 16, 192, 3));
        vit("vit_small_patch16_224", VisionTransformer.Plan.of(224, 16, 384, 6));
        vit("vit_base_patch16_224", VisionTransformer.Plan.of(224, 16, 768, 12));
        vit(
                "vit_small_patch14_dinov2",
                VisionTransformer.Plan.of(518, 14, 384, 6).withScale());
        vit(
                "vit_base_patch14_dinov2",
                VisionTransformer.Plan.of(518, 14, 768, 12).withScale());
        maxVit("maxvit_rmlp_pico_rw_256", MaxVit.Plan.of(32, 0, false, 2, 2, 5, 2));
        maxVit("maxvit_rmlp_nano_rw_256", MaxVit.Plan.of(64, 0, false, 1, 2, 3, 1));
        maxVit("maxvit_rmlp_tiny_rw_256", MaxVit.Plan.of(64, 0, false, 2, 2, 5, 2));
        maxVit("maxvit_rmlp_small_rw_224", MaxVit.Plan.of(96, 1e-6, false, 2, 2, 5, 2));
        maxVit("maxvit_rmlp_base_rw_224", MaxVit.Plan.of(96, 0, true, 2, 6, 14, 2));
        efficientNet("test_efficientnet", EfficientNet.TEST);
        resNet("test_resnet", ResNet.Plan.test());
        convNeXt("test_convnext", ConvNeXt.Plan.test());
        vit("test_vit", new VisionTransformer.Plan(160, 16, 64, 6, 2, 192, false, true));
    }

    private Backbones() {}

    private static void efficientNet(String name, EfficientNet.Plan plan) {
        MAKERS.put(name, (init, c) -> EfficientNet.of(init, plan, c.channels(), c.classes(), c.dropPath()));
    }

    private static void resNet(String name, ResNet.Plan plan) {
        MAKERS.put(name, (init, c) -> ResNet.of(init, plan, c.channels(), c.classes()));
    }

    private static void convNeXt(String name, ConvNeXt.Plan plan) {
        MAKERS.put(name, (init, c) -> ConvNeXt.of(init, plan, c.channels(), c.classes(), c.dropPath()));
    }

    private static void vit(String name, VisionTransformer.Plan plan) {
        MAKERS.put(name, (init, c) -> VisionTransformer.of(init, plan, c));
    }

    private static void maxVit(String name, MaxVit.Plan plan) {
        MAKERS.put(name, (init, c) -> MaxVit.of(init, plan, c.channels(), c.classes(), c.dropPath()));
    }

    public static List<String> names() {
        return List.copyOf(MAKERS.keySet());
    }

    /**
     * A backbone with fresh weights, of the picture size that its architecture is published for.
     *
     * @throws ConfigException if there is no such architecture
     */
    public static Backbone create(String name, long seed, int channels, int classes, double dropPath) {
        return create(name, seed, channels, classes, dropPath, 0);
    }

    /**
     * A backbone with fresh weights.
     *
     * @param channels of the pictures
     * @param classes of the classifier; 0 for none
     * @param dropPath rate of stochastic depth at the last block, rising from 0 at the first
     * @param size pixels of a side that position embeddings are made for, where there are some; 0 for the architecture's own
     * @throws ConfigException if there is no such architecture
     */
    public static Backbone create(String name, long seed, int channels, int classes, double dropPath, int size) {
        return create(name, new Init(seed), channels, classes, dropPath, size);
    }

    /** {@link #create(String, long, int, int, double, int)} with the first weights of {@code init}. */
    public static Backbone create(String name, Init init, int channels, int classes, double dropPath, int size) {
        Maker maker = MAKERS.get(name);
        if (maker == null) {
            throw new ConfigException("no architecture '" + name + "'; known: " + String.join(", ", names()));
        }
        return maker.make(init, new Choice(channels, classes, dropPath, size));
    }
}
