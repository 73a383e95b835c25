package hoag.galaxy.active;

import java.util.function.ToDoubleBiFunction;

/**
 * The nearest minimum of a smooth function of a few numbers within bounds: BFGS on those that are free (Nocedal and Wright 2006, section 6.1), with
 * a backtracking line search along the path that is cut off at the bounds.
 */
final class BoundedBfgs {
    private static final double SUFFICIENT = 1e-4;
    private static final double GRADIENT = 1e-6;

    /** A step that gains less than this part of the value is the last, as in SciPy's L-BFGS-B. */
    private static final double SETTLED = 2.2e-9;

    private BoundedBfgs() {}

    /** @param objective the value at a point, and its gradient into the second array */
    static double[] minimise(
            double[] start, double low, double high, int iterations, ToDoubleBiFunction<double[], double[]> objective) {
        int n = start.length;
        double[] x = start.clone();
        double[] g = new double[n];
        double f = objective.applyAsDouble(x, g);
        double[][] h = null;
        for (int round = 0; round < iterations && steepest(x, g, low, high) > GRADIENT; round++) {
            double[] direction = direction(x, g, h, low, high);
            double step = h == null ? Math.min(1, 1 / Math.sqrt(dot(direction, direction))) : 1;
            double[] next = moved(x, direction, step, low, high);
            double[] gradient = new double[n];
            double value = objective.applyAsDouble(next, gradient);
            while (!(value <= f + SUFFICIENT * slope(g, x, next)) && step > 1e-12) {
                step /= 2;
                next = moved(x, direction, step, low, high);
                value = objective.applyAsDouble(next, gradient);
            }
            if (!(value < f)) {
                if (h == null) {
                    break;
                }
                h = null;
                continue;
            }
            boolean settled = f - value <= SETTLED * Math.max(1, Math.abs(f));
            h = updated(h, x, next, g, gradient);
            x = next;
            g = gradient;
            f = value;
            if (settled) {
                break;
            }
        }
        return x;
    }

    private static boolean held(double x, double slope, double low, double high) {
        return x <= low && slope > 0 || x >= high && slope < 0;
    }

    private static double steepest(double[] x, double[] g, double low, double high) {
        double most = 0;
        for (int i = 0; i < x.length; i++) {
            most = held(x[i], g[i], low, high) ? most : Math.max(most, Math.abs(g[i]));
        }
        return most;
    }

    private static double[] direction(double[] x, double[] g, double[][] h, double low, double high) {
        double[] direction = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x.length && !held(x[i], g[i], low, high); j++) {
                double curvature = h == null ? (i == j ? 1 : 0) : h[i][j];
                direction[i] -= held(x[j], g[j], low, high) ? 0 : curvature * g[j];
            }
        }
        return direction;
    }

    private static double[] moved(double[] x, double[] direction, double step, double low, double high) {
        double[] next = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            next[i] = Math.clamp(x[i] + step * direction[i], low, high);
        }
        return next;
    }

    private static double slope(double[] g, double[] x, double[] next) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += g[i] * (next[i] - x[i]);
        }
        return sum;
    }

    /** The BFGS update of the inverse curvature; as it was where the function does not curve upwards. */
    private static double[][] updated(double[][] before, double[] x, double[] next, double[] g, double[] gradient) {
        int n = x.length;
        double[] s = new double[n];
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            s[i] = next[i] - x[i];
            y[i] = gradient[i] - g[i];
        }
        double sy = dot(s, y);
        if (!(sy > 1e-12 * dot(y, y))) {
            return before;
        }
        double[][] h = before == null ? identity(n, sy / dot(y, y)) : before;
        double[] hy = new double[n];
        for (int i = 0; i < n; i++) {
            hy[i] = dot(h[i], y);
        }
        double factor = (1 + dot(y, hy) / sy) / sy;
        double[][] after = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                after[i][j] = h[i][j] + factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy;
            }
        }
        return after;
    }

    private static double[][] identity(int n, double scale) {
        double[][] identity = new double[n][n];
        for (int i = 0; i < n; i++) {
            identity[i][i] = scale;
        }
        return identity;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
