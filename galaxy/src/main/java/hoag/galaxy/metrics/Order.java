package hoag.galaxy.metrics;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Orders of scores. */
final class Order {
    private Order() {}

    /** Row numbers by falling score; equal scores keep their order (0 - x makes one zero of both). */
    static int[] falling(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> 0.0 - scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The first of the largest. */
    static int argmax(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
        return best;
    }

    /** Ranks from 1; equal values share the mean of their ranks. */
    static double[] ranks(double[] values) {
        var order = falling(negated(values));
        var ranks = new double[values.length];
        for (int start = 0, end; start < order.length; start = end) {
            end = start + 1;
            while (end < order.length && values[order[end]] == values[order[start]]) end++;
            for (int i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2.0;
        }
        return ranks;
    }

    private static double[] negated(double[] values) {
        var result = new double[values.length];
        for (int i = 0; i < values.length; i++) result[i] = 0.0 - values[i];
        return result;
    }
}
