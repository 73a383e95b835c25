package hoag.galaxy;

import hoag.galaxy.data.Outputs;
import hoag.galaxy.learn.Checkpoint;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.UnreadableException;
import hoag.kernels.Backend;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/**
 * What {@link Train}, {@link Finetune} and {@link Curve} do alike: read, look at the pictures, fit.
 *
 * @param start the model to begin with, for what is to be learnt
 * @param pretrained whether its weights know something: then the head is fitted first
 */
record Training(
        Labelled data,
        Recipe recipe,
        Path out,
        Compute compute,
        boolean pretrained,
        Function<Labelled.Lesson, GalaxyModel> start) {
    Fitted run(Progress progress) {
        Outputs.file(out);
        var lesson =
                data.read(going() ? LeftOut.read(Sound.list(out)).galaxies().keySet() : Set.of());
        GalaxyModel model = start.apply(lesson);
        if (!going()) {
            LeftOut.of(Map.of()).write(Sound.list(out)); // of an earlier run
        }
        try {
            return fit(pretrained && !going() ? lesson : sound(lesson, model, progress), model, progress);
        } catch (CancellationException e) {
            progress.say("stopped before the first step; nothing is kept");
            return new Fitted(
                    out,
                    0,
                    Double.NaN,
                    false,
                    lesson.train().size(),
                    lesson.valid().size());
        }
    }

    /** Where the head is fitted first, every picture is read then: they are looked at only if one cannot be used. */
    private Fitted fit(Labelled.Lesson lesson, GalaxyModel model, Progress progress) {
        try {
            return recipe.folds() > 1
                    ? new Folds(lesson, this).run(progress)
                    : fit(lesson, model, recipe, out, progress);
        } catch (UnreadableException e) {
            Labelled.Lesson sound = sound(lesson, model, progress);
            if (sound.leftOut().equals(lesson.leftOut())) {
                throw e;
            }
            return fit(sound, model, progress);
        }
    }

    Sound sound(Progress progress) {
        return new Sound(Sound.list(out), data.roster().badPictures(), compute, progress);
    }

    private Labelled.Lesson sound(Labelled.Lesson lesson, GalaxyModel model, Progress progress) {
        Sound sound = sound(progress);
        return going() ? sound.again(lesson) : sound.of(lesson, lesson.valid().rows(), model.preprocess());
    }

    /** Whether an interrupted run is taken up. */
    private boolean going() {
        return !recipe.fresh() && Checkpoint.isThere(out);
    }

    /** One model; a run that was interrupted, or is over, is taken up where it stands. */
    Fitted fit(Labelled.Lesson lesson, GalaxyModel model, Recipe recipe, Path file, Progress progress) {
        try (Backend backend = compute.openAll()) {
            int all = lesson.train().size()
                    + lesson.valid().size()
                    + lesson.leftOut().size();
            var lost = new Vanished(Sound.list(out), data.roster().badPictures(), all, progress);
            var fitting = new Fitting(lesson, recipe, file, backend, compute, progress, lost);
            if (pretrained && recipe.settings().mode().isHead()) {
                return fitting.head(model);
            }
            if (pretrained && (recipe.fresh() || !Checkpoint.isThere(file))) {
                fitting.fitHead(model);
            }
            return fitting.full(model, data.votes(), pretrained);
        }
    }
}
