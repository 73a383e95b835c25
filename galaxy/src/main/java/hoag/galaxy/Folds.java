package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.engine.files.Json;
import hoag.galaxy.learn.Draw;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.UnreadableException;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * K models, each trained without one fold of the training and validation galaxies, the next fold choosing epoch or penalty; each then answers the fold it
 * has not seen. What one column says belongs together is in one fold. {@code NAME.fold1.safetensors} ... are the models, {@code NAME.folds.csv} what was said of every galaxy by the model that does not know it,
 * {@code NAME.folds.json} the scores: each fold's, mean and standard deviation. The test part is left alone.
 */
record Folds(Labelled.Lesson lesson, Training training) {
    private static final int LEAST = 3;

    Folds {
        int folds = training.recipe().folds();
        if (folds < LEAST) {
            throw new ConfigException("--folds " + folds
                    + " is not allowed; it must be 3 or more: one to answer, one to choose by, the others to"
                    + " learn from");
        }
    }

    Fitted run(Progress progress) {
        Recipe recipe = training.recipe();
        Examples all = lesson.train().and(lesson.valid());
        int[] fold = fold(all, progress);
        double[][] answers = new double[all.size()][];
        List<Map<String, Map<String, Double>>> scores = new ArrayList<>();
        double loss = 0;
        for (int k = 0; k < recipe.folds(); k++) {
            int held = k;
            int chooses = (k + 1) % recipe.folds();
            int[] others = IntStream.range(0, fold.length)
                    .filter(i -> fold[i] != held && fold[i] != chooses)
                    .toArray();
            var part = lesson.with(all.rows(others), all.rows(rows(fold, chooses)));
            progress.say("fold " + (k + 1) + " of " + recipe.folds());
            Path file = file(".fold" + (k + 1));
            Fitted fitted = training.fit(part, training.start().apply(part), recipe, file, progress);
            if (!fitted.finished()) {
                return fitted;
            }
            loss += fitted.validLoss() / recipe.folds();
            scores.add(judge(GalaxyModel.load(file), all, rows(fold, held), answers, progress));
        }
        write(all, fold, answers, scores);
        Map<String, Object> summary = summary(scores);
        summary.forEach((task, of) ->
                ((Map<?, ?>) of).forEach((score, value) -> progress.say("%s  %-18s %s".formatted(task, score, value))));
        return new Fitted(
                training.out(),
                0,
                loss,
                true,
                lesson.train().size(),
                lesson.valid().size());
    }

    /** Scores of a model on the rows it has not seen, whose answers it gives; those whose pictures have gone meanwhile get none. */
    private Map<String, Map<String, Double>> judge(
            GalaxyModel model, Examples all, int[] held, double[][] answers, Progress progress) {
        int[] rows = held;
        double[][] said;
        try {
            said = answers(model, all.rows(rows), progress);
        } catch (UnreadableException e) {
            Set<String> gone = training.sound(progress)
                    .look(all.rows(held), model.preprocess())
                    .keySet();
            progress.say(e.getMessage() + ": " + gone.size() + " galaxies of this fold get no answer");
            rows = Arrays.stream(held)
                    .filter(row -> !gone.contains(all.ids().get(row)))
                    .toArray();
            said = answers(model, all.rows(rows), progress);
        }
        for (int i = 0; i < rows.length; i++) {
            answers[rows[i]] = said[i];
        }
        return Answering.scores(lesson.tasks(), all.rows(rows), said);
    }

    private double[][] answers(GalaxyModel model, Examples examples, Progress progress) {
        Compute compute = training.compute();
        int batch = training.recipe().settings().batch();
        try (Backend backend = compute.openAll()) { // the first one answers
            return Answering.answers(backend, model, examples, batch, compute.threads(), progress);
        }
    }

    private static int[] rows(int[] fold, int number) {
        return IntStream.range(0, fold.length).filter(i -> fold[i] == number).toArray();
    }

    /** The fold of each galaxy; what the group names is in one. */
    private int[] fold(Examples all, Progress progress) {
        int folds = training.recipe().folds();
        int[] unit = units(all);
        int[] first = IntStream.range(0, unit.length).filter(i -> unit[i] == i).toArray();
        if (folds > first.length) {
            throw new ConfigException("--folds " + folds + " is more than the " + first.length + " "
                    + (group() == null ? "galaxies" : "different values of '" + group() + "'")
                    + " to train and validate on" + (first.length < LEAST ? "; 3 are the least" : ""));
        }
        Examples firsts = all.rows(first);
        rare(firsts, folds, progress);
        int[] drawn = Draw.folds(
                lesson.tasks(), firsts, folds, training.recipe().settings().seed());
        int[] fold = new int[unit.length];
        for (int i = 0; i < first.length; i++) {
            fold[first[i]] = drawn[i];
        }
        for (int i = 0; i < fold.length; i++) {
            fold[i] = fold[unit[i]];
        }
        return fold;
    }

    private String group() {
        String group = training.data().roster().division().group();
        return group == null || group.isEmpty() ? null : group;
    }

    /** For each galaxy the first that belongs together with it. */
    private int[] units(Examples all) {
        int[] unit = IntStream.range(0, all.size()).toArray();
        if (group() == null) {
            return unit;
        }
        Map<String, String> groups = new HashMap<>();
        lesson.table().rows().forEach(row -> groups.put(row.id(), row.text(group())));
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < unit.length; i++) {
            Integer before = first.putIfAbsent(groups.get(all.ids().get(i)), i);
            unit[i] = before == null ? i : before;
        }
        return unit;
    }

    /** A model whose fold of answers, and that to choose by, hold all of a class has not learnt it. */
    private void rare(Examples firsts, int folds, Progress progress) {
        int[] classes = Draw.classes(lesson.tasks(), firsts);
        if (classes == null) {
            return;
        }
        Map<Integer, Long> members = Arrays.stream(classes)
                .filter(c -> c >= 0)
                .boxed()
                .collect(Collectors.groupingBy(c -> c, TreeMap::new, Collectors.counting()));
        members.values().removeIf(count -> count > 2);
        if (!members.isEmpty()) {
            progress.say(
                    members.size() + " of the classes have one or two galaxies: where both are held out, a model has"
                            + " not seen the class");
        }
    }

    private Path file(String suffix) {
        Path out = training.out();
        String name = out.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return out.resolveSibling(dot > 0 ? name.substring(0, dot) + suffix + name.substring(dot) : name + suffix);
    }

    private Path beside(String suffix) {
        Path out = training.out();
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
            if (answers[i] == null) {
                continue;
            }
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
