package hoag.galaxy.cli;

import hoag.galaxy.Finetune;
import hoag.galaxy.Preset;
import hoag.galaxy.learn.Mode;
import hoag.galaxy.learn.Probe;
import hoag.galaxy.learn.TrainSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A model that starts from another's weights. */
@Command(
        name = "finetune",
        description =
                "Adapts a trained model, or published ImageNet weights, to new labels. Ctrl-C saves; the same command"
                        + " goes on.",
        footer = {
            "",
            "--mode head fits a linear head on frozen representations: seconds. --mode probe does so to convergence,"
                    + " over",
            "more penalties, ridge regression in closed form; --features keeps the representations. --mode full first"
                    + " does that, then trains every weight; --mode blocks=K the head and the K uppermost groups of"
                    + " layers.",
            "What is frozen keeps its bits, the statistics of BatchNorm too. hoag info MODEL lists the names for"
                    + " --freeze.",
            "",
            "Examples:",
            "  hoag finetune --catalog rings.csv --images pictures --label ring --from hoag-lite0.safetensors --mode"
                    + " head --out rings.safetensors",
            "  hoag finetune --catalog votes.csv --images pictures --tree gz2 --votes 40 --from imagenet.safetensors"
                    + " --mode full --epochs 20 --out gz2.safetensors",
            "  hoag finetune --catalog rings.csv --images pictures --label ring --from hoag-lite0.safetensors --mode"
                    + " blocks=2 --out rings.safetensors",
            "  hoag finetune --catalog rings.csv --images pictures --label ring --from hoag-lite0.safetensors --mode"
                    + " full --freeze 'encoder.blocks.0.*' --out rings.safetensors"
        })
final class FinetuneCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Mixin
    LearnOptions options;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "FILE",
            description = "a Hoag model, or published weights with timm's keys")
    Path from;

    @Option(names = "--architecture", paramLabel = "NAME", description = "of weights that do not say it themselves")
    String architecture;

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

    @Override
    public Integer call() {
        Preset preset = options.preset();
        var usual = preset == null ? Finetune.RECIPE : preset.finetune();
        var settings = usual.settings();
        Mode wanted = options.given("--mode") ? Mode.parse(mode) : settings.mode();
        var recipe = options.recipe(
                usual.settings(settings.layerDecay(options.given("--layer-decay", layerDecay, settings.layerDecay()))
                                .mode(wanted.freeze(freeze))
                                .norm(options.given("--norm", norm, settings.norm())))
                        .probe(new Probe(views, features)),
                common.seed);
        var finetune = new Finetune(options.data(), from, options.out, architecture, recipe, common.compute());
        return options.print ? options.print(common, recipe, Map.of()) : options.learn(common, finetune::run);
    }
}
