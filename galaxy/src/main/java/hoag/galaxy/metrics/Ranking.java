package hoag.galaxy.metrics;

import hoag.kernels.ConfigException;
import java.util.Arrays;

/** Is what is relevant at the top? Gain = the relevance itself, discount log2(rank + 1), ranks from 1 (Jarvelin and Kekalainen 2002). */
public final class Ranking {
    private Ranking() {}

    /**
     * Discounted cumulative gain of the first k by falling score. Items of equal score share their mean gain, so that the order of the
     * input does not matter (McSherry and Najork 2008).
     */
    public static double dcg(double[] relevance, double[] score, int k) {
        Check.sameLength("relevances", relevance.length, "scores", score.length);
        if (k < 1) throw new ConfigException("list cut at %d; want 1 or more".formatted(k));
        var order = Order.falling(score);
        double sum = 0;
        for (int start = 0, end; start < Math.min(k, order.length); start = end) {
            end = start + 1;
            double gain = relevance[order[start]];
            while (end < order.length && score[order[end]] == score[order[start]]) gain += relevance[order[end++]];
            sum += gain / (end - start) * discounts(start, Math.min(k, end));
        }
        return sum;
    }

    private static double discounts(int from, int to) {
        double sum = 0;
        for (int place = from; place < to; place++) sum += Math.log(2) / Math.log(place + 2.0);
        return sum;
    }

    /** {@link #dcg} over the best that any order could reach; 0 when nothing is relevant. */
    public static double ndcg(double[] relevance, double[] score, int k) {
        double best = dcg(relevance, relevance, k);
        return best == 0 ? 0 : dcg(relevance, score, k) / best;
    }

    /** Mean {@link #ndcg} over queries: (queries, items), (queries, items). */
    public static double ndcg(double[][] relevance, double[][] score, int k) {
        Check.sameLength("queries", relevance.length, "scored queries", score.length);
        var each = new double[score.length];
        Arrays.setAll(each, q -> ndcg(relevance[q], score[q], k));
        return Arrays.stream(each).average().orElse(0);
    }
}
