package hoag.galaxy.cli;

import hoag.galaxy.Finetune;
import hoag.galaxy.Recipe;
import hoag.galaxy.learn.Mode;
import hoag.galaxy.learn.Probe;
import hoag.galaxy.learn.TrainSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What of a model that starts from another's weights is trained, and how fast. */
final class TuneOptions {
    @Option(
            names = "--mode",
            defaultValue = "head",
            paramLabel = "MODE",
            description = "head, probe, blocks=K (from the top) or full (default: ${DEFAULT-VALUE})")
    String mode;

    @Option(
            names = "--freeze",
            paramLabel = "PATTERN",
            description =
                    "weights that stay as they are, by name; * stands for any letters; may be given several" + " times")
    List<String> freeze = new ArrayList<>();

    @Option(
            names = "--layer-decay",
            defaultValue = "0.75",
            paramLabel = "D",
            description = "factor of the rate from each stage to the one below it (default: ${DEFAULT-VALUE})")
    double layerDecay;

    @Option(
            names = "--norm",
            paramLabel = "HOW",
            defaultValue = "frozen",
            description = "BatchNorm keeps the statistics that the weights came with (frozen), or takes each batch's"
                    + " (batch) (default: ${DEFAULT-VALUE})")
    TrainSettings.Norm norm;

    @Option(
            names = "--views",
            defaultValue = "1",
            paramLabel = "N",
            description = "of each galaxy that --mode probe learns from: as it is, mirrored, turned by quarters, 1..8"
                    + " (default: ${DEFAULT-VALUE})")
    int views;

    @Option(
            names = "--features",
            paramLabel = "DIR",
            description = "where --mode probe keeps representations: the next one on the same pictures takes a second")
    Path features;

    /** The recipe, or the usual settings, with what these options say. */
    Recipe usual(LearnOptions options) {
        return with(
                options,
                options.preset() == null ? Finetune.RECIPE : options.preset().finetune());
    }

    /** The settings given, with what these options say. */
    Recipe with(LearnOptions options, Recipe usual) {
        TrainSettings settings = usual.settings();
        Mode wanted = options.given("--mode") ? Mode.parse(mode) : settings.mode();
        return usual.settings(settings.layerDecay(options.given("--layer-decay", layerDecay, settings.layerDecay()))
                        .mode(wanted.freeze(freeze))
                        .norm(options.given("--norm", norm, settings.norm())))
                .probe(new Probe(views, features));
    }
}
