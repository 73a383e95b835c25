package hoag.galaxy;

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

    List<String> names() {
        return tasks.stream().flatMap(task -> names(task).stream()).toList();
    }

    private List<String> names(Task task) {
        return switch (task) {
            case Task.Votes votes -> columns.names(votes.schema());
            case Task.Classes classes -> classNames(classes);
            case Task.Number number -> List.of(number.column());
            case Task.Flag flag -> List.of(flag.column() + "_probability");
        };
    }

    private static List<String> classNames(Task.Classes classes) {
        List<String> names = new ArrayList<>(List.of(classes.column() + "_predicted"));
        classes.names().forEach(name -> names.add(classes.column() + "_" + name + "_probability"));
        return names;
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
