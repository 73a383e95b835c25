package hoag.galaxy.cli;

import hoag.galaxy.Train;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A model from random weights. */
@Command(
        name = "train",
        description = "Trains a model from random weights. Ctrl-C saves; the same command goes on.",
        footer = {
            "",
            "Examples:",
            "  hoag train --catalog votes.csv --images pictures --tree gz2 --architecture efficientnet_b0 --out"
                    + " gz2.safetensors",
            "  hoag train --catalog types.csv --images pictures --label type --label T:number --out types.safetensors"
        })
final class TrainCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Mixin
    LearnOptions options;

    @Option(
            names = "--architecture",
            defaultValue = "efficientnet_b0",
            paramLabel = "NAME",
            description = "the backbone, by timm's name (default: ${DEFAULT-VALUE})")
    String architecture;

    @Option(names = "--grey", description = "one channel: the mean of the colours")
    boolean grey;

    @Override
    public Integer call() {
        var recipe = options.recipe(Train.SETTINGS, common.seed);
        var train = new Train(options.data(), options.out, architecture, grey, recipe, common.compute());
        return options.learn(common, train::run);
    }
}
