package hoag.galaxy.cluster;

import hoag.galaxy.learn.Progress;
import hoag.galaxy.map.Halfway;
import hoag.galaxy.map.Stopped;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;

/**
 * Points as drawn from some normal distributions (expectation and maximisation, Dempster, Laird and Rubin 1977), from k-means; the best of some
 * starts. 1e-6 is added to variances.
 *
 * @param k distributions, 1..1000
 * @param full whether each has correlations of its own, or variances only
 * @param restarts starts, 1..1000
 * @param seed of the starts
 */
public record Mixture(int k, boolean full, int restarts, long seed) {
    private static final double LEAST = 1e-6;
    private static final double SETTLED = 1e-3;
    private static final int ROUNDS = 300;

    /** @throws ConfigException when a value is out of its range */
    public Mixture {
        if (k < 1 || k > 1000) {
            throw new ConfigException("--k " + k + " is not allowed; of a mixture it must be 1..1000");
        }
        if (restarts < 1 || restarts > 1000) {
            throw new ConfigException("--restarts " + restarts + " is not allowed; it must be 1..1000");
        }
    }

    /**
     * What was found.
     *
     * @param weights (k) share of each
     * @param means (k, dims)
     * @param covariances (k, dims, dims), or (k, dims) variances
     * @param likelihood mean over the points of the logarithm of their density
     * @param bic Bayesian information criterion: the lower, the better the number of clusters
     * @param labels (points) the likeliest
     * @param probability (points) of that
     */
    public record Fitted(
            double[] weights,
            double[] means,
            double[] covariances,
            double likelihood,
            double bic,
            int[] labels,
            float[] probability) {}

    /**
     * The best of all starts.
     *
     * @throws ConfigException when there are fewer points than clusters
     */
    public Fitted fit(Points points, Progress progress) {
        return fit(points, new Starts(1, restarts, Halfway.none(), progress), 0);
    }

    /** The best of those starts, of which these are the kind. */
    Fitted fit(Points points, Starts starts, int kind) {
        KMeans.enough(points, k);
        return starts.best(kind, seed, (from, stop) -> once(points, from, stop), fitted -> -fitted.likelihood);
    }

    private Fitted once(Points points, long from, Progress progress) {
        int[] labels = new KMeans(k, 1, from).once(points, from, progress).labels();
        Run run = new Run(points);
        run.maximise(hard(labels));
        return run.settle(ROUNDS, SETTLED, progress);
    }

    /** From these means, equal weights and variances of 1, so many rounds. */
    Fitted from(Points points, double[] means, int rounds) {
        Run run = new Run(points);
        Arrays.fill(run.weights, 1.0 / k);
        System.arraycopy(means, 0, run.means, 0, means.length);
        for (int c = 0; c < k; c++) {
            for (int j = 0; j < points.dims(); j++) {
                run.covariances[full ? (c * points.dims() + j) * points.dims() + j : c * points.dims() + j] = 1;
            }
        }
        return run.settle(rounds, 0, Progress.NONE);
    }

    private double[][] hard(int[] labels) {
        double[][] shares = new double[labels.length][k];
        for (int i = 0; i < labels.length; i++) {
            shares[i][labels[i]] = 1;
        }
        return shares;
    }

    private final class Run {
        private final Points points;
        private final int dims;
        private final int size;
        private final double[] weights = new double[k];
        private final double[] means;
        private double[] covariances;

        Run(Points points) {
            this.points = points;
            dims = points.dims();
            size = full ? dims * dims : dims;
            means = new double[k * dims];
            covariances = new double[k * size];
        }

        Fitted settle(int rounds, double settled, Progress progress) {
            double[][] shares = new double[points.size()][k];
            double before = Double.NEGATIVE_INFINITY;
            for (int round = 0; round < rounds; round++) {
                Stopped.when(progress);
                double now = expect(shares);
                maximise(shares);
                if (Math.abs(now - before) < settled) {
                    break;
                }
                before = now;
            }
            double likelihood = expect(shares);
            return fitted(shares, likelihood);
        }

        private Fitted fitted(double[][] shares, double likelihood) {
            int n = points.size();
            int[] labels = new int[n];
            float[] probability = new float[n];
            for (int i = 0; i < n; i++) {
                for (int c = 1; c < k; c++) {
                    labels[i] = shares[i][c] > shares[i][labels[i]] ? c : labels[i];
                }
                probability[i] = (float) shares[i][labels[i]];
            }
            double free = k - 1 + (double) k * dims + (double) k * (full ? dims * (dims + 1) / 2.0 : dims);
            double bic = free * Math.log(n) - 2 * likelihood * n;
            return new Fitted(weights, means, covariances, likelihood, bic, labels, probability);
        }

        /** Shares of every point; returns the mean logarithm of the density. */
        private double expect(double[][] shares) {
            Normal[] normals = new Normal[k];
            Arrays.setAll(normals, this::normal);
            double[] sums = new double[points.pieces()];
            points.each(piece -> {
                double[] gap = new double[dims];
                for (int i = piece * Points.PIECE; i < points.end(piece); i++) {
                    sums[piece] += share(i, normals, gap, shares[i]);
                }
            });
            return Arrays.stream(sums).sum() / points.size();
        }

        private double share(int point, Normal[] normals, double[] gap, double[] to) {
            double most = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < k; c++) {
                for (int j = 0; j < dims; j++) {
                    gap[j] = points.values()[point * dims + j] - means[c * dims + j];
                }
                to[c] = normals[c].density(gap);
                most = Math.max(most, to[c]);
            }
            double sum = 0;
            for (int c = 0; c < k; c++) {
                to[c] = Math.exp(to[c] - most);
                sum += to[c];
            }
            for (int c = 0; c < k; c++) {
                to[c] /= sum;
            }
            return most + Math.log(sum);
        }

        private Normal normal(int c) {
            double log = Math.log(weights[c]) - 0.5 * dims * Math.log(2 * Math.PI);
            if (!full) {
                double[] variances = Arrays.copyOfRange(covariances, c * dims, (c + 1) * dims);
                return new Normal(
                        log - 0.5 * Arrays.stream(variances).map(Math::log).sum(), variances, null);
            }
            double[][] matrix = new double[dims][];
            for (int i = 0; i < dims; i++) {
                matrix[i] = Arrays.copyOfRange(covariances, c * size + i * dims, c * size + (i + 1) * dims);
            }
            try {
                double[][] lower = new CholeskyDecomposition(new Array2DRowRealMatrix(matrix, false), 1e-6, 0)
                        .getL()
                        .getData();
                for (int i = 0; i < dims; i++) {
                    log -= Math.log(lower[i][i]);
                }
                return new Normal(log, null, lower);
            } catch (NonPositiveDefiniteMatrixException e) {
                throw new DataException(
                        "gmm: a cluster of fewer galaxies than dimensions has no volume; give a smaller --k, fewer"
                                + " --dims, or --covariance diag",
                        e);
            }
        }

        /** Weights, means and covariances of the shares; sums by pieces in order, so that threads do not matter. */
        private void maximise(double[][] shares) {
            double[][] parts = new double[points.pieces()][];
            points.each(piece -> parts[piece] = first(shares, piece));
            double[] all = sum(parts);
            for (int c = 0; c < k; c++) {
                double count = all[c] + 10 * Math.ulp(1.0);
                weights[c] = count / points.size();
                for (int j = 0; j < dims; j++) {
                    means[c * dims + j] = all[k + c * dims + j] / count;
                }
            }
            points.each(piece -> parts[piece] = second(shares, piece));
            covariances = sum(parts);
            for (int c = 0; c < k; c++) {
                for (int j = 0; j < size; j++) {
                    covariances[c * size + j] /= weights[c] * points.size();
                }
                for (int j = 0; j < dims; j++) {
                    covariances[c * size + (full ? j * dims + j : j)] += LEAST;
                }
            }
        }

        private double[] first(double[][] shares, int piece) {
            double[] sums = new double[k + k * dims];
            for (int i = piece * Points.PIECE; i < points.end(piece); i++) {
                for (int c = 0; c < k; c++) {
                    sums[c] += shares[i][c];
                    for (int j = 0; j < dims; j++) {
                        sums[k + c * dims + j] += shares[i][c] * points.values()[i * dims + j];
                    }
                }
            }
            return sums;
        }

        private double[] second(double[][] shares, int piece) {
            double[] sums = new double[k * size];
            double[] gap = new double[dims];
            for (int i = piece * Points.PIECE; i < points.end(piece); i++) {
                for (int c = 0; c < k; c++) {
                    if (shares[i][c] > 1e-300) {
                        for (int j = 0; j < dims; j++) {
                            gap[j] = points.values()[i * dims + j] - means[c * dims + j];
                        }
                        spread(gap, shares[i][c], sums, c * size);
                    }
                }
            }
            return sums;
        }

        private void spread(double[] gap, double share, double[] sums, int at) {
            for (int a = 0; a < dims; a++) {
                if (full) {
                    double left = share * gap[a];
                    for (int b = 0; b < dims; b++) {
                        sums[at + a * dims + b] += left * gap[b];
                    }
                } else {
                    sums[at + a] += share * gap[a] * gap[a];
                }
            }
        }

        private double[] sum(double[][] parts) {
            double[] all = parts[0].clone();
            for (int p = 1; p < parts.length; p++) {
                for (int i = 0; i < all.length; i++) {
                    all[i] += parts[p][i];
                }
            }
            return all;
        }
    }

    /**
     * A normal distribution.
     *
     * @param log of its share and scale
     * @param variances null where there are correlations
     * @param lower root of the covariance, null where there are none
     */
    private record Normal(double log, double[] variances, double[][] lower) {
        /** Logarithm of the density so far from the mean; the gap is overwritten. */
        double density(double... gap) {
            double square = 0;
            for (int i = 0; i < gap.length; i++) {
                if (lower == null) {
                    square += gap[i] * gap[i] / variances[i];
                } else {
                    double left = gap[i];
                    for (int j = 0; j < i; j++) {
                        left -= lower[i][j] * gap[j];
                    }
                    gap[i] = left / lower[i][i];
                    square += gap[i] * gap[i];
                }
            }
            return log - 0.5 * square;
        }
    }
}
