package hoag.galaxy.models;

import hoag.engine.nn.Init;
import hoag.kernels.ConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Backbones by timm's names. */
public final class Backbones {
    private static final Map<String, Entry> KNOWN = new LinkedHashMap<>();

    /** What a caller chooses about a backbone; see {@link #create(String, long, int, int, double, int)}. */
    record Choice(int channels, int classes, double dropPath, int size) {
        int sizeOr(int own) {
            return size == 0 ? own : size;
        }
    }

    private interface Maker {
        Backbone make(Init init, Choice choice);
    }

    /** Pixels of a side that a transformer can be made for. */
    static final int LARGEST = 4096;

    /** Of transformers of a width, each 64 wide. */
    static final Map<String, Integer> HEADS = Map.of("tiny", 3, "small", 6, "base", 12);

    private record Entry(int size, Maker maker) {}

    /** Width, patch, whether blocks scale what they add, what stands for the picture, pixels of a side. */
    private static final Pattern VIT =
            Pattern.compile("vit_(tiny|small|base)_patch(14|16|28)(_dinov2)?(|_avg|_gap|_cls_avg)_(\\d{2,4})");

    /** The transformers that {@link #create} makes beside those of {@link #names}, as people write a choice. */
    public static final String VITS = "vit_{tiny,small,base}_patch{14,16,28}[_dinov2][_avg|_gap|_cls_avg]_PIXELS";

    static {
        efficientNet("efficientnet_b0", 224, EfficientNet.B0);
        efficientNet("efficientnet_b1", 240, EfficientNet.B0.scaled(1.0, 1.1));
        efficientNet("efficientnet_b2", 256, EfficientNet.B0.scaled(1.1, 1.2));
        efficientNet("efficientnet_b3", 288, EfficientNet.B0.scaled(1.2, 1.4));
        efficientNet("tf_efficientnet_lite0", 224, EfficientNet.LITE0);
        efficientNet("efficientnet_lite0", 224, EfficientNet.LITE0.padded());
        efficientNet("tf_efficientnetv2_s", 300, EfficientNet.V2_S);
        efficientNet("efficientnetv2_rw_t", 224, EfficientNet.V2_RW_T);
        resNet("resnet18", 224, ResNet.Plan.basic(2, 2, 2, 2));
        resNet("resnet34", 224, ResNet.Plan.basic(3, 4, 6, 3));
        resNet("resnet50", 224, ResNet.Plan.bottleneck(3, 4, 6, 3));
        resNet("resnet101", 224, ResNet.Plan.bottleneck(3, 4, 23, 3));
        add("vgg16_bn", 224, (i, c) -> Vgg.of(i, new int[] {2, 2, 3, 3, 3}, c.channels(), c.classes()));
        add("vgg19_bn", 224, (i, c) -> Vgg.of(i, new int[] {2, 2, 4, 4, 4}, c.channels(), c.classes()));
        add("densenet121", 224, (i, c) -> DenseNet.of(i, new int[] {6, 12, 24, 16}, c.channels(), c.classes()));
        convNeXt("convnext_pico", 224, ConvNeXt.Plan.of(new int[] {2, 2, 6, 2}, 64, true));
        convNeXt("convnext_nano", 224, ConvNeXt.Plan.of(new int[] {2, 2, 8, 2}, 80, true));
        convNeXt("convnext_tiny", 224, ConvNeXt.Plan.of(new int[] {3, 3, 9, 3}, 96, false));
        convNeXt("convnext_small", 224, ConvNeXt.Plan.of(new int[] {3, 3, 27, 3}, 96, false));
        convNeXt("convnext_base", 224, ConvNeXt.Plan.of(new int[] {3, 3, 27, 3}, 128, false));
        vit("vit_tiny_patch16_224", VisionTransformer.Plan.of(224, 16, 192, 3));
        vit("vit_small_patch16_224", VisionTransformer.Plan.of(224, 16, 384, 6));
        vit("vit_base_patch16_224", VisionTransformer.Plan.of(224, 16, 768, 12));
        vit(
                "vit_small_patch14_dinov2",
                VisionTransformer.Plan.of(518, 14, 384, 6).withScale());
        vit(
                "vit_base_patch14_dinov2",
                VisionTransformer.Plan.of(518, 14, 768, 12).withScale());
        maxVit("maxvit_rmlp_pico_rw_256", 256, MaxVit.Plan.of(32, 0, false, 2, 2, 5, 2));
        maxVit("maxvit_rmlp_nano_rw_256", 256, MaxVit.Plan.of(64, 0, false, 1, 2, 3, 1));
        maxVit("maxvit_rmlp_tiny_rw_256", 256, MaxVit.Plan.of(64, 0, false, 2, 2, 5, 2));
        maxVit("maxvit_rmlp_small_rw_224", 224, MaxVit.Plan.of(96, 1e-6, false, 2, 2, 5, 2));
        maxVit("maxvit_rmlp_base_rw_224", 224, MaxVit.Plan.of(96, 0, true, 2, 6, 14, 2));
        add("bayesian_cnn", BayesianCnn.SIZE, BayesianCnn::of);
        add("linformer_gz2", LinformerVit.SIZE, (i, c) -> LinformerVit.of(i, c.channels(), c.classes()));
        efficientNet("test_efficientnet", 160, EfficientNet.TEST);
        resNet("test_resnet", 160, ResNet.Plan.test());
        convNeXt("test_convnext", 160, ConvNeXt.Plan.test());
        vit("test_vit", new VisionTransformer.Plan(160, 16, 64, 6, 2, 192, false, VisionTransformer.Pooling.TOKEN));
    }

    private Backbones() {}

    private static void add(String name, int size, Maker maker) {
        KNOWN.put(name, new Entry(size, maker));
    }

    private static void efficientNet(String name, int size, EfficientNet.Plan plan) {
        add(name, size, (init, c) -> EfficientNet.of(init, plan, c.channels(), c.classes(), c.dropPath()));
    }

    private static void resNet(String name, int size, ResNet.Plan plan) {
        add(name, size, (init, c) -> ResNet.of(init, plan, c.channels(), c.classes()));
    }

    private static void convNeXt(String name, int size, ConvNeXt.Plan plan) {
        add(name, size, (init, c) -> ConvNeXt.of(init, plan, c.channels(), c.classes(), c.dropPath()));
    }

    private static void vit(String name, VisionTransformer.Plan plan) {
        add(name, plan.size(), (init, c) -> VisionTransformer.of(init, plan, c));
    }

    private static void maxVit(String name, int size, MaxVit.Plan plan) {
        add(name, size, (init, c) -> MaxVit.of(init, plan, c.channels(), c.classes(), c.dropPath()));
    }

    /** Every architecture, by timm's name. */
    public static List<String> names() {
        return List.copyOf(KNOWN.keySet());
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
        return known(name).maker().make(init, new Choice(channels, classes, dropPath, size));
    }

    /** Pixels of a side of the pictures that an architecture is published for. */
    public static int size(String name) {
        return known(name).size();
    }

    /** Whether {@link #create} makes it. */
    static boolean isKnown(String name) {
        return KNOWN.containsKey(name) || vit(name) != null;
    }

    private static Entry known(String name) {
        Entry entry = KNOWN.containsKey(name) ? KNOWN.get(name) : vit(name);
        if (entry == null) {
            throw new ConfigException(
                    "no architecture '" + name + "'; known: " + String.join(", ", names()) + ", and " + VITS);
        }
        return entry;
    }

    /** The transformers that are not worth a line each; null if the name is none of theirs. */
    private static Entry vit(String name) {
        Matcher parts = VIT.matcher(name);
        if (!parts.matches()) {
            return null;
        }
        int patch = Integer.parseInt(parts.group(2));
        int size = Integer.parseInt(parts.group(5));
        if (size < patch || size > LARGEST) {
            throw new ConfigException(
                    name + ": " + size + " pixels are not allowed; it must be " + patch + ".." + LARGEST);
        }
        int heads = HEADS.get(parts.group(1));
        var plain = VisionTransformer.Plan.of(size, patch, 64 * heads, heads)
                .pooling(VisionTransformer.Pooling.suffixed(parts.group(4)));
        var plan = parts.group(3) == null ? plain : plain.withScale();
        return new Entry(size, (init, c) -> VisionTransformer.of(init, plan, c));
    }
}
