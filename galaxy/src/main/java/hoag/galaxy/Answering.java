package hoag.galaxy;

import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Predictor;
import hoag.galaxy.learn.Probe;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.Representations;
import hoag.galaxy.learn.Task;
import hoag.galaxy.report.Answered;
import hoag.galaxy.report.TaskReport;
import hoag.kernels.Backend;
import hoag.kernels.DataException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a model says of galaxies whose labels are known, one look at each without dropout, and how right it is. */
final class Answering {
    private Answering() {}

    /** (galaxies, width of all tasks). */
    static double[][] answers(
            Backend backend, GalaxyModel model, Examples examples, int batch, int threads, Progress progress) {
        try (Predictor predictor = new Predictor(backend, model, Math.min(batch, examples.size()), false)) {
            float[] features = Representations.of(predictor, examples, Probe.ONE, threads, progress);
            return answers(predictor, features);
        }
    }

    /** The same for representations (galaxies, features) that are there. */
    static double[][] answers(Predictor predictor, float[] features) {
        int width = predictor.model().net().encoder().features();
        int outputs = predictor.model().width();
        double[][] answers = new double[features.length / width][outputs];
        float[] block = new float[predictor.batch() * width];
        for (int from = 0; from < answers.length; from += predictor.batch()) {
            int count = Math.min(predictor.batch(), answers.length - from);
            System.arraycopy(features, from * width, block, 0, count * width);
            float[] said = predictor.answers(block, 0, 0);
            for (int i = 0; i < count * outputs; i++) {
                answers[from + i / outputs][i % outputs] = said[i];
            }
        }
        return answers;
    }

    /** Every score of each task that is one number, as {@code hoag evaluate} names them; a task that cannot be scored is left out. */
    static Map<String, Map<String, Double>> scores(List<Task> tasks, Examples examples, double[][] answers) {
        Map<String, Map<String, Double>> all = new LinkedHashMap<>();
        int[] offsets = Task.offsets(tasks);
        int label = 0;
        for (int t = 0; t < tasks.size(); t++) {
            int columns = tasks.get(t).labelColumns().size();
            int from = offsets[t];
            int to = offsets[t + 1];
            var answered = new Answered(
                    examples.ids(),
                    examples.images(),
                    labels(examples, label, columns),
                    Arrays.stream(answers)
                            .map(row -> new double[][] {Arrays.copyOfRange(row, from, to)})
                            .toArray(double[][][]::new));
            try {
                all.put(
                        tasks.get(t).name(),
                        numbers(TaskReport.of(tasks.get(t), answered, 1).metrics()));
            } catch (DataException e) {
                all.put(tasks.get(t).name(), Map.of()); // one kind of label only, say
            }
            label += columns;
        }
        return all;
    }

    private static double[][] labels(Examples examples, int from, int columns) {
        double[][] labels = new double[examples.size()][columns];
        for (int i = 0; i < labels.length; i++) {
            for (int c = 0; c < columns; c++) {
                labels[i][c] = examples.labels()[i * examples.columns() + from + c];
            }
        }
        return labels;
    }

    private static Map<String, Double> numbers(Map<String, Object> metrics) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        metrics.forEach((name, value) -> {
            if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
                numbers.put(name, number.doubleValue());
            }
        });
        return numbers;
    }
}
