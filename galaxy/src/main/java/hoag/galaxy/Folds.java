package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.engine.files.Json;
import hoag.galaxy.learn.Checkpoint;
import hoag.galaxy.learn.Draw;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.tree.VoteColumns;
import hoag.galaxy.tree.VoteStatistics;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * K models, each trained without one fold of the training and validation galaxies, the next fold choosing epoch or penalty; each then answers the fold it
 * has not seen. What one column says belongs together is in one fold. {@code NAME.fold1.safetensors} ... are the models, {@code NAME.folds.csv} what was said of every galaxy by the model that does not know it,
 * {@code NAME.folds.json} the scores: each fold's, mean and standard deviation. The test part is left alone.
 */
record Folds(
        Labelled.Lesson lesson,
        Recipe recipe,
        Path out,
        Compute compute,
        Double votes,
        String group,
        Function<Labelled.Lesson, GalaxyModel> start,
        boolean pretrained) {
    private static final int LEAST = 3;

    Folds {
        if (recipe.folds() < LEAST) {
            throw new ConfigException("--folds " + recipe.folds()
                    + " is not allowed; it must be 3 or more: one to answer, one to choose by, the others to"
                    + " learn from");
        }
    }

    Fitted run(Progress progress) {
        Examples all = all();
        int[] fold = Draw.folds(
                lesson.tasks(), all, recipe.folds(), recipe.settings().seed());
        together(all, fold);
        double[][] answers = new double[all.size()][];
        List<Map<String, Map<String, Double>>> scores = new ArrayList<>();
        double loss = 0;
        for (int k = 0; k < recipe.folds(); k++) {
            int held = k;
            int chooses = (k + 1) % recipe.folds();
            Examples unseen = all.rows(rows(fold, held));
            int[] others = IntStream.range(0, fold.length)
                    .filter(i -> fold[i] != held && fold[i] != chooses)
                    .toArray();
            var part = lesson.with(all.rows(others), all.rows(rows(fold, chooses)));
            progress.say("fold " + (k + 1) + " of " + recipe.folds());
            Path file = file(".fold" + (k + 1));
            Fitted fitted = fit(part, file, progress);
            if (!fitted.finished()) {
                return fitted;
            }
            loss += fitted.validLoss() / recipe.folds();
            double[][] said = answers(GalaxyModel.load(file), unseen, progress);
            int[] rows = rows(fold, held);
            for (int i = 0; i < rows.length; i++) {
                answers[rows[i]] = said[i];
            }
            scores.add(Answering.scores(lesson.tasks(), unseen, said));
        }
        write(all, fold, answers, scores);
        Map<String, Object> summary = summary(scores);
        summary.forEach((task, of) -> progress.say(task + ": " + of));
        return new Fitted(
                out, 0, loss, true, lesson.train().size(), lesson.valid().size());
    }

    /** A fold that was finished before is taken up at its end. */
    private Fitted fit(Labelled.Lesson part, Path file, Progress progress) {
        GalaxyModel model = start.apply(part);
        try (Backend backend = compute.open()) {
            var fitting = new Fitting(part, recipe, file, backend, compute.threads(), progress);
            if (recipe.settings().mode().isHead()) {
                return fitting.head(model);
            }
            if (pretrained && (recipe.fresh() || !Checkpoint.isThere(file))) {
                fitting.fitHead(model);
            }
            return fitting.full(model, votes);
        }
    }

    private double[][] answers(GalaxyModel model, Examples examples, Progress progress) {
        try (Backend backend = compute.open()) {
            return Answering.answers(backend, model, examples, recipe.settings().batch(), compute.threads(), progress);
        }
    }

    private static int[] rows(int[] fold, int number) {
        return IntStream.range(0, fold.length).filter(i -> fold[i] == number).toArray();
    }

    /** What belongs together goes where the first of it goes. */
    private void together(Examples all, int[] fold) {
        if (group == null || group.isEmpty()) {
            return;
        }
        Map<String, String> groups = new HashMap<>();
        lesson.table().rows().forEach(row -> groups.put(row.id(), row.text(group)));
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < fold.length; i++) {
            Integer before = first.putIfAbsent(groups.get(all.ids().get(i)), fold[i]);
            fold[i] = before == null ? fold[i] : before;
        }
    }

    private Examples all() {
        List<String> ids = new ArrayList<>(lesson.train().ids());
        ids.addAll(lesson.valid().ids());
        List<Path> images = new ArrayList<>(lesson.train().images());
        images.addAll(lesson.valid().images());
        float[] labels = Arrays.copyOf(
                lesson.train().labels(),
                lesson.train().labels().length + lesson.valid().labels().length);
        System.arraycopy(
                lesson.valid().labels(),
                0,
                labels,
                lesson.train().labels().length,
                lesson.valid().labels().length);
        return new Examples(ids, images, labels);
    }

    private Path file(String suffix) {
        String name = out.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return out.resolveSibling(dot > 0 ? name.substring(0, dot) + suffix + name.substring(dot) : name + suffix);
    }

    private Path beside(String suffix) {
        String name = out.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return out.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + suffix);
    }

    private void write(Examples all, int[] fold, double[][] answers, List<Map<String, Map<String, Double>>> scores) {
        var columns = new AnswerColumns(lesson.tasks(), VoteColumns.PLAIN, VoteStatistics.Bounds.MIXTURE);
        StringBuilder csv = new StringBuilder("id,fold");
        columns.columns().forEach(column -> csv.append(',').append(quoted(column.name())));
        csv.append('\n');
        for (int i = 0; i < fold.length; i++) {
            csv.append(quoted(all.ids().get(i))).append(',').append(fold[i] + 1);
            columns.values(new double[][] {answers[i]})
                    .forEach(value -> csv.append(',').append(quoted(value)));
            csv.append('\n');
        }
        AtomicFile.writeText(beside(".folds.csv"), csv.toString());
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("folds", scores);
        report.put("summary", summary(scores));
        Json.write(beside(".folds.json"), report);
    }

    private static String quoted(String text) {
        return text.matches("[^,\"\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /** By task and score: mean and standard deviation over the folds. */
    private static Map<String, Object> summary(List<Map<String, Map<String, Double>>> scores) {
        Map<String, Object> tasks = new LinkedHashMap<>();
        scores.getFirst().forEach((task, first) -> {
            Map<String, Object> of = new LinkedHashMap<>();
            first.keySet().forEach(name -> {
                double[] values = scores.stream()
                        .map(fold -> fold.get(task).get(name))
                        .filter(Objects::nonNull)
                        .mapToDouble(value -> value)
                        .toArray();
                double mean = Arrays.stream(values).average().orElse(Double.NaN);
                double square =
                        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
                double deviation = Math.sqrt(square / Math.max(1, values.length - 1));
                of.put(name, String.format(Locale.ROOT, "%.4f +- %.4f", mean, deviation));
            });
            tasks.put(task, of);
        });
        return tasks;
    }
}
