package hoag.galaxy.active;

import hoag.galaxy.linear.Panels;
import hoag.kernels.DataException;
import hoag.kernels.ShapeException;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Regression by a Gaussian process of mean zero and unit variance with white noise (Rasmussen and Williams 2006, algorithm 2.1), as scikit-learn's
 * {@code GaussianProcessRegressor} does it. Immutable.
 */
public final class GaussianProcess {
    /** Added to the diagonal, as scikit-learn does. */
    private static final double JITTER = 1e-10;

    private static final double BOUND = Math.log(1e5);
    private static final int ITERATIONS = 200;

    /** Points at a time, so that they stay near the cores. */
    private static final int PIECE = 128;

    private final Covariance covariance;
    private final double[] ln;
    private final double[][] x;
    private final double[] y;
    private final double[][] inverse;
    private final double[] weights;
    private final double likelihood;

    /**
     * With given hyper-parameters.
     *
     * @param ln natural logarithms of the hyper-parameters, see {@link Covariance}
     * @param x (points, features)
     * @param y (points)
     * @throws ShapeException when the sizes do not go together
     * @throws DataException when there is no point, or a value is not finite
     */
    public GaussianProcess(Covariance covariance, double[] ln, double[][] x, double[] y) {
        this(checked(covariance, ln, x, y), ln, x, y, covariances(covariance, ln, distances(x)));
    }

    /** @param k (points, points) covariances without noise, which this does not keep */
    private GaussianProcess(Covariance covariance, double[] ln, double[][] x, double[] y, double[][] k) {
        this.covariance = covariance;
        this.ln = ln.clone();
        this.x = x;
        this.y = y;
        Cholesky factor = new Cholesky(noisy(k, ln));
        inverse = factor.inverseColumns();
        double[] half = timesLowerInverse(y);
        weights = new double[y.length];
        double fit = 0;
        for (int j = 0; j < y.length; j++) {
            weights[j] = dot(inverse[j], half, j);
            fit += half[j] * half[j];
        }
        likelihood = -fit / 2 - factor.halfLogDeterminant() - y.length / 2.0 * Math.log(2 * Math.PI);
    }

    private static Covariance checked(Covariance covariance, double[] ln, double[][] x, double[] y) {
        if (ln.length != covariance.parameters()) {
            throw new ShapeException(
                    covariance + " has " + covariance.parameters() + " hyper-parameters, got " + ln.length);
        }
        if (x.length != y.length) {
            throw new ShapeException("Gaussian process: " + x.length + " points, " + y.length + " values");
        }
        if (x.length == 0) {
            throw new DataException("Gaussian process: no point to learn from");
        }
        for (int i = 0; i < x.length; i++) {
            if (!Double.isFinite(y[i]) || !Arrays.stream(x[i]).allMatch(Double::isFinite)) {
                throw new DataException("Gaussian process: point " + i + " has a value that is no finite number");
            }
        }
        return covariance;
    }

    /**
     * With the hyper-parameters of the largest marginal likelihood, each within 1e-5 to 1e5, found from 1 and from further starts, on all threads
     * of the pool that calls.
     *
     * @param restarts further starts, drawn evenly in the logarithm
     * @param seed of the starts
     */
    public static GaussianProcess fit(Covariance covariance, double[][] x, double[] y, int restarts, long seed) {
        checked(covariance, new double[covariance.parameters()], x, y);
        double[][] distances = distances(x);
        return IntStream.rangeClosed(0, restarts)
                .mapToObj(starts(covariance.parameters(), seed)::apply)
                .toList()
                .parallelStream()
                .map(from -> climbed(covariance, from, x, y, distances))
                .reduce((best, next) -> next.likelihood > best.likelihood ? next : best)
                .orElseThrow();
    }

    /** The first at 1, the others drawn. */
    private static IntFunction<double[]> starts(int parameters, long seed) {
        Random random = new Random(seed);
        return start -> {
            double[] from = new double[parameters];
            for (int i = 0; start > 0 && i < from.length; i++) {
                from[i] = (2 * random.nextDouble() - 1) * BOUND;
            }
            return from;
        };
    }

    /** The best that is reached uphill from a start. */
    private static GaussianProcess climbed(
            Covariance covariance, double[] from, double[][] x, double[] y, double[][] distances) {
        double[] found = BoundedBfgs.minimise(from, -BOUND, BOUND, ITERATIONS, (at, gradient) -> {
            double[][] k = covariances(covariance, at, distances);
            GaussianProcess process = new GaussianProcess(covariance, at, x, y, k);
            process.gradient(distances, k, gradient);
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = -gradient[i];
            }
            return -process.likelihood;
        });
        return new GaussianProcess(covariance, found, x, y, covariances(covariance, found, distances));
    }

    /** (n, n) squared distances. */
    private static double[][] distances(double[][] x) {
        double[][] squared = new double[x.length][x.length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < i; j++) {
                squared[i][j] = squared[j][i] = squared(x[i], x[j]);
            }
        }
        return squared;
    }

    /** (n, n) below the diagonal. */
    private static double[][] covariances(Covariance covariance, double[] ln, double[][] squared) {
        double[][] k = new double[squared.length][];
        for (int i = 0; i < k.length; i++) {
            k[i] = Arrays.copyOf(squared[i], i);
            covariance.values(k[i], ln);
        }
        return k;
    }

    private static double[][] noisy(double[][] below, double[] ln) {
        int n = below.length;
        double noise = Math.exp(ln[ln.length - 1]);
        double[][] k = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                k[i][j] = k[j][i] = below[i][j];
            }
            k[i][i] = 1 + noise + JITTER;
        }
        return k;
    }

    /** The same hyper-parameters, and one point more. */
    GaussianProcess with(double[] point, double value) {
        double[][] points = Arrays.copyOf(x, x.length + 1);
        double[] values = Arrays.copyOf(y, y.length + 1);
        points[x.length] = point;
        values[y.length] = value;
        return new GaussianProcess(covariance, ln, points, values);
    }

    /** The covariance of the values at two points, without noise. */
    double alike(double[] a, double[] b) {
        return covariance.value(squared(a, b), ln);
    }

    /** Natural logarithms of the hyper-parameters. */
    public double[] hyper() {
        return ln.clone();
    }

    /** Logarithm of the marginal likelihood. */
    public double logLikelihood() {
        return likelihood;
    }

    /** Derivatives of the log marginal likelihood in the logarithms of the hyper-parameters. */
    public double[] gradient() {
        double[] gradient = new double[ln.length];
        double[][] distances = distances(x);
        gradient(distances, covariances(covariance, ln, distances), gradient);
        return gradient;
    }

    /** Half the trace of (w w' - K^-1) dK. */
    private void gradient(double[][] distances, double[][] k, double[] to) {
        int n = x.length;
        double noise = Math.exp(ln[ln.length - 1]);
        double[][] whole = new double[n][n];
        Panels columns = Panels.of(inverse);
        Panels.product(columns, columns, whole);
        Arrays.fill(to, 0);
        for (int i = 0; i < n; i++) {
            double[] factors = whole[i];
            for (int j = 0; j <= i; j++) {
                factors[j] = weights[i] * weights[j] - factors[j];
            }
            to[to.length - 1] += factors[i] * noise / 2;
            covariance.gradient(distances[i], k[i], factors, ln, to);
        }
    }

    /**
     * What is expected at other points.
     *
     * @param mean (points)
     * @param std (points) standard deviation of an observation: the noise is in it
     */
    public record Posterior(double[] mean, double[] std) {}

    /** The posterior at these points, (points, features), some at a time on all threads of the pool that calls. */
    public Posterior predict(double[][] points) {
        double[] mean = new double[points.length];
        double[] std = new double[points.length];
        Panels known = Panels.of(x);
        Panels factor = Panels.of(transposed(inverse));
        double[] squares =
                Arrays.stream(x).mapToDouble(each -> dot(each, each, 0)).toArray();
        IntStream.range(0, Math.ceilDiv(points.length, PIECE)).parallel().forEach(piece -> {
            int from = piece * PIECE;
            double[][] some = Arrays.copyOfRange(points, from, Math.min(points.length, from + PIECE));
            double[][] k = covariances(some, known, squares);
            double[][] half = new double[some.length][x.length];
            Panels.product(Panels.of(k), factor, half);
            double prior = 1 + Math.exp(ln[ln.length - 1]);
            for (int i = 0; i < some.length; i++) {
                mean[from + i] = dot(k[i], weights, 0);
                std[from + i] = Math.sqrt(Math.max(0, prior - dot(half[i], half[i], 0)));
            }
        });
        return new Posterior(mean, std);
    }

    private double[][] covariances(double[][] points, Panels known, double[] squares) {
        for (double[] point : points) {
            mustBeAsLong(point, x[0]);
        }
        double[][] k = new double[points.length][x.length];
        Panels.product(Panels.of(points), known, k);
        for (int i = 0; i < points.length; i++) {
            double own = dot(points[i], points[i], 0);
            for (int j = 0; j < squares.length; j++) {
                k[i][j] = Math.max(0, own + squares[j] - 2 * k[i][j]);
            }
            covariance.values(k[i], ln);
        }
        return k;
    }

    private static double[][] transposed(double[][] square) {
        double[][] other = new double[square.length][square.length];
        for (int i = 0; i < square.length; i++) {
            for (int j = 0; j < square.length; j++) {
                other[j][i] = square[i][j];
            }
        }
        return other;
    }

    private double[] timesLowerInverse(double[] values) {
        double[] product = new double[values.length];
        for (int j = 0; j < values.length; j++) {
            double factor = values[j];
            double[] column = inverse[j];
            for (int i = j; i < product.length; i++) {
                product[i] += factor * column[i];
            }
        }
        return product;
    }

    private static double dot(double[] a, double[] b, int from) {
        double sum = 0;
        for (int i = from; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double squared(double[] a, double[] b) {
        mustBeAsLong(a, b);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double gap = a[i] - b[i];
            sum += gap * gap;
        }
        return sum;
    }

    private static void mustBeAsLong(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new ShapeException("Gaussian process: points of " + a.length + " and " + b.length + " features");
        }
    }
}
