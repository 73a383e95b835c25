package hoag.galaxy.cli;

import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.ImageFolder;
import hoag.galaxy.data.Split;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.Labels;
import hoag.galaxy.learn.Task;
import hoag.galaxy.tree.Schema;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import picocli.CommandLine.Option;

/** What training and finetuning have in common: the catalogue, the labels, the pictures, the settings. */
final class LearnOptions {
    @Option(
            names = "--catalog",
            required = true,
            paramLabel = "CSV",
            description =
                    "table with id (or file) and label columns; a column split (train, valid, test) divides it, else"
                            + " the id does")
    Path catalog;

    @Option(
            names = "--images",
            required = true,
            paramLabel = "DIR",
            description = "folder of the pictures, found by the column file or by id")
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
            description = "of AdamW (default: ${DEFAULT-VALUE})")
    double weightDecay;

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

    Catalogue table;
    List<Task> tasks;
    Examples train;
    Examples valid;

    /** Reads the catalogue and divides it. */
    void read() {
        table = Catalogue.read(catalog);
        tasks = new ArrayList<>();
        if (tree != null) {
            tasks.add(new Task.Votes(Schema.of(tree)));
        }
        labels.forEach(label -> tasks.add(Labels.task(table, Labels.Wanted.of(label), smoothing)));
        if (tasks.isEmpty()) {
            throw new ConfigException("nothing to learn: give --tree NAME for votes, or --label COLUMN");
        }
        ImageFolder folder = ImageFolder.of(images);
        train = examples(folder, Split.TRAIN);
        valid = examples(folder, Split.VALID);
    }

    private Examples examples(ImageFolder folder, Split part) {
        return Labels.examples(
                table.part(part), folder, tasks, votes == null ? OptionalDouble.empty() : OptionalDouble.of(votes));
    }

    hoag.galaxy.image.Augment augment() {
        return switch (augment) {
            case "galaxy" -> hoag.galaxy.image.Augment.GALAXY;
            case "zoobot" -> hoag.galaxy.image.Augment.ZOOBOT;
            case "none" -> hoag.galaxy.image.Augment.NONE;
            default -> throw new ConfigException("--augment " + augment + " is none of galaxy, zoobot, none");
        };
    }
}
