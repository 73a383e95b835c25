package hoag.galaxy;

import hoag.galaxy.image.Augment;
import hoag.galaxy.image.Augment.Range;
import hoag.galaxy.learn.Batches;
import hoag.galaxy.learn.Mode;
import hoag.galaxy.learn.Probe;
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
        TrainSettings settings =
                steady(Rule.Method.ADAMW, 1000, 128, 1e-3, 0.01, 8).clip(0.3);
        TrainSettings tuned = steady(Rule.Method.ADAMW, 100, 256, 1e-4, 0.05, 10)
                .mode(Mode.HEAD)
                .layerDecay(0.75)
                .norm(Norm.FROZEN);
        tuned = tuned.rule(tuned.rule().layers(Rule.Layers.ZOOBOT));
        return new Preset(
                "zoobot-2.0",
                "Zoobot 2.0 with galaxy-datasets 0.0.21",
                "efficientnet_b0",
                true,
                recipe(settings, 224, 0.2, 0, "zoobot-2.0", CUT, 3),
                recipe(tuned, 224, 0.5, 0, "zoobot-2.0", CUT, 1));
    }

    private static Preset zoobot29() {
        TrainSettings settings =
                steady(Rule.Method.ADAMW, 1000, 128, 1e-3, 0.01, 8).clip(0.3);
        TrainSettings tuned = steady(Rule.Method.ADAMW, 100, 256, 1e-4, 0.05, 10)
                .mode(Mode.FULL)
                .layerDecay(0.75);
        tuned = tuned.rule(tuned.rule().layers(Rule.Layers.TIMM));
        return new Preset(
                "zoobot-2.9",
                "Zoobot 2.9.0 with galaxy-datasets 0.0.25",
                "efficientnet_b0",
                false,
                recipe(settings, 224, 0.2, 0, "zoobot-2.9", ZOOM, 3),
                recipe(tuned, 224, 0.5, 0, "zoobot-2.9", ZOOM, 1));
    }

    private static Preset decals() {
        TrainSettings settings = steady(Rule.Method.ADAM, 1000, 128, 1e-3, 0, 10);
        return new Preset(
                "gz-decals",
                "Walmsley et al. 2022, section 5; the rate is Zoobot's, the paper gives none",
                "efficientnet_b0",
                true,
                recipe(settings, 224, 0.2, 0, "gz-decals", DECALS, 1),
                zoobot20().finetune);
    }

    private static Preset evo() {
        TrainSettings settings = steady(Rule.Method.ADAMW, 1000, 128, 1e-4, 0.05, 8);
        TrainSettings tuned = steady(Rule.Method.ADAMW, 100, 32, 1e-5, 0.1, 6)
                .mode(Mode.blocks(5))
                .layerDecay(0.25)
                .norm(Norm.FROZEN);
        tuned = tuned.rule(tuned.rule().layers(Rule.Layers.ZOOBOT));
        return new Preset(
                "gz-evo",
                "Walmsley et al. 2024 (Scaling Laws) and Galaxy Zoo Evo; train is its pretraining, which begins from"
                        + " ImageNet",
                "convnext_nano",
                false,
                recipe(settings, 224, 0.5, 0.4, "zoobot-2.0", CUT, 1),
                recipe(tuned, 224, 0.5, 0, "zoobot-2.0", CUT, 1));
    }

    private static Preset linformer() {
        TrainSettings settings = steady(Rule.Method.ADAM, 200, 64, 3e-4, 0, 0);
        settings = settings.rule(new Rule(Rule.Method.ADAM, Rule.Course.STEP).steps(5, 0.9));
        return new Preset(
                "linformer",
                "Lin et al. 2021",
                "linformer_gz2",
                false,
                recipe(settings, 224, 0, 0, "linformer", CENTRE, 1),
                recipe(settings, 224, 0, 0, "linformer", CENTRE, 1));
    }

    private static Preset starClusters() {
        TrainSettings settings = steady(Rule.Method.ADAM, 20, 32, 1e-4, 0, 0);
        return new Preset(
                "star-clusters",
                "Wei et al. 2020: ResNet-18 or VGG19-BN from ImageNet, Adam; epochs and batch are Hoag's choice",
                "resnet18",
                false,
                recipe(settings, 299, 0, 0, "turned", 1, 1),
                recipe(settings, 299, 0, 0, "turned", 1, 1));
    }

    /** One rate, no warm-up, no clipping, no average. */
    private static TrainSettings steady(
            Rule.Method method, int epochs, int batch, double rate, double decay, int patience) {
        return new TrainSettings(
                epochs,
                batch,
                rate,
                decay,
                0,
                0,
                0,
                patience,
                1,
                Mode.FULL,
                Norm.BATCH,
                42,
                new Rule(method, Rule.Course.CONSTANT),
                Batches.PLAIN);
    }

    private static Recipe recipe(
            TrainSettings settings, int size, double dropout, double dropPath, String augment, double zoom, int keep) {
        return new Recipe(settings, size, dropout, dropPath, augment, false, zoom, keep, 1, null, Probe.ONE);
    }
}
