package hoag.galaxy.report;

import hoag.galaxy.learn.Task;
import hoag.galaxy.metrics.BinaryScores;
import hoag.galaxy.metrics.Calibration;
import hoag.galaxy.metrics.ConfusionMatrix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Yes or no. */
final class FlagReport implements TaskReport {
    private final Task.Flag task;
    private final Answered answered;
    private final boolean[] truth;
    private final double[] probability;
    private final BinaryScores scores;

    FlagReport(Task.Flag task, Answered answered) {
        this.task = task;
        this.answered = answered;
        truth = new boolean[answered.size()];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = answered.labels()[i][0] > 0.5;
        }
        probability = answered.firstMeans();
        scores = new BinaryScores(truth, probability);
    }

    @Override
    public String name() {
        return task.column();
    }

    private long positives() {
        long count = 0;
        for (boolean yes : truth) {
            count += yes ? 1 : 0;
        }
        return count;
    }

    private double accuracy() {
        return confusion().accuracy();
    }

    @Override
    public Map<String, Object> metrics() {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("kind", "flag");
        metrics.put("galaxies", answered.size());
        metrics.put("positives", positives());
        metrics.put("accuracy", accuracy());
        metrics.put("roc_auc", scores.rocAuc());
        metrics.put("average_precision", scores.averagePrecision());
        metrics.put("confusion", confusion().counts());
        return metrics;
    }

    @Override
    public List<String> lines() {
        return List.of(String.format(
                Locale.ROOT,
                "%s: %,d galaxies, %,d of them yes, accuracy %.3f, ROC AUC %.3f, average precision %.3f",
                name(),
                answered.size(),
                positives(),
                accuracy(),
                scores.rocAuc(),
                scores.averagePrecision()));
    }

    @Override
    public String html(Gallery gallery) {
        var roc = scores.roc();
        var precision = scores.precisionRecall();
        return TaskReport.figures(
                        "ROC AUC",
                        Html.number(scores.rocAuc()),
                        "average precision",
                        Html.number(scores.averagePrecision()),
                        "accuracy",
                        Html.number(accuracy()),
                        "yes",
                        Html.count(positives()) + " of " + Html.count(answered.size()))
                + "<div class=\"grid\">"
                + new Chart("false positive rate", "true positive rate", 0, 1)
                        .diagonal()
                        .line(roc.falsePositiveRate(), roc.truePositiveRate(), "#7db0ff")
                        .panel("ROC", "The dashed line is chance.")
                + new Chart("recall", "precision", 0, 1)
                        .line(precision.recall(), precision.precision(), "#7db0ff")
                        .panel(
                                "Precision and recall",
                                "Of those found, how many are; of those there, how many are found.")
                + ClassReport.reliability(Calibration.of(probability, truth, Calibration.BINS))
                + ConfusionTable.panel("At a probability of one half", confusion(), List.of("no", "yes"))
                + "</div>"
                + Exhibit.gallery("Best answers", shown(i -> right(i) ? sure(i) : Double.NaN), gallery)
                + Exhibit.gallery("Worst mistakes", shown(i -> right(i) ? Double.NaN : sure(i)), gallery)
                + Exhibit.gallery("Most uncertain", shown(i -> -sure(i)), gallery);
    }

    private boolean right(int i) {
        return truth[i] == probability[i] > 0.5;
    }

    private double sure(int i) {
        return Math.abs(probability[i] - 0.5);
    }

    private ConfusionMatrix confusion() {
        int[][] counts = new int[2][2];
        for (int i = 0; i < truth.length; i++) {
            counts[truth[i] ? 1 : 0][probability[i] > 0.5 ? 1 : 0]++;
        }
        return new ConfusionMatrix(counts);
    }

    private List<Exhibit> shown(IntToDoubleFunction weight) {
        return IntStream.range(0, truth.length)
                .mapToObj(i -> new Exhibit(
                        weight.applyAsDouble(i),
                        answered.ids().get(i),
                        answered.images().get(i),
                        "",
                        truth[i] ? "yes" : "no",
                        "yes with " + Html.percent(probability[i])))
                .toList();
    }
}
