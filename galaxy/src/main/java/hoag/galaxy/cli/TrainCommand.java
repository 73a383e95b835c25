package hoag.galaxy.cli;

import hoag.galaxy.Preset;
import hoag.galaxy.Train;
import java.nio.file.Path;
import java.util.Map;
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
            "  hoag train --catalog types.csv --images pictures --label type --label T:number --out types.safetensors",
            "  hoag train --catalog votes.csv --images pictures --tree gz-decals --recipe gz-decals --out"
                    + " decals.safetensors",
            "  hoag train --recipe linformer --print --catalog types.csv --images pictures --label type --out M"
        })
final class TrainCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Mixin
    LearnOptions options;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "the model to write; FILE.last and FILE.metrics.csv stand beside it")
    Path out;

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
        Preset preset = options.preset();
        var recipe = options.recipe(preset == null ? Train.RECIPE : preset.train(), common.seed);
        var train = new Train(
                options.data(),
                out,
                preset == null ? architecture : options.given("--architecture", architecture, preset.architecture()),
                preset == null ? grey : options.given("--grey", grey, preset.grey()),
                recipe,
                common.compute());
        return options.print
                ? options.print(common, recipe, Map.of("architecture", train.architecture(), "grey", train.grey()))
                : options.learn(common, out, train::run);
    }
}
