package hoag.galaxy.map;

import hoag.galaxy.survey.Metric;
import hoag.galaxy.survey.Rows;
import hoag.kernels.ConfigException;
import hoag.kernels.ShapeException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How well a map keeps neighbours (Venna and Kaski 2001): whether those that are near on it are near among the representations, and the other way
 * round.
 *
 * @param trustworthiness 1 when every neighbour on the map is one, less by how far away they are by rank
 * @param continuity 1 when every neighbour is one on the map, less by how far away they are by rank there
 * @param recall share of the neighbours that are neighbours on the map
 */
public record MapQuality(double trustworthiness, double continuity, double recall) {
    /**
     * Of all rows, on all threads of the pool that calls; time grows with the square of the rows.
     *
     * @param places (rows, 2)
     * @param k neighbours that count, 1 up to less than half the rows
     */
    public static MapQuality of(Rows rows, float[][] places, int k) {
        return of(rows, places, k, rows.size());
    }

    /**
     * Of some rows that are spread evenly, among all.
     *
     * @param sample rows whose neighbours are looked at
     * @throws ConfigException when k is out of its range
     * @throws ShapeException when there are not as many places as rows
     */
    public static MapQuality of(Rows rows, float[][] places, int k, int sample) {
        int n = rows.size();
        if (places.length != n) {
            throw new ShapeException("map: " + places.length + " places of " + n + " rows");
        }
        if (k < 1 || 2 * k >= n) {
            throw new ConfigException(
                    "neighbours " + k + " is not allowed; of " + n + " rows it must be 1.." + Math.max(1, (n - 1) / 2));
        }
        int count = Math.min(n, sample);
        long[] sums = IntStream.range(0, count)
                .parallel()
                .mapToObj(i -> row(rows, places, (int) ((long) i * n / count), k))
                .reduce(new long[3], MapQuality::sum);
        double scale = 2.0 / ((double) count * k * (2.0 * n - 3 * k - 1));
        return new MapQuality(1 - scale * sums[0], 1 - scale * sums[1], (double) sums[2] / ((double) count * k));
    }

    private static long[] sum(long[] a, long[] b) {
        return new long[] {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
    }

    /** Ranks beyond k of its neighbours on the map, of its neighbours among the rows, and how many are both. */
    private static long[] row(Rows rows, float[][] places, int row, int k) {
        double[] high = distances(rows, row);
        double[] low = distances(places, row);
        int[] near = nearest(high, k);
        int[] shown = nearest(low, k);
        long[] sums = new long[3];
        for (int i = 0; i < k; i++) {
            sums[0] += Math.max(0, rank(high, shown[i]) - k);
            sums[1] += Math.max(0, rank(low, near[i]) - k);
            int each = shown[i];
            sums[2] += IntStream.of(near).anyMatch(other -> other == each) ? 1 : 0;
        }
        return sums;
    }

    private static double[] distances(Rows rows, int row) {
        int width = rows.width();
        double[] distances = new double[rows.size()];
        float[] own = rows.row(row);
        float[] other = new float[width];
        for (int i = 0; i < distances.length; i++) {
            rows.read(i, 1, other);
            distances[i] = Metric.EUCLIDEAN.between(own, other);
        }
        distances[row] = Double.POSITIVE_INFINITY;
        return distances;
    }

    private static double[] distances(float[][] places, int row) {
        double[] distances = new double[places.length];
        for (int i = 0; i < distances.length; i++) {
            double dx = (double) places[i][0] - places[row][0];
            double dy = (double) places[i][1] - places[row][1];
            distances[i] = dx * dx + dy * dy;
        }
        distances[row] = Double.POSITIVE_INFINITY;
        return distances;
    }

    private static int[] nearest(double[] distances, int k) {
        int[] best = new int[k];
        Arrays.fill(best, -1);
        for (int i = 0; i < distances.length; i++) {
            int at = k;
            while (at > 0 && (best[at - 1] < 0 || distances[i] < distances[best[at - 1]])) {
                at--;
            }
            if (at < k) {
                System.arraycopy(best, at, best, at + 1, k - at - 1);
                best[at] = i;
            }
        }
        return best;
    }

    /** 1 for the nearest; of equal ones the first. */
    private static int rank(double[] distances, int row) {
        int rank = 1;
        for (int i = 0; i < distances.length; i++) {
            rank += distances[i] < distances[row] || distances[i] == distances[row] && i < row ? 1 : 0;
        }
        return rank;
    }
}
