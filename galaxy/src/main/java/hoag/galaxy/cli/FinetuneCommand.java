package hoag.galaxy.cli;

import hoag.engine.files.Weights;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.TrainSettings;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
            description = "a Hoag model, or safetensors with timm's keys")
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

    @Override
    public Integer call() {
        var settings = new TrainSettings(
                options.epochs == null ? 20 : options.epochs,
                options.batch,
                options.rate == null ? 5e-4 : options.rate,
                options.weightDecay,
                options.warmup,
                options.clip,
                options.ema,
                options.patience,
                layerDecay,
                mode,
                common.seed);
        options.read();
        var model =
                GalaxyModel.create(name(), options.tasks, preprocess(), options.dropout, options.dropPath, common.seed);
        model.loadBackbone(from);
        model.about().put("from", from.getFileName().toString());
        try (Backend backend = common.open();
                Bar bar = new Bar(common.quiet)) {
            var learning = new Learning(common, options, backend, bar);
            if (mode == TrainSettings.Mode.HEAD) {
                return learning.head(model, settings);
            }
            boolean resuming = !options.fresh
                    && java.nio.file.Files.exists(options.out.resolveSibling(options.out.getFileName() + ".last"));
            if (!resuming) {
                learning.fitHead(model);
            }
            return learning.full(model, settings);
        }
    }

    private String name() {
        String found = architecture != null ? architecture : GalaxyModel.architectureOf(from);
        if (found == null) {
            throw new ConfigException(from + " does not say its architecture; name it with --architecture");
        }
        return found;
    }

    /** A Hoag model's own; for published weights what their metadata say, at the size asked for. */
    private Preprocess preprocess() {
        try (Weights file = Weights.open(from)) {
            if (file.metadata().containsKey("hoag")) {
                Preprocess own = GalaxyModel.load(from).preprocess();
                return options.size == null ? own : own.size(options.size);
            }
            Preprocess plain = Preprocess.of(options.size == null ? 224 : options.size, Channels.RGB_OR_GREY);
            return file.metadata().containsKey("mean")
                    ? plain.normalise(numbers(file, "mean"), numbers(file, "std"))
                    : plain;
        }
    }

    private List<Double> numbers(Weights file, String key) {
        return Arrays.stream(file.metadata().getOrDefault(key, "").split(","))
                .map(text -> {
                    try {
                        return Double.valueOf(text.strip());
                    } catch (NumberFormatException e) {
                        throw new ConfigException(
                                from + ": its metadata '" + key + "' holds '" + text + "', which is no number");
                    }
                })
                .toList();
    }
}
