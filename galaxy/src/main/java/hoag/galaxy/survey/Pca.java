package hoag.galaxy.survey;

import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * Principal components: directions of the largest variance, from the covariance (n - 1) in double precision. In each the entry of largest
 * magnitude is positive.
 *
 * @param mean (features)
 * @param components (components, features), rows of length 1, largest variance first
 * @param variances (components) along them
 * @param total variance of all features together
 */
public record Pca(double[] mean, double[][] components, double[] variances, double total) {
    /**
     * Fits all rows.
     *
     * @param count components, 1 up to the smaller of rows - 1 and width
     * @throws ConfigException when there cannot be so many
     * @throws DataException when a feature is not finite
     */
    public static Pca fit(Rows rows, int count) {
        return fit(rows, count, Integer.MAX_VALUE);
    }

    /** Fits at most so many rows, spread evenly. */
    public static Pca fit(Rows rows, int count, int atMost) {
        int n = Math.min(rows.size(), atMost);
        int width = rows.width();
        if (count < 1 || count > Math.min(width, n - 1)) {
            throw new ConfigException("components " + count + " is not allowed; of " + n + " rows of " + width
                    + " features it must be 1.." + Math.min(width, n - 1));
        }
        double[][] covariance = new double[width][width];
        double[] mean = mean(rows, n);
        accumulate(rows, n, mean, covariance);
        double total = 0;
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < i; j++) {
                covariance[i][j] = covariance[j][i];
            }
            total += covariance[i][i];
        }
        if (!Double.isFinite(total)) {
            throw new DataException("principal components: a feature is no finite number");
        }
        var eigen = new EigenDecomposition(new Array2DRowRealMatrix(covariance, false));
        double[] variances = Arrays.copyOf(eigen.getRealEigenvalues(), count);
        double[][] components = new double[count][];
        for (int c = 0; c < count; c++) {
            components[c] = pointed(eigen.getEigenvector(c).toArray());
            variances[c] = Math.max(0, variances[c]);
        }
        return new Pca(mean, components, variances, total);
    }

    private static int place(int i, int n, Rows rows) {
        return (int) ((long) i * rows.size() / n);
    }

    private static double[] mean(Rows rows, int n) {
        double[] mean = new double[rows.width()];
        float[] row = new float[rows.width()];
        for (int i = 0; i < n; i++) {
            rows.read(place(i, n, rows), 1, row);
            for (int j = 0; j < row.length; j++) {
                mean[j] += row[j];
            }
        }
        for (int j = 0; j < mean.length; j++) {
            mean[j] /= n;
        }
        return mean;
    }

    /** The upper half of the covariance, some rows at a time so that they stay near the cores. */
    private static void accumulate(Rows rows, int n, double[] mean, double[][] to) {
        int width = mean.length;
        double[][] some = new double[64][width];
        float[] row = new float[width];
        for (int begin = 0; begin < n; begin += some.length) {
            int real = Math.min(some.length, n - begin);
            for (int i = 0; i < real; i++) {
                rows.read(place(begin + i, n, rows), 1, row);
                for (int j = 0; j < width; j++) {
                    some[i][j] = row[j] - mean[j];
                }
            }
            IntStream.range(0, width).parallel().forEach(j -> {
                for (int i = 0; i < real; i++) {
                    add(to[j], some[i][j] / (n - 1), some[i], j);
                }
            });
        }
    }

    private static void add(double[] to, double factor, double[] row, int from) {
        for (int k = from; k < to.length; k++) {
            to[k] += factor * row[k];
        }
    }

    private static double[] pointed(double[] vector) {
        int most = 0;
        for (int i = 1; i < vector.length; i++) {
            most = Math.abs(vector[i]) > Math.abs(vector[most]) ? i : most;
        }
        double sign = vector[most] < 0 ? -1 : 1;
        return Arrays.stream(vector).map(v -> sign * v).toArray();
    }

    /** Share of the variance that each component explains. */
    public double[] explained() {
        return Arrays.stream(variances).map(v -> v / total).toArray();
    }

    /** The row along the components: (components). */
    public double[] project(float... row) {
        double[] projected = new double[components.length];
        for (int c = 0; c < projected.length; c++) {
            for (int j = 0; j < row.length; j++) {
                projected[c] += (row[j] - mean[j]) * components[c][j];
            }
        }
        return projected;
    }

    /** The row along the components in units of their standard deviation: (components); 0 where there is no variance. */
    public double[] whiten(float... row) {
        double[] projected = project(row);
        for (int c = 0; c < projected.length; c++) {
            projected[c] = variances[c] > 0 ? projected[c] / Math.sqrt(variances[c]) : 0;
        }
        return projected;
    }

    /** All rows whitened: (rows, components), on all threads of the pool that calls. */
    public double[][] whiten(Rows rows) {
        return IntStream.range(0, rows.size())
                .parallel()
                .mapToObj(i -> whiten(rows.row(i)))
                .toArray(double[][]::new);
    }
}
