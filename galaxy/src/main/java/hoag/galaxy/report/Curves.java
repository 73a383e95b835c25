package hoag.galaxy.report;

import hoag.galaxy.metrics.BinaryScores;
import hoag.kernels.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Receiver operating characteristic and precision against recall of each answer against the others. */
final class Curves {
    private final List<String> names;
    private final List<Optional<BinaryScores>> scores = new ArrayList<>();
    private final double[] share;

    /**
     * @param truth (rows) which answer is right
     * @param probability (rows, answers)
     */
    Curves(List<String> names, int[] truth, double[][] probability) {
        this.names = names;
        share = new double[names.size()];
        for (int k = 0; k < names.size(); k++) {
            scores.add(against(k, truth, probability));
            for (int each : truth) {
                share[k] += each == k ? 1.0 / truth.length : 0;
            }
        }
    }

    /** Nothing where all galaxies are of the answer, or none is. */
    private static Optional<BinaryScores> against(int answer, int[] truth, double[][] probability) {
        boolean[] positive = new boolean[truth.length];
        for (int i = 0; i < truth.length; i++) {
            positive[i] = truth[i] == answer;
        }
        try {
            return Optional.of(new BinaryScores(
                    positive,
                    Arrays.stream(probability).mapToDouble(row -> row[answer]).toArray()));
        } catch (DataException e) {
            return Optional.empty();
        }
    }

    /** Of each answer the area under the ROC and the average precision; null where there is no curve. */
    Map<String, Object> metrics() {
        Map<String, Object> metrics = new LinkedHashMap<>();
        for (int k = 0; k < names.size(); k++) {
            metrics.put(
                    names.get(k),
                    scores.get(k)
                            .map(each -> Map.of("roc_auc", each.rocAuc(), "average_precision", each.averagePrecision()))
                            .orElse(null));
        }
        return metrics;
    }

    /** Two panels. */
    String panels() {
        Chart roc = new Chart("false positive rate", "true positive rate", 0, 1).diagonal();
        Chart precision = new Chart("recall", "precision", 0, 1);
        for (int k = 0; k < names.size(); k++) {
            draw(k, roc, precision);
        }
        return roc.panel(
                        "ROC",
                        "Each answer against the others, with the area under its curve; the dashed line is chance.")
                + precision.panel(
                        "Precision and recall",
                        "With the average precision; chance is the share of the answer, the short line at the right.");
    }

    private void draw(int k, Chart roc, Chart precision) {
        String colour = Chart.colour(k);
        String name = Html.plain(names.get(k));
        scores.get(k).ifPresent(each -> {
            var curve = each.roc();
            roc.line(curve.falsePositiveRate(), curve.truePositiveRate(), colour)
                    .legend(name + " " + Html.number(each.rocAuc()), colour);
            var points = each.precisionRecall();
            precision
                    .line(points.recall(), points.precision(), colour)
                    .line(new double[] {0.95, 1}, new double[] {share[k], share[k]}, colour)
                    .legend(name + " " + Html.number(each.averagePrecision()), colour);
        });
    }
}
