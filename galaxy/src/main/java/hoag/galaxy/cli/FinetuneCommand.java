package hoag.galaxy.cli;

import hoag.galaxy.Finetune;
import java.nio.file.Path;
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
                    + " head \\",
            "      --out rings.safetensors",
            "  hoag finetune --catalog votes.csv --images pictures --tree gz2 --votes 40 --from imagenet.safetensors"
                    + " --mode full \\",
            "      --epochs 20 --out gz2.safetensors",
            "  hoag finetune --catalog rings.csv --images pictures --label ring --from hoag-lite0.safetensors --mode"
                    + " blocks=2 \\",
            "      --out rings.safetensors",
            "  hoag finetune --catalog rings.csv --images pictures --label ring --from hoag-lite0.safetensors --mode"
                    + " full \\",
            "      --freeze 'encoder.blocks.0.*' --out rings.safetensors"
        })
final class FinetuneCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Mixin
    LearnOptions options;

    @Mixin
    TuneOptions tuning;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "the model to write; FILE.last and FILE.metrics.csv stand beside it")
    Path out;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "FILE",
            description = "a Hoag model, or published weights with timm's keys")
    Path from;

    @Option(names = "--architecture", paramLabel = "NAME", description = "of weights that do not say it themselves")
    String architecture;

    @Option(
            names = "--grey",
            description = "one channel, the mean of the colours, whatever the weights are for (default: as they are)")
    boolean grey;

    @Override
    public Integer call() {
        var recipe = options.recipe(tuning.usual(options), common.seed);
        var finetune = new Finetune(options.data(), from, out, architecture, grey, recipe, common.compute());
        return options.print ? options.print(common, recipe, Map.of()) : options.learn(common, out, finetune::run);
    }
}
