package hoag.galaxy.survey;

import hoag.galaxy.linear.Eigen;
import hoag.galaxy.linear.Panels;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Principal components: directions of the largest variance, from the covariance (n - 1) in double precision, by {@link Eigen}. In each the entry of
 * largest magnitude is positive.
 *
 * @param mean (features)
 * @param components (components, features), rows of length 1, largest variance first
 * @param variances (components) along them
 * @param total variance of all features together
 */
public record Pca(double[] mean, double[][] components, double[] variances, double total) {
    /** Rows at a time, so that they stay near the cores. */
    private static final int PIECE = 128;

    /**
     * Fits all rows, some at a time: memory for (width, width) is enough, however many there are.
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
        double[] mean = mean(rows, n);
        double[][] covariance = covariance(rows, n, mean);
        double total =
                IntStream.range(0, width).mapToDouble(i -> covariance[i][i]).sum();
        if (!Double.isFinite(total)) {
            throw new DataException("principal components: a feature is no finite number");
        }
        Eigen eigen = Eigen.largest(covariance, count);
        double[][] components = Arrays.stream(eigen.vectors()).map(Pca::pointed).toArray(double[][]::new);
        double[] variances =
                Arrays.stream(eigen.values()).map(v -> Math.max(0, v)).toArray();
        return new Pca(mean, components, variances, total);
    }

    /** Those of some rows that are spread evenly over all, in order, so many at a time. */
    private static void pieces(Rows rows, int n, int most, Piece piece) {
        float[] some = new float[most * rows.width()];
        for (int begin = 0; begin < n; begin += most) {
            int real = Math.min(most, n - begin);
            if (n == rows.size()) {
                rows.read(begin, real, some);
            } else {
                for (int i = 0; i < real; i++) {
                    float[] row = rows.row((int) ((long) (begin + i) * rows.size() / n));
                    System.arraycopy(row, 0, some, i * row.length, row.length);
                }
            }
            piece.accept(some, real);
        }
    }

    private interface Piece {
        void accept(float[] values, int count);
    }

    private static double[] mean(Rows rows, int n) {
        int width = rows.width();
        double[] mean = new double[width];
        pieces(rows, n, PIECE, (some, count) -> {
            for (int at = 0; at < count * width; at += width) {
                for (int j = 0; j < width; j++) {
                    mean[j] += some[at + j];
                }
            }
        });
        for (int j = 0; j < mean.length; j++) {
            mean[j] /= n;
        }
        return mean;
    }

    private static double[][] covariance(Rows rows, int n, double[] mean) {
        int width = mean.length;
        double[][] covariance = new double[width][width];
        Panels panels = new Panels(width, PIECE);
        pieces(rows, n, PIECE, (some, count) -> {
            for (int i = 0; i < count; i++) {
                panels.setAcross(i, some, i * width, mean);
            }
            for (int i = count; i < PIECE; i++) {
                panels.clearAcross(i);
            }
            Panels.square(panels, covariance);
        });
        for (int i = 0; i < width; i++) {
            for (int j = i; j < width; j++) {
                covariance[i][j] = covariance[j][i] = covariance[i][j] / (n - 1);
            }
        }
        return covariance;
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
        return whiten(project(row));
    }

    /** All rows along the components: (rows, components), on all threads of the pool that calls. */
    public double[][] project(Rows rows) {
        Panels directions = Panels.of(components);
        int width = mean.length;
        double[][] projected = new double[rows.size()][components.length];
        IntStream.range(0, Math.ceilDiv(rows.size(), PIECE)).parallel().forEach(piece -> {
            int from = piece * PIECE;
            int count = Math.min(PIECE, rows.size() - from);
            float[] some = new float[count * width];
            rows.read(from, count, some);
            Panels panels = new Panels(count, width);
            for (int i = 0; i < count; i++) {
                panels.set(i, some, i * width, mean);
            }
            Panels.product(panels, directions, Arrays.copyOfRange(projected, from, from + count));
        });
        return projected;
    }

    /** All rows whitened: (rows, components), on all threads of the pool that calls. */
    public double[][] whiten(Rows rows) {
        double[][] projected = project(rows);
        for (double[] row : projected) {
            whiten(row);
        }
        return projected;
    }

    private double[] whiten(double[] projected) {
        for (int c = 0; c < projected.length; c++) {
            projected[c] = variances[c] > 0 ? projected[c] / Math.sqrt(variances[c]) : 0;
        }
        return projected;
    }
}
