package hoag.galaxy.metrics;

import hoag.kernels.ConfigException;
import hoag.kernels.DataException;

/**
 * Scores of a ranking of positives (anomalies, rings, mergers) against negatives. Higher score: more likely positive. Equal scores are one
 * threshold on the curves; in the lists cut at k, the earlier row stands first.
 */
public final class BinaryScores {
    private final boolean[] positive;
    private final int[] order;
    private final Curve curve;

    /** @throws DataException when a score is NaN, or when there is no positive or no negative */
    public BinaryScores(boolean[] positive, double[] score) {
        Check.sameLength("labels", positive.length, "scores", score.length);
        Check.numbers("score", score);
        this.positive = positive.clone();
        order = Order.falling(score);
        curve = Curve.of(positive, score);
        if (curve.positives() == 0 || curve.negatives() == 0)
            throw new DataException("%d positives and %d negatives; the scores need at least one of each"
                    .formatted((int) curve.positives(), (int) curve.negatives()));
    }

    /** Receiver operating characteristic; it starts at (0, 0) with an infinite threshold. All (distinct scores + 1). */
    public record Roc(double[] falsePositiveRate, double[] truePositiveRate, double[] threshold) {}

    /** Precision and recall by rising threshold; one point more than thresholds: the last is precision 1 at recall 0. */
    public record PrecisionRecall(double[] precision, double[] recall, double[] threshold) {}

    /** True against false positives over all thresholds. */
    public Roc roc() {
        int n = curve.size() + 1;
        var roc = new Roc(new double[n], new double[n], new double[n]);
        roc.threshold[0] = Double.POSITIVE_INFINITY;
        for (int i = 1; i < n; i++) {
            roc.falsePositiveRate[i] = curve.falsePositives()[i - 1] / curve.negatives();
            roc.truePositiveRate[i] = curve.truePositives()[i - 1] / curve.positives();
            roc.threshold[i] = curve.threshold()[i - 1];
        }
        return roc;
    }

    /** Precision against recall over all thresholds. */
    public PrecisionRecall precisionRecall() {
        int n = curve.size();
        var result = new PrecisionRecall(new double[n + 1], new double[n + 1], new double[n]);
        result.precision[n] = 1;
        for (int i = 0; i < n; i++) {
            int from = n - 1 - i;
            result.precision[i] = precision(from);
            result.recall[i] = curve.truePositives()[from] / curve.positives();
            result.threshold[i] = curve.threshold()[from];
        }
        return result;
    }

    private double precision(int i) {
        return curve.truePositives()[i] / (curve.truePositives()[i] + curve.falsePositives()[i]);
    }

    /** Area under the ROC: the chance that a positive scores above a negative, ties counting half. */
    public double rocAuc() {
        var roc = roc();
        return Curve.area(roc.falsePositiveRate, roc.truePositiveRate);
    }

    /** Sum over thresholds of (rise in recall) x precision: no interpolation. */
    public double averagePrecision() {
        double sum = 0, before = 0;
        for (int i = 0; i < curve.size(); i++) {
            sum += (curve.truePositives()[i] - before) / curve.positives() * precision(i);
            before = curve.truePositives()[i];
        }
        return sum;
    }

    /** Area under the precision-recall curve by trapezia: optimistic beside {@link #averagePrecision}. */
    public double precisionRecallArea() {
        var curve = precisionRecall();
        return -Curve.area(curve.recall, curve.precision);
    }

    /** Share of positives among the k best. */
    public double precisionAt(int k) {
        checkCut(k);
        int found = 0;
        for (int i = 0; i < k; i++) if (positive[order[i]]) found++;
        return (double) found / k;
    }

    /** Sum over the k best of (k - i) for a positive in place i (from 0), over k(k + 1)/2: 1 when all are positive, and early ones count more. */
    public double rankWeighted(int k) {
        checkCut(k);
        double sum = 0;
        for (int i = 0; i < k; i++) if (positive[order[i]]) sum += k - i;
        return sum / (k * (k + 1.0) / 2);
    }

    private void checkCut(int k) {
        if (k < 1 || k > order.length)
            throw new ConfigException("list cut at %d; want 1..%d rows".formatted(k, order.length));
    }
}
