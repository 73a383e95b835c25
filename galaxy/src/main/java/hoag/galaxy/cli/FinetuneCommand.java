package hoag.galaxy.cli;

import hoag.galaxy.Finetune;
import hoag.galaxy.learn.TrainSettings;
import java.nio.file.Path;
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
            "--mode head fits a linear head on frozen representations: seconds. --mode full first does that, then"
                    + " trains every weight.",
            "",
            "Examples:",
            "  hoag finetune --catalog rings.csv --images pictures --label ring --from hoag-lite0.safetensors --mode"
                    + " head --out rings.safetensors",
            "  hoag finetune --catalog votes.csv --images pictures --tree gz2 --votes 40 --from imagenet.safetensors"
                    + " --mode full --epochs 20 --out gz2.safetensors"
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

    @Option(names = "--mode", defaultValue = "head", description = "head or full (default: ${DEFAULT-VALUE})")
    TrainSettings.Mode mode;

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

    @Override
    public Integer call() {
        var recipe = options.recipe(
                Finetune.SETTINGS.layerDecay(layerDecay).mode(mode).norm(norm), common.seed);
        var finetune = new Finetune(options.data(), from, options.out, architecture, recipe, common.compute());
        return options.learn(common, finetune::run);
    }
}
