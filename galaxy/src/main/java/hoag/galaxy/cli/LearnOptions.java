package hoag.galaxy.cli;

import hoag.galaxy.Fitted;
import hoag.galaxy.Labelled;
import hoag.galaxy.Recipe;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.Rule;
import hoag.galaxy.learn.TrainSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** What training and finetuning have in common: the catalogue, the labels, the pictures, the settings. */
final class LearnOptions {
    @Option(
            names = "--catalog",
            required = true,
            paramLabel = "TABLE",
            description =
                    "table with id (or file) and label columns: CSV, FITS, Parquet, or a folder of images by class;"
                            + " a column split (train, valid, test) divides it, else the id does")
    Path catalog;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "folder of the pictures, found by the column file or by id (default: beside the catalogue)")
    Path images;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "the model to write; FILE.last and FILE.metrics.csv stand beside it")
    Path out;

    @Option(
            names = "--tree",
            paramLabel = "NAME|JSON",
            description = "decision tree whose votes are the labels: gz2, gz-decals, ..., or a file")
    String tree;

    @Option(
            names = "--votes",
            paramLabel = "N",
            description = "volunteers for each galaxy, if the tree's columns hold fractions and not counts")
    Double votes;

    @Option(
            names = "--label",
            paramLabel = "COL[:KIND]",
            description =
                    "a label column; KIND is class, number or flag, guessed if left out; may be given several times")
    List<String> labels = new ArrayList<>();

    @Option(
            names = "--smoothing",
            defaultValue = "0",
            description = "label smoothing of classes (default: ${DEFAULT-VALUE})")
    double smoothing;

    @Option(names = "--epochs", paramLabel = "N", description = "passes over the galaxies, at most")
    Integer epochs;

    @Option(
            names = "--batch",
            defaultValue = "32",
            paramLabel = "N",
            description = "galaxies in a step (default: ${DEFAULT-VALUE})")
    int batch;

    @Option(names = "--rate", paramLabel = "R", description = "highest learning rate")
    Double rate;

    @Option(
            names = "--weight-decay",
            defaultValue = "0.05",
            paramLabel = "W",
            description = "of the optimizer (default: ${DEFAULT-VALUE})")
    double weightDecay;

    @Option(
            names = "--optimizer",
            defaultValue = "adamw",
            paramLabel = "NAME",
            description = "adamw, adam, nadam, sgd, lion, lamb, rmsprop or adagrad; sgd (momentum 0.9) wants a rate"
                    + " about ten times as high and less decay, lion a third of the rate (default: ${DEFAULT-VALUE})")
    Rule.Method optimizer;

    @Option(
            names = "--schedule",
            defaultValue = "cosine",
            paramLabel = "NAME",
            description = "how the rate falls: along a cosine, plateau (to a tenth after 6 epochs without a better"
                    + " loss), step (to a tenth after each third of the steps) or constant (default: ${DEFAULT-VALUE})")
    Rule.Course schedule;

    @Option(
            names = "--warmup",
            defaultValue = "0.1",
            paramLabel = "SHARE",
            description = "share of the steps in which the rate rises (default: ${DEFAULT-VALUE})")
    double warmup;

    @Option(
            names = "--clip",
            defaultValue = "1",
            paramLabel = "NORM",
            description = "largest gradient norm, 0 for none (default: ${DEFAULT-VALUE})")
    double clip;

    @Option(
            names = "--ema",
            defaultValue = "0",
            paramLabel = "D",
            description = "decay of the moving average of weights, 0 for none (default: ${DEFAULT-VALUE})")
    double ema;

    @Option(
            names = "--patience",
            defaultValue = "8",
            paramLabel = "N",
            description =
                    "epochs without a better validation loss before it stops, 0 for never (default: ${DEFAULT-VALUE})")
    int patience;

    @Option(
            names = "--dropout",
            defaultValue = "0.2",
            paramLabel = "P",
            description = "before the last layer (default: ${DEFAULT-VALUE})")
    double dropout;

    @Option(
            names = "--drop-path",
            defaultValue = "0",
            paramLabel = "P",
            description = "stochastic depth (default: ${DEFAULT-VALUE})")
    double dropPath;

    @Option(names = "--size", paramLabel = "PX", description = "side of the pictures as the model sees them")
    Integer size;

    @Option(
            names = "--augment",
            defaultValue = "galaxy",
            paramLabel = "NAME",
            description = "galaxy (any angle, flips, some zoom), zoobot, or none (default: ${DEFAULT-VALUE})")
    String augment;

    @Option(names = "--fresh", description = "start anew even if an interrupted run is there")
    boolean fresh;

    Labelled data() {
        return new Labelled(catalog, images, tree, votes, labels, smoothing);
    }

    /** @param usual what this command does where the options say nothing */
    Recipe recipe(TrainSettings usual, long seed) {
        var settings = new TrainSettings(
                epochs == null ? usual.epochs() : epochs,
                batch,
                rate == null ? usual.rate() : rate,
                weightDecay,
                warmup,
                clip,
                ema,
                patience,
                usual.layerDecay(),
                usual.mode(),
                usual.norm(),
                seed,
                new Rule(optimizer, schedule));
        return new Recipe(settings, size, dropout, dropPath, augment, fresh);
    }

    /** Learns, and says how it went. */
    int learn(Common common, Function<Progress, Fitted> verb) {
        Fitted fitted;
        try (Bar bar = new Bar(common.quiet)) {
            fitted = verb.apply(bar);
        }
        if (common.json) {
            common.out()
                    .println(Measure.json(
                            "model",
                            out,
                            "valid_loss",
                            fitted.validLoss(),
                            "finished",
                            fitted.finished(),
                            "train_galaxies",
                            fitted.trainGalaxies(),
                            "valid_galaxies",
                            fitted.validGalaxies()));
        } else if (!common.quiet) {
            common.out().println(line(fitted) + "; " + out);
        }
        return 0;
    }

    private static String line(Fitted fitted) {
        String loss = Double.isFinite(fitted.validLoss())
                ? String.format(Locale.ROOT, "%.4f", fitted.validLoss())
                : "none: no galaxy to validate on";
        if (!fitted.finished()) {
            return "stopped early, best valid loss " + loss;
        }
        return fitted.epochs() == 0
                ? "head fitted on " + fitted.trainGalaxies() + " galaxies, valid loss " + loss
                : "trained " + fitted.epochs() + " epochs, best valid loss " + loss;
    }
}
