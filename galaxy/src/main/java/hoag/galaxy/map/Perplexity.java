package hoag.galaxy.map;

import java.util.stream.IntStream;

/** How likely each neighbour is under a Gaussian whose width is such that as many count as the perplexity says (van der Maaten and Hinton 2008). */
final class Perplexity {
    private static final int ROUNDS = 100;
    private static final double CLOSE = 1e-5;

    /** So narrow it becomes only where more points than the perplexity are at the same distance. */
    private static final double MANY_COPIES = 1e6;

    private Perplexity() {}

    /** (points, k), summing to 1 for each point. */
    static float[] of(Knn knn, double perplexity) {
        float[] weights = new float[knn.distances().length];
        double wanted = Math.log(perplexity);
        IntStream.range(0, knn.size()).parallel().forEach(i -> point(knn, i * knn.k(), wanted, weights));
        return weights;
    }

    private static void point(Knn knn, int from, double wanted, float[] weights) {
        int k = knn.k();
        double[] squares = new double[k];
        for (int j = 0; j < k; j++) {
            double d = knn.distances()[from + j];
            squares[j] =
                    d * d - (double) knn.distances()[from] * knn.distances()[from]; // what all have in common cancels
        }
        double[] likely = new double[k];
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double beta = squares[k - 1] > 0 ? 1 / squares[k - 1] : 0;
        entropy(squares, beta, likely);
        for (int round = 0; round < ROUNDS && beta * squares[k - 1] < MANY_COPIES; round++) {
            double gap = entropy(squares, beta, likely) - wanted;
            if (Math.abs(gap) < CLOSE) {
                break;
            }
            if (gap > 0) {
                low = beta;
                beta = high == Double.POSITIVE_INFINITY ? 2 * beta : (low + high) / 2;
            } else {
                high = beta;
                beta = (low + high) / 2;
            }
        }
        for (int j = 0; j < k; j++) {
            weights[from + j] = (float) likely[j];
        }
    }

    private static double entropy(double[] squares, double beta, double[] likely) {
        double sum = 0;
        double mean = 0;
        for (int j = 0; j < squares.length; j++) {
            likely[j] = Math.exp(-beta * squares[j]);
            sum += likely[j];
            mean += likely[j] * squares[j];
        }
        for (int j = 0; j < squares.length; j++) {
            likely[j] /= sum;
        }
        return Math.log(sum) + beta * mean / sum;
    }
}
