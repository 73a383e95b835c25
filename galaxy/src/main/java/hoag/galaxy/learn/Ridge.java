package hoag.galaxy.learn;

import hoag.engine.nn.Linear;

/**
 * Ridge regression of one number in closed form, float64: the minimum over w, b of the mean of (w x + b - y)^2 plus (penalty / 2) |w|^2 by the
 * normal equations and Cholesky's factorisation. The same minimum as {@link LinearFit}'s for a {@link Task.Number}, for as many penalties as wanted.
 */
final class Ridge {
    private final int width;
    private final double count;
    private final double[] mean;
    private final double target;

    /** Upper half of X^T X, of centred columns, row by row. */
    private final double[][] gram;

    private final double[] moment;

    /**
     * @param features (n, width) row-major
     * @param targets (n); rows with NaN do not count
     */
    Ridge(float[] features, double[] targets) {
        width = features.length / targets.length;
        mean = new double[width];
        int known = 0;
        double sum = 0;
        for (int i = 0; i < targets.length; i++) {
            if (!Double.isNaN(targets[i])) {
                known++;
                sum += targets[i];
                for (int j = 0; j < width; j++) {
                    mean[j] += features[i * width + j];
                }
            }
        }
        count = Math.max(1, known);
        target = sum / count;
        for (int j = 0; j < width; j++) {
            mean[j] /= count;
        }
        gram = new double[width][width];
        moment = new double[width];
        accumulate(features, targets);
    }

    private void accumulate(float[] features, double[] targets) {
        double[] row = new double[width];
        for (int i = 0; i < targets.length; i++) {
            if (Double.isNaN(targets[i])) {
                continue;
            }
            for (int j = 0; j < width; j++) {
                row[j] = features[i * width + j] - mean[j];
            }
            for (int j = 0; j < width; j++) {
                add(gram[j], row[j], row, j);
            }
            add(moment, targets[i] - target, row, 0);
        }
    }

    /** to += factor * x from an index on. */
    private static void add(double[] to, double factor, double[] x, int from) {
        for (int k = from; k < to.length; k++) {
            to[k] += factor * x[k];
        }
    }

    /** Writes weights and bias of the minimum into the layer. */
    void solve(double penalty, Linear head) {
        double[][] upper = factor(count * penalty / 2);
        double[] w = moment.clone();
        for (int j = 0; j < width; j++) { // U^T z = moment
            w[j] /= upper[j][j];
            for (int k = j + 1; k < width; k++) {
                w[k] -= upper[j][k] * w[j];
            }
        }
        for (int j = width - 1; j >= 0; j--) { // U w = z
            double rest = w[j];
            for (int k = j + 1; k < width; k++) {
                rest -= upper[j][k] * w[k];
            }
            w[j] = rest / upper[j][j];
        }
        float[] weight = new float[width];
        double bias = target;
        for (int j = 0; j < width; j++) {
            weight[j] = (float) w[j];
            bias -= w[j] * mean[j];
        }
        head.weight().set(weight);
        head.bias().set(new float[] {(float) bias});
    }

    /** U with U^T U = gram + shift I; where a pivot is lost to rounding the column has nothing to say and gets no weight. */
    private double[][] factor(double shift) {
        double[][] u = new double[width][];
        for (int j = 0; j < width; j++) {
            u[j] = gram[j].clone();
            u[j][j] += shift;
        }
        double least = 1e-12 * (shift + largest());
        for (int j = 0; j < width; j++) {
            if (!(u[j][j] > least)) {
                java.util.Arrays.fill(u[j], j, width, 0);
                u[j][j] = Double.POSITIVE_INFINITY;
                continue;
            }
            double root = Math.sqrt(u[j][j]);
            for (int k = j; k < width; k++) {
                u[j][k] /= root;
            }
            for (int i = j + 1; i < width; i++) {
                add(u[i], -u[j][i], u[j], i);
            }
        }
        return u;
    }

    private double largest() {
        double most = 0;
        for (int j = 0; j < width; j++) {
            most = Math.max(most, gram[j][j]);
        }
        return most;
    }
}
