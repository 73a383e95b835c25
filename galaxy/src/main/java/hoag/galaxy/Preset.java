package hoag.galaxy;

import hoag.galaxy.image.Augment;
import hoag.galaxy.image.Augment.Range;
import hoag.galaxy.learn.Descent;
import hoag.galaxy.learn.Mode;
import hoag.galaxy.learn.Rule;
import hoag.galaxy.learn.TrainSettings;
import hoag.galaxy.learn.TrainSettings.Norm;
import hoag.kernels.ConfigException;
import java.util.List;

/**
 * The settings of another system under its name: what its code or paper states, without the slips of that code (a cosine that multiplies the rate by
 * itself, class weights that change the rate, losses averaged over questions, frozen BatchNorm that drifts). What is not stated is as in Hoag.
 *
 * @param source where the values come from
 * @param architecture the backbone that {@link Train} makes where none is named
 * @param grey whether {@link Train} takes the mean of the colours
 * @param train settings from random weights
 * @param finetune settings from trained weights
 */
public record Preset(String name, String source, String architecture, boolean grey, Recipe train, Recipe finetune) {
    /** Names of {@link #of}. */
    public static final List<String> NAMES =
            List.of("zoobot-2.0", "zoobot-2.9", "gz-decals", "gz-evo", "linformer", "star-clusters");

    /** Zoobot 2.0 cuts 70% to 80% of a picture's area, anywhere, and predicts so too: here always the middle of that. */
    private static final double CUT = Math.sqrt(1 / 0.75);

    /** Zoobot 2.9 magnifies by 1.2 to 1.4 in training and by 1.2 ever after. */
    private static final double ZOOM = 1.2;

    /** 224 of 300 pixels. */
    private static final double DECALS = 300 / 224.0;

    /** 224 of 424 pixels. */
    private static final double CENTRE = 424 / 224.0;

    /** @throws ConfigException if there is none of this name */
    public static Preset of(String name) {
        return switch (name) {
            case "zoobot-2.0" -> zoobot20();
            case "zoobot-2.9" -> zoobot29();
            case "gz-decals" -> decals();
            case "gz-evo" -> evo();
            case "linformer" -> linformer();
            case "star-clusters" -> starClusters();
            default -> throw new ConfigException("--recipe " + name + " is none of " + String.join(", ", NAMES));
        };
    }

    /** The augmentation of this name, or null if none has it. */
    static Augment augmentation(String name) {
        return switch (name) {
            case "zoobot-2.0" ->
                new Augment(
                        180,
                        true,
                        new Range(Math.sqrt(1 / 0.8) / CUT, Math.sqrt(1 / 0.7) / CUT),
                        new Range(0.9, 1.1),
                        0.067,
                        0,
                        0,
                        Range.ONE);
            case "zoobot-2.9" ->
                new Augment(90, true, new Range(1, 1.4 / ZOOM), Range.ONE, 0.1, 20, 5, new Range(0.002, 0.007));
            case "gz-decals" -> new Augment(180, true, Range.ONE, Range.ONE, 0.127, 0, 0, Range.ONE);
            case "linformer" ->
                new Augment(90, true, new Range(1, Math.sqrt(1 / 0.8)), new Range(0.99, 1.01), 0, 0, 0, Range.ONE);
            case "turned" -> new Augment(180, true, Range.ONE, Range.ONE, 0, 0, 0, Range.ONE);
            default -> null;
        };
    }

    private static Preset zoobot20() {
        Recipe seen = Recipe.of(plain()).size(224).augment("zoobot-2.0").zoom(CUT);
        return new Preset(
                "zoobot-2.0",
                "Zoobot 2.0 with galaxy-datasets 0.0.21",
                "efficientnet_b0",
                true,
                seen.settings(zoobotsScratch()).dropout(0.2).keep(3),
                seen.settings(zoobotsTuning()
                                .mode(Mode.HEAD)
                                .norm(Norm.FROZEN)
                                .layerDecay(0.75)
                                .rule(steady(Rule.Method.ADAMW).layers(Rule.Layers.ZOOBOT)))
                        .dropout(0.5));
    }

    private static Preset zoobot29() {
        Recipe seen = Recipe.of(plain()).size(224).augment("zoobot-2.9").zoom(ZOOM);
        return new Preset(
                "zoobot-2.9",
                "Zoobot 2.9.0 with galaxy-datasets 0.0.25",
                "efficientnet_b0",
                false,
                seen.settings(zoobotsScratch()).dropout(0.2).keep(3),
                seen.settings(zoobotsTuning()
                                .layerDecay(0.75)
                                .rule(steady(Rule.Method.ADAMW).layers(Rule.Layers.TIMM)))
                        .dropout(0.5));
    }

    /** train_default_zoobot_from_scratch, of both versions. */
    private static TrainSettings zoobotsScratch() {
        return plain().epochs(1000)
                .patience(8)
                .batch(128)
                .rate(1e-3)
                .weightDecay(0.01)
                .clip(0.3);
    }

    /** What both versions finetune by. */
    private static TrainSettings zoobotsTuning() {
        return plain().epochs(100).patience(10).batch(256).rate(1e-4).weightDecay(0.05);
    }

    private static Preset decals() {
        TrainSettings settings =
                plain().epochs(1000).patience(10).batch(128).rate(1e-3).rule(steady(Rule.Method.ADAM));
        return new Preset(
                "gz-decals",
                "Walmsley et al. 2022, section 5; the rate is Zoobot's, the paper gives none",
                "efficientnet_b0",
                true,
                Recipe.of(settings).size(224).augment("gz-decals").zoom(DECALS).dropout(0.2),
                zoobot20().finetune);
    }

    private static Preset evo() {
        Recipe seen =
                Recipe.of(plain()).size(224).augment("zoobot-2.0").zoom(CUT).dropout(0.5);
        return new Preset(
                "gz-evo",
                "Walmsley et al. 2024 (Scaling Laws) and Galaxy Zoo Evo; train is its pretraining, which begins from"
                        + " ImageNet",
                "convnext_nano",
                false,
                seen.settings(plain().epochs(1000)
                                .patience(8)
                                .batch(128)
                                .rate(1e-4)
                                .weightDecay(0.05))
                        .dropPath(0.4),
                seen.settings(plain().epochs(100)
                        .patience(6)
                        .batch(32)
                        .rate(1e-5)
                        .weightDecay(0.1)
                        .mode(Mode.blocks(5))
                        .norm(Norm.FROZEN)
                        .layerDecay(0.25)
                        .rule(steady(Rule.Method.ADAMW).layers(Rule.Layers.ZOOBOT))));
    }

    private static Preset linformer() {
        TrainSettings settings = plain().epochs(200)
                .batch(64)
                .rate(3e-4)
                .rule(new Rule(Rule.Method.ADAM, Rule.Course.STEP).steps(5, 0.9));
        Recipe recipe =
                Recipe.of(settings).size(224).augment("linformer").zoom(CENTRE).dropout(0);
        return new Preset("linformer", "Lin et al. 2021", "linformer_gz2", false, recipe, recipe);
    }

    private static Preset starClusters() {
        TrainSettings settings = plain().epochs(20).batch(32).rate(1e-4).rule(steady(Rule.Method.ADAM));
        Recipe recipe = Recipe.of(settings).size(299).augment("turned").zoom(1).dropout(0);
        return new Preset(
                "star-clusters",
                "Wei et al. 2020: ResNet-18 or VGG19-BN from ImageNet, Adam; epochs and batch are Hoag's choice",
                "resnet18",
                false,
                recipe,
                recipe);
    }

    /** AdamW at one rate: no decay, no warm-up, no clipping, no average, no early end. */
    private static TrainSettings plain() {
        return TrainSettings.DEFAULT
                .descent(new Descent(1e-3, 0, 0, 0, 0))
                .patience(0)
                .rule(steady(Rule.Method.ADAMW));
    }

    private static Rule steady(Rule.Method method) {
        return new Rule(method, Rule.Course.CONSTANT);
    }
}
