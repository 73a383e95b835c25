package hoag.galaxy;

import hoag.galaxy.data.Column;
import hoag.galaxy.learn.Task;
import hoag.galaxy.report.Finding;
import hoag.galaxy.tree.VoteColumns;
import hoag.galaxy.tree.VoteStatistics;
import hoag.galaxy.tree.VoteSummary;
import hoag.kernels.ConfigException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a model says of one picture.
 *
 * @param tasks what the model answers
 * @param passes (passes, outputs of all tasks): concentrations, probabilities, numbers, as {@link Task#answer} reports them
 * @param features (features) the representation, mean over the views
 */
public record Prediction(List<Task> tasks, double[][] passes, float[] features) {
    /** Copies the list. */
    public Prediction {
        tasks = List.copyOf(tasks);
    }

    /**
     * Expected vote fractions along a tree with 90% bounds from the mixture of the passes, and the share of volunteers who would be asked.
     *
     * @param tree its name
     * @throws ConfigException if the model does not answer this tree
     */
    public VoteSummary votes(String tree) {
        var task = task(tree, Task.Votes.class);
        return new VoteStatistics(task.schema()).summarise(outputs(task), VoteStatistics.Bounds.MIXTURE);
    }

    /**
     * The probability of each class, by its name, in the model's order; mean over the passes.
     *
     * @param column the label that the model learnt
     * @throws ConfigException if the model does not answer this, or not by classes
     */
    public Map<String, Double> classes(String column) {
        var task = task(column, Task.Classes.class);
        double[] mean = AnswerColumns.mean(outputs(task));
        Map<String, Double> probabilities = new LinkedHashMap<>();
        for (int k = 0; k < mean.length; k++) {
            probabilities.put(task.names().get(k), mean[k]);
        }
        return probabilities;
    }

    /**
     * A number in the units of its label, mean over the passes.
     *
     * @throws ConfigException if the model does not answer this, or not by a number
     */
    public double number(String column) {
        return AnswerColumns.mean(outputs(task(column, Task.Number.class)))[0];
    }

    /**
     * The probability of yes, 0..1, mean over the passes.
     *
     * @throws ConfigException if the model does not answer this, or not by yes and no
     */
    public double flag(String column) {
        return AnswerColumns.mean(outputs(task(column, Task.Flag.class)))[0];
    }

    /** Columns and values as {@code hoag predict} writes them: votes with bounds, classes, numbers, flags. */
    public Map<String, String> row() {
        var columns = new AnswerColumns(tasks, VoteColumns.PLAIN, VoteStatistics.Bounds.MIXTURE);
        var names = columns.columns().stream().map(Column::name).toList();
        var values = columns.values(passes);
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            row.put(names.get(i), values.get(i));
        }
        return row;
    }

    /** For people: of every tree the most likely route, of every other task its answer. */
    public List<Finding> findings() {
        return Finding.of(tasks, passes);
    }

    /** A line for each finding: {@code bar: no 0.81 (0.71..0.90)}. */
    @Override
    public String toString() {
        return findings().stream().map(Prediction::line).collect(Collectors.joining("\n"));
    }

    private static String line(Finding finding) {
        var best = finding.best();
        String line = finding.question() + ": " + best.answer();
        if (Double.isFinite(best.fraction())) {
            line += String.format(Locale.ROOT, " %.2f", best.fraction());
        }
        return Double.isFinite(best.lower())
                ? line + String.format(Locale.ROOT, " (%.2f..%.2f)", best.lower(), best.upper())
                : line;
    }

    private <T extends Task> T task(String name, Class<T> kind) {
        return tasks.stream()
                .filter(task -> task.name().equals(name) && kind.isInstance(task))
                .map(kind::cast)
                .findFirst()
                .orElseThrow(() -> new ConfigException("the model does not answer " + name + " as "
                        + kind.getSimpleName().toLowerCase(Locale.ROOT) + "; it answers "
                        + tasks.stream()
                                .map(task -> task.name() + " as "
                                        + task.getClass().getSimpleName().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    private double[][] outputs(Task task) {
        int from = Task.offsets(tasks)[tasks.indexOf(task)];
        return Arrays.stream(passes)
                .map(pass -> Arrays.copyOfRange(pass, from, from + task.width()))
                .toArray(double[][]::new);
    }
}
