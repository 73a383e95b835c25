package hoag.galaxy.cli;

import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.TrainSettings;
import hoag.kernels.Backend;
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
        var settings = new TrainSettings(
                options.epochs == null ? 30 : options.epochs,
                options.batch,
                options.rate == null ? 1e-3 : options.rate,
                options.weightDecay,
                options.warmup,
                options.clip,
                options.ema,
                options.patience,
                1,
                TrainSettings.Mode.FULL,
                common.seed);
        options.read();
        var preprocess =
                Preprocess.of(options.size == null ? 224 : options.size, grey ? Channels.MEAN : Channels.RGB_OR_GREY);
        var model = GalaxyModel.create(
                architecture, options.tasks, preprocess, options.dropout, options.dropPath, common.seed);
        try (Backend backend = common.open();
                Bar bar = new Bar(common.quiet)) {
            return new Learning(common, options, backend, bar).full(model, settings);
        }
    }
}
