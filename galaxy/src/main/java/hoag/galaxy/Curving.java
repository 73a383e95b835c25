package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.data.Split;
import hoag.galaxy.learn.Draw;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.HeadFit;
import hoag.galaxy.learn.Predictor;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.Representations;
import hoag.galaxy.learn.Task;
import hoag.galaxy.learn.TrainSettings;
import hoag.galaxy.learn.UnreadableException;
import hoag.galaxy.report.CurveFigure;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/** A {@link Curve} at work. */
final class Curving {
    private static final int VALID_SHARE = 4;
    private static final int LEAST_VALID = 8;
    private static final String USUAL = "efficientnet_b0";

    private final Curve curve;
    private final Progress progress;
    private final Recipe recipe;
    private final Labelled.Lesson lesson;
    private final Examples test;
    private final CurveTable table;
    private final Sound sound;
    private final Set<String> gone = new HashSet<>();
    private int done;

    Curving(Curve curve, Progress progress) {
        this.curve = curve;
        this.progress = progress;
        recipe = curve.recipe();
        Outputs.folder(curve.out());
        Labelled.Lesson read = curve.data().read();
        Examples unseen = curve.data().part(read, Split.TEST);
        if (unseen.size() == 0) {
            throw new DataException(
                    curve.data().catalog() + ": no galaxy belongs to the part test, which scores are of");
        }
        sound = new Sound(
                curve.out().resolve("left-out.csv"), curve.data().roster().badPictures(), curve.compute(), progress);
        lesson = sound(read, unseen);
        test = unseen.without(Set.copyOf(lesson.leftOut()));
        int largest = curve.sizes().getLast();
        if (largest > lesson.train().size()) {
            throw new ConfigException(
                    "--sizes " + largest + ": there are only " + lesson.train().size() + " galaxies to train on");
        }
        table = new CurveTable(curve.out().resolve("cells.csv"), fingerprint(), recipe.fresh());
    }

    private Labelled.Lesson sound(Labelled.Lesson read, Examples unseen) {
        boolean again = !recipe.fresh() && Files.exists(curve.out().resolve("cells.csv"));
        boolean kept = recipe.settings().mode().isHead() && recipe.probe().features() != null;
        return again || kept
                ? sound.again(read)
                : sound.of(read, unseen, model(curve.starts().getFirst(), read).preprocess());
    }

    private String fingerprint() {
        return String.join(
                " ",
                lesson.table().fingerprint(lesson.table().columns()),
                recipe.settings().epochs(10_000).fingerprint().replace(' ', '_') + "_epochs="
                        + recipe.settings().epochs(),
                recipe.size() + "_" + recipe.augment() + "_" + recipe.dropout() + "_" + recipe.zoom() + "_"
                        + recipe.probe().views(),
                String.valueOf(curve.architecture()));
    }

    Curve.Result run() {
        int cells = curve.starts().size() * curve.sizes().size() * curve.repeats();
        for (Curve.Start start : curve.starts()) {
            try {
                start(start, cells);
            } catch (CancellationException e) {
                break;
            }
        }
        List<Curve.Mean> means = table.means();
        write(means);
        return new Curve.Result(done, cells, means);
    }

    /** How one cell is trained and scored: its galaxies and its seed. */
    private interface Cell {
        Map<String, Map<String, Double>> scores(int[] train, int[] valid, int size, int repeat);
    }

    private void start(Curve.Start start, int cells) {
        if (recipe.settings().mode().isHead()) {
            try (Backend backend = curve.compute().open();
                    Frozen frozen = without(start, () -> new Frozen(backend, start))) {
                cells(start, frozen::scores, cells);
            }
        } else {
            cells(start, (train, valid, size, repeat) -> trained(start, train, valid, size, repeat), cells);
        }
    }

    private void cells(Curve.Start start, Cell cell, int cells) {
        for (int size : curve.sizes()) {
            for (int repeat = 1; repeat <= curve.repeats(); repeat++) {
                if (!table.has(start.name(), size, repeat)) {
                    if (progress.stopping()) {
                        throw new CancellationException("stopped between two cells");
                    }
                    long seed = recipe.settings().seed() + repeat;
                    int chosen = Math.max(LEAST_VALID, size / VALID_SHARE);
                    int[] train = Draw.rows(lesson.tasks(), lesson.train(), size, seed);
                    int[] valid = Draw.rows(lesson.tasks(), lesson.valid(), chosen, seed);
                    int number = repeat;
                    table.add(
                            start.name(),
                            size,
                            repeat,
                            without(
                                    start,
                                    () -> cell.scores(
                                            there(lesson.train(), train), there(lesson.valid(), valid), size, number)));
                }
                done++;
                progress.at("cells", "cells", done, cells, start.name() + ", " + size + " galaxies, repeat " + repeat);
            }
            String name = start.name();
            table.means().stream()
                    .filter(mean -> mean.start().equals(name) && mean.galaxies() == size && shown(mean))
                    .forEach(mean -> progress.say(String.format(
                            Locale.ROOT,
                            "%s, %d galaxies: %s %s %.4f +- %.4f (%d repeats)",
                            name,
                            size,
                            mean.task(),
                            mean.metric(),
                            mean.mean(),
                            mean.deviation(),
                            mean.repeats())));
        }
    }

    /** The work; once more without them where pictures went meanwhile. */
    private <T> T without(Curve.Start start, Supplier<T> work) {
        try {
            return work.get();
        } catch (UnreadableException e) {
            int before = gone.size();
            look(start);
            if (gone.size() == before) {
                throw e;
            }
            return work.get();
        }
    }

    private void look(Curve.Start start) {
        Examples all = lesson.train().and(lesson.valid()).and(test).without(gone);
        var lost = new Vanished(
                sound.list(),
                sound.share(),
                all.size() + gone.size() + lesson.leftOut().size(),
                "cells from here on do without it",
                progress);
        sound.look(all, model(start, lesson).preprocess()).forEach((id, why) -> {
            lost.picture(id, 1, new DataException(why));
            gone.add(id);
        });
    }

    private int[] there(Examples examples, int[] rows) {
        return Arrays.stream(rows)
                .filter(row -> !gone.contains(examples.ids().get(row)))
                .toArray();
    }

    private boolean shown(Curve.Mean mean) {
        return lesson.tasks().stream()
                .anyMatch(
                        task -> task.name().equals(mean.task()) && metric(task).equals(mean.metric()));
    }

    private static String metric(Task task) {
        return switch (task) {
            case Task.Classes _ -> "accuracy";
            case Task.Flag _ -> "average_precision";
            case Task.Number _ -> "r2";
            case Task.Votes _ -> "negative_log_likelihood";
        };
    }

    private GalaxyModel model(Curve.Start start, Labelled.Lesson lesson) {
        String architecture = curve.architecture();
        return start.from() == null
                ? new Train(
                                curve.data(),
                                curve.out(),
                                architecture == null ? USUAL : architecture,
                                false,
                                recipe,
                                curve.compute())
                        .model(lesson)
                : new Finetune(
                                curve.data(),
                                start.from(),
                                curve.out(),
                                named(start, architecture),
                                false,
                                recipe,
                                curve.compute())
                        .model(lesson);
    }

    /** What a file says of its architecture counts more than what is said of all. */
    private static String named(Curve.Start start, String architecture) {
        return GalaxyModel.architectureOf(start.from()) == null ? architecture : null;
    }

    /** Representations of every galaxy, once for all cells. */
    private final class Frozen implements AutoCloseable {
        private final Backend backend;
        private final GalaxyModel model;
        private final Predictor predictor;
        private final float[] train;
        private final float[] valid;
        private final float[] unseen;

        Frozen(Backend backend, Curve.Start start) {
            this.backend = backend;
            model = model(start, lesson);
            predictor = new Predictor(backend, model, recipe.settings().batch(), false);
            try {
                train = spread(lesson.train());
                valid = spread(lesson.valid());
                unseen = of(test.without(gone));
            } catch (RuntimeException e) {
                predictor.close();
                throw e;
            }
        }

        private float[] of(Examples examples) {
            return Representations.of(
                    predictor,
                    examples,
                    recipe.probe().views(1),
                    curve.compute().threads(),
                    progress);
        }

        /** A row for each galaxy; zeros for those that are gone, which no cell learns from. */
        private float[] spread(Examples examples) {
            int width = model.net().encoder().features();
            float[] some = of(examples.without(gone));
            float[] all = new float[examples.size() * width];
            int row = 0;
            for (int i = 0; i < examples.size(); i++) {
                if (!gone.contains(examples.ids().get(i))) {
                    System.arraycopy(some, row++ * width, all, i * width, width);
                }
            }
            return all;
        }

        Map<String, Map<String, Double>> scores(int[] rows, int[] chosen, int size, int repeat) {
            HeadFit.fit(
                    backend,
                    model,
                    lesson.train().rows(rows),
                    picked(train, rows),
                    lesson.valid().rows(chosen),
                    picked(valid, chosen),
                    recipe.settings().mode().probe(),
                    Progress.NONE);
            return Answering.scores(lesson.tasks(), test.without(gone), Answering.answers(predictor, unseen));
        }

        private float[] picked(float[] features, int[] rows) {
            int width = model.net().encoder().features();
            float[] some = new float[rows.length * width];
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(features, rows[i] * width, some, i * width, width);
            }
            return some;
        }

        @Override
        public void close() {
            predictor.close();
        }
    }

    private Map<String, Map<String, Double>> trained(
            Curve.Start start, int[] rows, int[] chosen, int size, int repeat) {
        boolean scratch = start.from() == null;
        TrainSettings settings = recipe.settings()
                .seed(recipe.settings().seed() + repeat)
                .norm(scratch ? TrainSettings.Norm.BATCH : recipe.settings().norm());
        var part = lesson.with(lesson.train().rows(rows), lesson.valid().rows(chosen));
        Path file = curve.out().resolve("cell-" + start.name() + "-" + size + "-" + repeat + ".safetensors");
        var training =
                new Training(curve.data(), recipe, file, curve.compute(), !scratch, taught -> model(start, taught));
        if (!training.fit(part, model(start, lesson), recipe.settings(settings).fresh(false), file, quiet())
                .finished()) {
            throw new CancellationException("stopped within a cell; the same call goes on with it");
        }
        try (Backend backend = curve.compute().open()) {
            GalaxyModel best = GalaxyModel.load(file);
            double[][] answers = Answering.answers(
                    backend,
                    best,
                    test.without(gone),
                    settings.batch(),
                    curve.compute().threads(),
                    quiet());
            remove(file);
            return Answering.scores(lesson.tasks(), test.without(gone), answers);
        }
    }

    /** Hears how far a cell is; its lines are not said. */
    private Progress quiet() {
        return new Progress() {
            @Override
            public void at(String what, long done, long total, String note) {
                progress.at(what, done, total, note);
            }

            @Override
            public boolean stopping() {
                return progress.stopping();
            }
        };
    }

    private static void remove(Path model) {
        for (String suffix : new String[] {"", ".last", ".metrics.csv"}) {
            try {
                Files.deleteIfExists(model.resolveSibling(model.getFileName() + suffix));
            } catch (IOException e) {
                throw new DataException(model + suffix + ": cannot be removed: " + e.getMessage(), e);
            }
        }
    }

    private void write(List<Curve.Mean> means) {
        StringBuilder csv = new StringBuilder("start,galaxies,task,metric,mean,deviation,repeats\n");
        means.forEach(mean -> csv.append(String.format(
                Locale.ROOT,
                "%s,%d,%s,%s,%.6f,%.6f,%d%n",
                mean.start(),
                mean.galaxies(),
                mean.task(),
                mean.metric(),
                mean.mean(),
                mean.deviation(),
                mean.repeats())));
        AtomicFile.writeText(curve.out().resolve("curve.csv"), csv);
        List<CurveFigure.Panel> panels = new ArrayList<>();
        for (Task task : lesson.tasks()) {
            panels.add(new CurveFigure.Panel(
                    task.name() + ": " + metric(task).replace('_', ' '),
                    curve.starts().stream()
                            .map(start -> new CurveFigure.Line(start.name(), points(means, start, task)))
                            .toList()));
        }
        AtomicFile.writeText(curve.out().resolve("curve.svg"), CurveFigure.of("galaxies to learn from", panels));
    }

    private static List<CurveFigure.Point> points(List<Curve.Mean> means, Curve.Start start, Task task) {
        return means.stream()
                .filter(mean -> mean.start().equals(start.name())
                        && mean.task().equals(task.name())
                        && mean.metric().equals(metric(task)))
                .map(mean -> new CurveFigure.Point(mean.galaxies(), mean.mean(), mean.deviation()))
                .toList();
    }
}
