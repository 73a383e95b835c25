package hoag.galaxy.report;

import hoag.galaxy.learn.Task;
import hoag.galaxy.metrics.BinaryScores;
import hoag.galaxy.metrics.Calibration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
        int right = 0;
        for (int i = 0; i < truth.length; i++) {
            right += truth[i] == probability[i] > 0.5 ? 1 : 0;
        }
        return (double) right / truth.length;
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
    public String html(int mistakes) {
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
                + "</div><h2>Worst mistakes</h2>" + Mistake.gallery(Mistake.worst(wrong(), mistakes));
    }

    private List<Mistake> wrong() {
        List<Mistake> wrong = new ArrayList<>();
        for (int i = 0; i < truth.length; i++) {
            if (truth[i] != probability[i] > 0.5) {
                wrong.add(new Mistake(
                        Math.abs(probability[i] - 0.5),
                        answered.ids().get(i),
                        answered.images().get(i),
                        "",
                        truth[i] ? "yes" : "no",
                        "yes with " + Html.percent(probability[i])));
            }
        }
        return wrong;
    }
}
