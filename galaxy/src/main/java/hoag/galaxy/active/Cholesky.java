package hoag.galaxy.active;

import hoag.kernels.DataException;

/** K = L L' of a symmetric positive matrix, (n, n) row-major, in double precision; loops run along rows, so that they become vector code. */
final class Cholesky {
    private final int n;
    private final double[][] lower;

    /** @throws DataException when the matrix is not positive definite */
    Cholesky(double[][] symmetric) {
        n = symmetric.length;
        double[][] upper = new double[n][];
        for (int i = 0; i < n; i++) {
            upper[i] = symmetric[i].clone();
        }
        for (int i = 0; i < n; i++) {
            double[] row = upper[i];
            if (!(row[i] > 0)) {
                throw new DataException("Gaussian process: the covariance of the labelled points is not positive; a"
                        + " feature may be no number");
            }
            scale(row, i, 1 / Math.sqrt(row[i]));
            for (int j = i + 1; j < n; j++) {
                add(upper[j], -row[j], row, j);
            }
        }
        lower = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                lower[j][i] = upper[i][j];
            }
        }
    }

    private static void scale(double[] row, int from, double factor) {
        for (int j = from; j < row.length; j++) {
            row[j] *= factor;
        }
    }

    private static void add(double[] to, double factor, double[] row, int from) {
        for (int j = from; j < to.length; j++) {
            to[j] += factor * row[j];
        }
    }

    /** Half the logarithm of the determinant. */
    double halfLogDeterminant() {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.log(lower[i][i]);
        }
        return sum;
    }

    /** The columns of L^-1: entry (j, i) is that of row i, column j, and zero for i below j. */
    double[][] inverseColumns() {
        double[][] rows = new double[n][n];
        for (int i = 0; i < n; i++) {
            double[] row = rows[i];
            row[i] = 1;
            for (int j = 0; j < i; j++) {
                double factor = -lower[i][j];
                double[] other = rows[j];
                for (int k = 0; k <= j; k++) {
                    row[k] += factor * other[k];
                }
            }
            scale(row, 0, 1 / lower[i][i]);
        }
        double[][] columns = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                columns[j][i] = rows[i][j];
            }
        }
        return columns;
    }
}
