package hoag.galaxy.metrics;

/**
 * Counts at every distinct score, best first: what is found when everything at or above the threshold is taken.
 * All curves of a binary classifier follow from it.
 *
 * @param threshold (n) distinct scores, falling
 * @param truePositives (n)
 * @param falsePositives (n)
 */
record Curve(double[] threshold, double[] truePositives, double[] falsePositives) {
    static Curve of(boolean[] positive, double[] score) {
        var order = Order.falling(score);
        int distinct = 0;
        for (int i = 0; i < order.length; i++) if (isLast(order, score, i)) distinct++;
        var curve = new Curve(new double[distinct], new double[distinct], new double[distinct]);
        curve.fill(positive, score, order);
        return curve;
    }

    private void fill(boolean[] positive, double[] score, int[] order) {
        int found = 0, at = 0;
        for (int i = 0; i < order.length; i++) {
            if (positive[order[i]]) found++;
            if (!isLast(order, score, i)) continue;
            threshold[at] = score[order[i]];
            truePositives[at] = found;
            falsePositives[at++] = i + 1 - found;
        }
    }

    private static boolean isLast(int[] order, double[] score, int i) {
        return i + 1 == order.length || score[order[i + 1]] != score[order[i]];
    }

    int size() {
        return threshold.length;
    }

    double positives() {
        return truePositives[size() - 1];
    }

    double negatives() {
        return falsePositives[size() - 1];
    }

    /** Area under (x, y) by trapezia. */
    static double area(double[] x, double[] y) {
        double sum = 0;
        for (int i = 1; i < x.length; i++) sum += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
        return sum;
    }
}
