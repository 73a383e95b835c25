package hoag.galaxy.map;

import java.util.stream.IntStream;

/**
 * How much each neighbour counts, from 0 to 1: {@code exp(-(d - rho) / sigma)} with rho the distance of the nearest that is not the same, and sigma
 * such that they count log2 of the number of neighbours together (McInnes, Healy and Melville 2018, algorithm 3).
 */
final class Membership {
    private static final int ROUNDS = 64;
    private static final double CLOSE = 1e-5;
    private static final double LEAST = 1e-3;

    private Membership() {}

    /** (points, k), each point among its neighbours counted as one of them. */
    static float[] of(Knn knn) {
        float[] weights = new float[knn.distances().length];
        double mean = mean(knn.distances(), 0, weights.length) * knn.k() / (knn.k() + 1);
        IntStream.range(0, knn.size()).parallel().forEach(i -> point(knn, i * knn.k(), mean, weights));
        return weights;
    }

    private static void point(Knn knn, int from, double mean, float[] weights) {
        float[] distances = knn.distances();
        int to = from + knn.k();
        double rho = rho(distances, from, to);
        double own = mean(distances, from, to) * knn.k() / (knn.k() + 1);
        double sigma = Math.max(sigma(distances, from, to, rho), LEAST * (rho > 0 ? own : mean));
        for (int j = from; j < to; j++) {
            double beyond = distances[j] - rho;
            weights[j] = beyond <= 0 || sigma == 0 ? 1 : (float) Math.exp(-beyond / sigma);
        }
    }

    private static double rho(float[] distances, int from, int to) {
        for (int j = from; j < to; j++) {
            if (distances[j] > 0) {
                return distances[j];
            }
        }
        return 0;
    }

    private static double sigma(float[] distances, int from, int to, double rho) {
        double wanted = Math.log(to - from + 1) / Math.log(2);
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double sigma = 1;
        for (int round = 0; round < ROUNDS; round++) {
            double sum = 0;
            for (int j = from; j < to; j++) {
                double beyond = distances[j] - rho;
                sum += beyond > 0 ? Math.exp(-beyond / sigma) : 1;
            }
            if (Math.abs(sum - wanted) < CLOSE) {
                break;
            }
            if (sum > wanted) {
                high = sigma;
                sigma = (low + high) / 2;
            } else {
                low = sigma;
                sigma = high == Double.POSITIVE_INFINITY ? 2 * sigma : (low + high) / 2;
            }
        }
        return sigma;
    }

    private static double mean(float[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum / Math.max(1, to - from);
    }
}
