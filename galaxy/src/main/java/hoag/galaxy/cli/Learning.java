package hoag.galaxy.cli;

import hoag.galaxy.learn.Checkpoint;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.HeadFit;
import hoag.galaxy.learn.Learner;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.Task;
import hoag.galaxy.learn.TrainSettings;
import hoag.kernels.Backend;
import hoag.kernels.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The part that {@code train} and {@code finetune} share once the model stands. */
final class Learning {
    private final Common common;
    private final LearnOptions options;
    private final Backend backend;
    private final Progress progress;

    Learning(Common common, LearnOptions options, Backend backend, Progress progress) {
        this.common = common;
        this.options = options;
        this.backend = backend;
        this.progress = progress;
        Path folder = options.out.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new DataException(options.out + ": the folder " + folder
                    + (Files.isDirectory(folder) ? " cannot be written to" : " does not exist")
                    + "; choose another --out");
        }
    }

    int threads() {
        return common.threads == null ? Runtime.getRuntime().availableProcessors() : common.threads;
    }

    /** Fits the head alone and writes the model. */
    int head(GalaxyModel model, TrainSettings settings) {
        note(model, settings);
        var result = fitHead(model);
        model.about().put("penalty", result.penalties());
        model.about().put("valid_loss", result.validLoss());
        model.save(options.out);
        say(
                "head fitted on " + options.train.size() + " galaxies, valid loss "
                        + String.format(Locale.ROOT, "%.4f", result.validLoss()),
                result.validLoss(),
                true);
        return 0;
    }

    HeadFit.Result fitHead(GalaxyModel model) {
        return HeadFit.fit(backend, model, options.train, options.valid, options.batch, threads(), progress);
    }

    /** Trains every weight, resuming where an interrupted run stands. */
    int full(GalaxyModel model, TrainSettings settings) {
        note(model, settings);
        var checkpoint = new Checkpoint(options.out, fingerprint(model, settings), !options.fresh);
        try (Learner learner = new Learner(
                backend, model, options.train, options.valid, settings, options.augment(), checkpoint, threads())) {
            var result = learner.fit(progress);
            say(
                    (result.finished() ? "trained " + result.epochs() + " epochs" : "stopped early")
                            + ", best valid loss " + String.format(Locale.ROOT, "%.4f", result.validLoss()),
                    result.validLoss(),
                    result.finished());
        }
        return 0;
    }

    private void say(String line, double loss, boolean finished) {
        if (common.json) {
            System.out.println(Measure.json(
                    "model",
                    options.out,
                    "valid_loss",
                    loss,
                    "finished",
                    finished,
                    "train_galaxies",
                    options.train.size(),
                    "valid_galaxies",
                    options.valid.size()));
        } else if (!common.quiet) {
            System.out.println(line + "; " + options.out);
        }
    }

    private void note(GalaxyModel model, TrainSettings settings) {
        Map<String, Object> about = model.about();
        about.put("hoag", new Main.Version().getVersion()[0]);
        about.put(
                "data",
                options.table.fingerprint(Task.labelColumns(model.tasks()).stream()
                        .filter(options.table.header()::has)
                        .toList()));
        about.put("train_galaxies", options.train.size());
        about.put("valid_galaxies", options.valid.size());
        about.put("training", new LinkedHashMap<>(settings.toMap()));
        about.put("augment", options.augment);
    }

    /** A run goes on only with the data, the settings and the model that it began with. */
    private String fingerprint(GalaxyModel model, TrainSettings settings) {
        return String.join(
                " ",
                options.table.fingerprint(options.table.columns()),
                settings.toString(),
                options.augment,
                model.architecture(),
                Task.toMaps(model.tasks()).toString(),
                model.preprocess().toMap().toString(),
                options.dropout + " " + options.dropPath + " " + options.votes,
                String.valueOf(model.about().get("from")));
    }
}
