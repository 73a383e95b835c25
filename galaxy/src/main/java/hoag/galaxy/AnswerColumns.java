package hoag.galaxy;

import hoag.galaxy.data.Column;
import hoag.galaxy.learn.Task;
import hoag.galaxy.tree.VoteColumns;
import hoag.galaxy.tree.VoteStatistics;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The columns of a table of predictions, task by task: what several passes over one galaxy become. */
final class AnswerColumns {
    private static final MathContext DIGITS = new MathContext(6);
    private static final String PROBABILITY = "stat.probability";

    private final List<Task> tasks;
    private final int[] offsets;
    private final VoteColumns columns;
    private final VoteStatistics.Bounds bounds;
    private final List<VoteStatistics> statistics;

    AnswerColumns(List<Task> tasks, VoteColumns columns, VoteStatistics.Bounds bounds) {
        this.tasks = tasks;
        this.columns = columns;
        this.bounds = bounds;
        offsets = Task.offsets(tasks);
        statistics = tasks.stream()
                .map(task -> task instanceof Task.Votes votes ? new VoteStatistics(votes.schema()) : null)
                .toList();
    }

    List<Column> columns() {
        return tasks.stream().flatMap(task -> columns(task).stream()).toList();
    }

    private List<Column> columns(Task task) {
        return switch (task) {
            case Task.Votes votes ->
                columns.names(votes.schema()).stream().map(AnswerColumns::share).toList();
            case Task.Classes classes -> classColumns(classes);
            case Task.Number number -> List.of(Column.of(number.column(), Column.Type.FLOAT, "", "predicted"));
            case Task.Flag flag -> List.of(probability(flag.column() + "_probability", "of yes"));
        };
    }

    private static Column share(String name) {
        String bound = name.endsWith("lower") ? ";stat.min" : name.endsWith("upper") ? ";stat.max" : "";
        return Column.of(
                name,
                Column.Type.FLOAT,
                PROBABILITY + bound,
                name.endsWith("asked")
                        ? "share of volunteers who would be asked the question"
                        : bound.isEmpty() ? "share of volunteers who would answer so" : "bound of the 90% interval");
    }

    private static List<Column> classColumns(Task.Classes classes) {
        List<Column> all = new ArrayList<>();
        all.add(Column.of(
                classes.column() + "_predicted", Column.Type.TEXT, "src.morph.type", "the most probable class"));
        classes.names()
                .forEach(name ->
                        all.add(probability(classes.column() + "_" + name + "_probability", "of class " + name)));
        return all;
    }

    private static Column probability(String name, String about) {
        return Column.of(name, Column.Type.FLOAT, PROBABILITY, "probability " + about);
    }

    /** @param passes (passes, width of all tasks) */
    List<String> values(double[][] passes) {
        List<String> values = new ArrayList<>();
        for (int t = 0; t < tasks.size(); t++) {
            int from = offsets[t];
            int to = offsets[t + 1];
            add(
                    t,
                    Arrays.stream(passes)
                            .map(pass -> Arrays.copyOfRange(pass, from, to))
                            .toArray(double[][]::new),
                    values);
        }
        return values;
    }

    private void add(int t, double[][] passes, List<String> to) {
        switch (tasks.get(t)) {
            case Task.Votes _ -> numbers(columns.values(statistics.get(t).summarise(passes, bounds)), to);
            case Task.Classes classes -> {
                double[] mean = mean(passes);
                to.add(classes.names().get(most(mean)));
                numbers(mean, to);
            }
            case Task.Number _, Task.Flag _ -> numbers(mean(passes), to);
        }
    }

    private static void numbers(double[] values, List<String> to) {
        for (double value : values) {
            to.add(text(value));
        }
    }

    /** Six digits; nothing for NaN. */
    static String text(double value) {
        if (!Double.isFinite(value)) {
            return "";
        }
        return value == 0
                ? "0"
                : new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
    }

    /** (passes, width) to (width). */
    static double[] mean(double[][] passes) {
        double[] mean = new double[passes[0].length];
        for (double[] pass : passes) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += pass[k] / passes.length;
            }
        }
        return mean;
    }

    static int most(double[] values) {
        int best = 0;
        for (int k = 1; k < values.length; k++) {
            best = values[k] > values[best] ? k : best;
        }
        return best;
    }
}
