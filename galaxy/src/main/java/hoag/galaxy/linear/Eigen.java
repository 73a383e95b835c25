package hoag.galaxy.linear;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * The largest eigenvalues of a symmetric matrix without negative ones, and their vectors.
 *
 * @param values (count), largest first
 * @param vectors (count, n) of length 1
 */
public record Eigen(double[] values, double[][] vectors) {
    /** Up to this size the whole decomposition is quick. */
    private static final int SMALL = 160;

    private static final int SPARE = 20;
    private static final int SWEEPS = 200;
    private static final double ACCURATE = 1e-12;

    /** How much larger a direction may grow than the last that is wanted before all are made orthogonal again. */
    private static final double GROWTH = 1e5;

    /**
     * The {@code count} largest: subspace iteration from random directions (Halko, Martinsson and Tropp 2011) with a Chebyshev filter (Zhou and Saad
     * 2007) until every wanted pair leaves a residual below 1e-12 of the largest value. The answer does not depend on threads.
     *
     * @param matrix (n, n)
     */
    public static Eigen largest(double[][] matrix, int count) {
        int n = matrix.length;
        int block = count + Math.max(SPARE, count / 2);
        return n <= SMALL || 2 * block > n ? whole(matrix, count) : new Subspace(matrix, count, block).find();
    }

    private static Eigen whole(double[][] matrix, int count) {
        var eigen = new EigenDecomposition(new Array2DRowRealMatrix(matrix, false));
        double[][] vectors = new double[count][];
        for (int i = 0; i < count; i++) {
            vectors[i] = eigen.getEigenvector(i).toArray();
        }
        return new Eigen(Arrays.copyOf(eigen.getRealEigenvalues(), count), vectors);
    }

    /** Directions in the rows of arrays, (block, n). */
    private static final class Subspace {
        private final int n;
        private final int count;
        private final double[][] matrix;
        private final Panels panels;
        private final Random random = new Random(1);
        private double[][] q;
        private double[] ritz;

        Subspace(double[][] matrix, int count, int block) {
            this.matrix = matrix;
            this.count = count;
            n = matrix.length;
            panels = Panels.of(matrix);
            q = new double[block][n];
            orthogonal();
        }

        Eigen find() {
            double least = Double.POSITIVE_INFINITY;
            int idle = 0;
            for (int sweep = 0; sweep < SWEEPS; sweep++) {
                double[][] y = rotated(times(q));
                double worst = residual(y);
                if (worst <= ACCURATE * ritz[0] || idle > 8) {
                    return new Eigen(Arrays.copyOf(ritz, count), Arrays.copyOf(q, count));
                }
                idle = worst < 0.5 * least ? 0 : idle + 1;
                least = Math.min(least, worst);
                q = filtered(y);
                orthogonal();
            }
            return whole(matrix, count);
        }

        private double[][] times(double[][] vectors) {
            double[][] product = new double[vectors.length][n];
            Panels.parallelProduct(Panels.of(vectors), panels, product);
            return product;
        }

        /** Turns q to the Ritz vectors, and y = matrix q with it. */
        private double[][] rotated(double[][] y) {
            double[][] small = new double[q.length][q.length];
            Panels.product(Panels.of(q), Panels.of(y), small);
            for (int i = 0; i < small.length; i++) {
                for (int j = 0; j < i; j++) {
                    small[i][j] = small[j][i] = (small[i][j] + small[j][i]) / 2;
                }
            }
            Eigen eigen = whole(small, small.length);
            ritz = eigen.values;
            q = combined(eigen.vectors, q);
            return combined(eigen.vectors, y);
        }

        private double[][] combined(double[][] weights, double[][] rows) {
            double[][] sums = new double[weights.length][n];
            for (int i = 0; i < weights.length; i++) {
                for (int j = 0; j < rows.length; j++) {
                    add(sums[i], weights[i][j], rows[j]);
                }
            }
            return sums;
        }

        private double residual(double[][] y) {
            double worst = 0;
            for (int i = 0; i < count; i++) {
                double[] gap = y[i].clone();
                add(gap, -ritz[i], q[i]);
                worst = Math.max(worst, Math.sqrt(dot(gap, gap)));
            }
            return worst;
        }

        /** A Chebyshev polynomial of the matrix that is small from 0 to the smallest Ritz value, times q; y is the matrix times q. */
        private double[][] filtered(double[][] y) {
            double half = ritz[ritz.length - 1] / 2;
            if (!(half > 1e-13 * ritz[0])) {
                return y;
            }
            double top = ritz[0] / half - 1;
            double last = Math.max(1, ritz[count - 1] / half - 1);
            double scale = 1 / top;
            double first = scale;
            double[][] before = q;
            double[][] now = blend(y, before, scale / half, -scale, null, 0);
            for (int degree = 2; degree < 20 && growth(degree, top) < GROWTH * growth(degree, last); degree++) {
                double next = 1 / (2 / first - scale);
                double[][] after = blend(times(now), now, 2 * next / half, -2 * next, before, -scale * next);
                before = now;
                now = after;
                scale = next;
            }
            return now;
        }

        private static double growth(int degree, double x) {
            return Math.cosh(degree * Math.log(x + Math.sqrt(x * x - 1)));
        }

        private static double[][] blend(
                double[][] a, double[][] b, double forA, double forB, double[][] c, double forC) {
            for (int i = 0; i < a.length; i++) {
                for (int j = 0; j < a[i].length; j++) {
                    a[i][j] = forA * a[i][j] + forB * b[i][j] + (c == null ? 0 : forC * c[i][j]);
                }
            }
            return a;
        }

        /** Gram and Schmidt, twice; a direction of which nothing is left is drawn anew. */
        private void orthogonal() {
            for (int i = 0; i < q.length; i++) {
                if (dot(q[i], q[i]) == 0) {
                    Arrays.setAll(q[i], j -> random.nextGaussian());
                }
                for (int pass = 0; pass < 2; pass++) {
                    for (int j = 0; j < i; j++) {
                        add(q[i], -dot(q[i], q[j]), q[j]);
                    }
                    scale(q[i], 1 / Math.sqrt(Math.max(Double.MIN_NORMAL, dot(q[i], q[i]))));
                }
            }
        }
    }

    private static void scale(double[] row, double factor) {
        for (int i = 0; i < row.length; i++) {
            row[i] *= factor;
        }
    }

    private static void add(double[] to, double factor, double[] row) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * row[i];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
