package hoag.galaxy;

import hoag.galaxy.learn.Checkpoint;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.HeadFit;
import hoag.galaxy.learn.Learner;
import hoag.galaxy.learn.Lost;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.Task;
import hoag.kernels.Backend;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The part that training and finetuning share once the model stands. */
final class Fitting {
    private final Labelled.Lesson lesson;
    private Recipe recipe;
    private final Path out;
    private final Backend backend;
    private final Compute compute;
    private final int threads;
    private final Progress progress;
    private final Lost lost;

    /** @param lost told of pictures that go while every weight is trained */
    Fitting(
            Labelled.Lesson lesson,
            Recipe recipe,
            Path out,
            Backend backend,
            Compute compute,
            Progress progress,
            Lost lost) {
        this.lost = lost;
        this.compute = compute;
        this.lesson = lesson;
        this.recipe = recipe;
        this.out = out;
        this.backend = backend;
        threads = compute.threads();
        this.progress = progress;
        lesson.notes().forEach(progress::say);
    }

    /** Fits the head alone and writes the model. */
    Fitted head(GalaxyModel model) {
        note(model);
        var result = recipe.settings().mode().probe() ? probe(model) : fitHead(model);
        model.about().put("penalty", result.penalties());
        if (Double.isFinite(result.validLoss())) {
            model.about().put("valid_loss", result.validLoss());
        }
        model.save(out);
        return new Fitted(
                out,
                0,
                result.validLoss(),
                true,
                lesson.train().size(),
                lesson.valid().size());
    }

    private HeadFit.Result probe(GalaxyModel model) {
        return HeadFit.probe(
                backend,
                model,
                lesson.train(),
                lesson.valid(),
                recipe.settings().batch(),
                recipe.probe(),
                threads,
                progress);
    }

    HeadFit.Result fitHead(GalaxyModel model) {
        return HeadFit.fit(
                backend,
                model,
                lesson.train(),
                lesson.valid(),
                recipe.settings().batch(),
                threads,
                progress);
    }

    /**
     * Trains every weight, resuming where an interrupted run stands.
     *
     * @param able whether the head has been fitted, so that the model as it is may turn out the best
     */
    Fitted full(GalaxyModel model, Double votes, boolean able) {
        return Watched.watch(recipe.watch(), out, progress, heard -> full(model, votes, able, heard));
    }

    private Fitted full(GalaxyModel model, Double votes, boolean able, Progress progress) {
        recipe = recipe.settings(Learner.sized(backend, model, lesson.train(), recipe.settings()));
        note(model);
        var checkpoint = new Checkpoint(out, fingerprint(model, votes), !recipe.fresh(), recipe.keep());
        try (Learner learner = new Learner(
                backend,
                model,
                lesson.train(),
                lesson.valid(),
                recipe.settings(),
                recipe.sight().augmentation(),
                checkpoint,
                threads,
                lost)) {
            var result = learner.fit(progress, able);
            return new Fitted(
                    out,
                    result.epochs(),
                    result.validLoss(),
                    result.finished(),
                    lesson.train().size(),
                    lesson.valid().size());
        }
    }

    private void note(GalaxyModel model) {
        Map<String, Object> about = model.about();
        about.put("hoag", Version.text());
        about.put("data", Roster.fingerprint(lesson.table(), model.tasks()));
        about.put("division", lesson.division());
        about.put("train_galaxies", lesson.train().size());
        about.put("valid_galaxies", lesson.valid().size());
        about.put("training", new LinkedHashMap<>(recipe.settings().toMap()));
        about.put("augment", recipe.augment());
        if (!lesson.leftOut().isEmpty()) {
            about.put("bad_pictures", lesson.leftOut().size());
        }
    }

    /** A run goes on only with the data, the settings and the model that it began with: a line for each thing, which a refusal names. */
    private String fingerprint(GalaxyModel model, Double votes) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("catalogue", lesson.table().fingerprint(lesson.table().columns()));
        all.put("galaxies left out", String.join(",", lesson.leftOut()));
        all.put("division", lesson.division());
        all.put("settings", recipe.settings().fingerprint());
        all.put("augmentation", recipe.augment());
        all.put("architecture", model.architecture());
        all.put("labels", Task.toMaps(model.tasks()));
        all.put("preprocessing", model.preprocess().toMap());
        all.put("dropout", recipe.dropout() + " " + recipe.dropPath());
        all.put("votes", votes);
        all.put("folds", recipe.folds());
        all.put("start", model.about().get("from"));
        all.put("precision", compute.precision().name().toLowerCase(Locale.ROOT));
        all.put("algorithms", compute.algorithms().name().toLowerCase(Locale.ROOT));
        all.put("--exact", compute.exact());
        all.put("--cache", compute.cache() != null); // augmented views are reduced and turned in another order
        StringBuilder lines = new StringBuilder();
        all.forEach(
                (name, value) -> lines.append(name).append(": ").append(value).append('\n'));
        return lines.toString();
    }
}
