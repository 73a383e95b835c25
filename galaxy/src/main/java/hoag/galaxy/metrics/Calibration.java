package hoag.galaxy.metrics;

import hoag.kernels.DataException;

/**
 * Does a confidence of 80% come true 8 times in 10? Bins of equal width (a, b] over 0..1, the first closed below.
 *
 * @param edges (bins + 1)
 * @param count (bins)
 * @param meanConfidence (bins), NaN where empty
 * @param accuracy (bins), NaN where empty
 */
public record Calibration(double[] edges, int[] count, double[] meanConfidence, double[] accuracy) {
    public static final int BINS = 15;

    /**
     * @param confidence (rows), 0..1
     * @param correct (rows)
     */
    public static Calibration of(double[] confidence, boolean[] correct, int bins) {
        Check.sameLength("confidences", confidence.length, "outcomes", correct.length);
        var result = new Calibration(edges(bins), new int[bins], new double[bins], new double[bins]);
        for (int i = 0; i < correct.length; i++) result.add(confidence[i], correct[i]);
        for (int b = 0; b < bins; b++) {
            result.meanConfidence[b] /= result.count[b];
            result.accuracy[b] /= result.count[b];
        }
        return result;
    }

    private static double[] edges(int bins) {
        var edges = new double[bins + 1];
        for (int i = 0; i < bins; i++) edges[i] = i * (1.0 / bins);
        edges[bins] = 1;
        return edges;
    }

    private void add(double confidence, boolean correct) {
        if (!(confidence >= 0 && confidence <= 1))
            throw new DataException("confidence is %s; want 0..1".formatted(confidence));
        int bin = 0;
        while (bin < count.length - 1 && confidence > edges[bin + 1]) bin++;
        count[bin]++;
        meanConfidence[bin] += confidence;
        if (correct) accuracy[bin]++;
    }

    /** Expected calibration error: mean of |accuracy - confidence| over bins, each weighted by its rows. */
    public double expectedError() {
        double sum = 0;
        int rows = 0;
        for (int b = 0; b < count.length; b++) {
            sum += count[b] * gap(b);
            rows += count[b];
        }
        return sum / rows;
    }

    /** Maximum calibration error: the largest |accuracy - confidence| of any bin with rows. */
    public double maximumError() {
        double most = 0;
        for (int b = 0; b < count.length; b++) most = Math.max(most, gap(b));
        return most;
    }

    private double gap(int bin) {
        return count[bin] == 0 ? 0 : Math.abs(accuracy[bin] - meanConfidence[bin]);
    }
}
