package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.Dropping;
import hoag.galaxy.Fitted;
import hoag.galaxy.Keeping;
import hoag.galaxy.Labelled;
import hoag.galaxy.Preset;
import hoag.galaxy.Recipe;
import hoag.galaxy.Sight;
import hoag.galaxy.learn.Batches;
import hoag.galaxy.learn.Descent;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.Rule;
import hoag.galaxy.learn.Stopping;
import hoag.galaxy.learn.TrainSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What training and finetuning have in common: the catalogue, the labels, the pictures, the settings. */
final class LearnOptions {
    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

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

    @Mixin
    RosterOptions roster;

    @Option(
            names = "--tree",
            paramLabel = "NAME|JSON",
            description =
                    "decision tree whose votes are the labels: gz2, gz-decals, ..., or a file; several campaigns in one"
                            + " model: gz2+gz-decals-dr5 (or --tree twice), and blanks where a galaxy was not in one")
    List<String> trees = List.of();

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
            paramLabel = "S",
            defaultValue = "0",
            description = "label smoothing of classes (default: ${DEFAULT-VALUE})")
    double smoothing;

    @Option(names = "--epochs", paramLabel = "N", description = "passes over the galaxies, at most")
    Integer epochs;

    @Option(
            names = "--batch",
            defaultValue = "32",
            paramLabel = "N",
            converter = BatchSize.class,
            description = "galaxies in a step; auto: as many as fit into the memory of a GPU, at most 256 (default:"
                    + " ${DEFAULT-VALUE})")
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

    @Option(
            names = "--zoom",
            paramLabel = "Z",
            description = "magnify pictures about their centre by this factor, in training and ever after")
    Double zoom;

    @Option(
            names = "--class-weights",
            defaultValue = "uniform",
            paramLabel = "WHAT",
            description = "how much a galaxy of each class counts in the loss: uniform, balanced, or CLASS=W,CLASS=W..."
                    + " (default: ${DEFAULT-VALUE})")
    String classWeights;

    @Option(
            names = "--balanced",
            description = "draw every class equally often, rare galaxies several times in an epoch")
    boolean balanced;

    @Option(
            names = "--mixup",
            defaultValue = "0",
            paramLabel = "ALPHA",
            description = "mix two galaxies' pictures and losses, 0 for off (default: ${DEFAULT-VALUE})")
    double mixup;

    @Option(
            names = "--cutmix",
            defaultValue = "0",
            paramLabel = "ALPHA",
            description = "put a rectangle of one picture into another, 0 for off (default: ${DEFAULT-VALUE})")
    double cutmix;

    @Option(
            names = "--erase",
            defaultValue = "0",
            paramLabel = "P",
            description = "probability that a rectangle is blotted out (default: ${DEFAULT-VALUE})")
    double erase;

    @Option(
            names = "--accumulate",
            defaultValue = "1",
            paramLabel = "N",
            description = "batches whose gradients are averaged for one step (default: ${DEFAULT-VALUE})")
    int accumulate;

    @Mixin
    Recomputing recomputing;

    @Option(
            names = "--layers",
            defaultValue = "groups",
            paramLabel = "HOW",
            description =
                    "what --layer-decay counts: groups (stem, stages; the uppermost slower than the head), zoobot (the"
                            + " same, the uppermost as fast as the head) or timm (every block) (default:"
                            + " ${DEFAULT-VALUE})")
    Rule.Layers layers;

    @Option(
            names = "--step-epochs",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "epochs between the falls of --schedule step; 0 for a third of the run (default: ${DEFAULT-VALUE})")
    int stepEpochs;

    @Option(
            names = "--step-factor",
            defaultValue = "0.1",
            paramLabel = "F",
            description = "what the rate is multiplied by in such a fall (default: ${DEFAULT-VALUE})")
    double stepFactor;

    @Option(
            names = "--keep",
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "keep the models of the N best epochs: FILE.epochE beside the best (default: ${DEFAULT-VALUE})")
    int keep;

    @Option(
            names = "--folds",
            defaultValue = "1",
            paramLabel = "K",
            description = "K models, each trained without one part of the training and validation galaxies, and every"
                    + " galaxy's answer by the model that has not seen it (default: ${DEFAULT-VALUE})")
    int folds;

    @Option(
            names = "--watch",
            paramLabel = "HTML",
            description = "a page to open in a browser: loss, accuracy, rate and memory while the training goes")
    Path watch;

    @Option(
            names = "--recipe",
            paramLabel = "NAME",
            description =
                    "another system's settings instead of the defaults: zoobot-2.0, zoobot-2.9, gz-decals, gz-evo,"
                            + " linformer or star-clusters; options that are given win")
    String recipe;

    @Option(names = "--print", description = "say the settings that would be used, and end")
    boolean print;

    @Option(names = "--fresh", description = "start anew even if an interrupted run is there")
    boolean fresh;

    private String tree() {
        return trees.isEmpty() ? null : String.join("+", trees);
    }

    Labelled data() {
        return new Labelled(catalog, images, tree(), votes, labels, smoothing, classWeights, roster.roster());
    }

    /** Whether an option stands on the command line. */
    boolean given(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    /** The option's value if it stands on the command line, else the usual one. */
    <T> T given(String option, T value, T usual) {
        return given(option) ? value : usual;
    }

    /** What --recipe names, or null. */
    Preset preset() {
        return recipe == null ? null : Preset.of(recipe);
    }

    /** Says the settings. */
    int print(Common common, Recipe used, Map<String, Object> more) {
        Map<String, Object> all = new LinkedHashMap<>();
        if (recipe != null) {
            all.put("recipe", recipe + " (" + preset().source() + ")");
        }
        all.putAll(new TreeMap<>(more));
        all.putAll(used.toMap());
        if (common.json) {
            common.out().println(Json.compact(all));
        } else {
            all.forEach((name, value) -> common.out().println(String.format(Locale.ROOT, "%-14s %s", name, value)));
        }
        return 0;
    }

    /** @param usual what holds where the options say nothing */
    Recipe recipe(Recipe usual, long seed) {
        return new Recipe(
                settings(usual.settings(), seed),
                new Sight(
                        given("--size", size, usual.size()),
                        given("--zoom", zoom, usual.zoom()),
                        given("--augment", augment, usual.augment())),
                new Dropping(
                        given("--dropout", dropout, usual.dropout()), given("--drop-path", dropPath, usual.dropPath())),
                new Keeping(fresh, given("--keep", keep, usual.keep()), given("--folds", folds, usual.folds()), watch),
                usual.probe());
    }

    private TrainSettings settings(TrainSettings usual, long seed) {
        return new TrainSettings(
                new Descent(
                        given("--rate", rate, usual.rate()),
                        given("--weight-decay", weightDecay, usual.weightDecay()),
                        given("--warmup", warmup, usual.warmup()),
                        given("--clip", clip, usual.clip()),
                        given("--ema", ema, usual.ema())),
                rule(usual.rule()),
                usual.trained(),
                new Stopping(
                        given("--epochs", epochs, usual.epochs()), given("--patience", patience, usual.patience())),
                given("--batch", batch, usual.batch()),
                batches(usual.batches()),
                given("--recompute", recomputing.when, usual.recompute()),
                seed);
    }

    private Rule rule(Rule usual) {
        return new Rule(
                given("--optimizer", optimizer, usual.optimizer()),
                given("--schedule", schedule, usual.schedule()),
                given("--layers", layers, usual.layers()),
                given("--step-epochs", stepEpochs, usual.stepEpochs()),
                given("--step-factor", stepFactor, usual.stepFactor()));
    }

    private Batches batches(Batches usual) {
        return new Batches(
                given("--accumulate", accumulate, usual.accumulate()),
                given("--mixup", mixup, usual.mixup()),
                given("--cutmix", cutmix, usual.cutmix()),
                given("--erase", erase, usual.erase()),
                given("--balanced", balanced, usual.balanced()));
    }

    /** Learns, and says how it went. */
    int learn(Common common, Path out, Function<Progress, Fitted> verb) {
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

    private String line(Fitted fitted) {
        String loss = Double.isFinite(fitted.validLoss())
                ? String.format(Locale.ROOT, "%.4f", fitted.validLoss())
                : "none: no galaxy to validate on";
        if (!fitted.finished()) {
            return "stopped early, best valid loss " + loss;
        }
        if (folds > 1) {
            return folds + " models of a fold each (.fold1 to .fold" + folds + "), mean valid loss " + loss;
        }
        return fitted.epochs() == 0
                ? "head fitted on " + fitted.trainGalaxies() + " galaxies, valid loss " + loss
                : "trained " + fitted.epochs() + " epochs, best valid loss " + loss;
    }
}
