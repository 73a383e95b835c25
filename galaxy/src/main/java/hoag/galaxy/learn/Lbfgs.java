package hoag.galaxy.learn;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/** Limited-memory BFGS with a backtracking line search (Nocedal and Wright 2006, algorithms 7.4 and 7.5), for smooth functions of many numbers. */
final class Lbfgs {
    private static final int MEMORY = 12;
    private static final double SUFFICIENT = 1e-4;

    /**
     * When the search ends.
     *
     * @param decrease of the value, relative, that is too small to go on; below 0: never too small
     * @param slope the largest component of the gradient that counts as none
     * @param noise of the value, relative: a step may raise it by so much
     */
    record Stop(double decrease, double slope, double noise) {
        /** When the value hardly falls any more. */
        static final Stop SOON = new Stop(1e-7, 0, 0);

        /** When nothing is left of the gradient but the rounding of float32. */
        static final Stop CONVERGED = new Stop(-1, 3e-6, 1e-6);
    }

    /** Where the search ended, after how many steps, and the largest component of the gradient there. */
    record Result(double[] x, int iterations, double slope) {}

    private static final int FRUITLESS = 40;

    private record Pair(double[] s, double[] y, double rho) {}

    private Lbfgs() {}

    static double[] minimise(double[] start, int iterations, LinearFit.Objective objective) {
        return minimise(start, iterations, Stop.SOON, objective).x;
    }

    static Result minimise(double[] start, int iterations, Stop stop, LinearFit.Objective objective) {
        double[] x = start.clone();
        double[] g = new double[x.length];
        double f = objective.applyAsDouble(x, g);
        Deque<Pair> pairs = new ArrayDeque<>();
        double flattest = largest(g);
        double[] best = x;
        int fruitless = 0;
        int i = 0;
        for (; i < iterations && largest(g) > stop.slope && fruitless < FRUITLESS; i++) {
            double[] direction = direction(g, pairs);
            double slope = dot(direction, g);
            if (slope > -1e-300) {
                break;
            }
            double step = pairs.isEmpty() ? Math.min(1, 1 / Math.sqrt(dot(g, g))) : 1;
            double[] next = new double[x.length];
            double[] gradient = new double[x.length];
            double value = tried(x, direction, step, next, gradient, objective);
            while (!(value <= f + SUFFICIENT * step * slope + stop.noise * Math.abs(f)) && step > 1e-10) {
                step /= 2;
                value = tried(x, direction, step, next, gradient, objective);
            }
            boolean done = !(f - value > stop.decrease * Math.max(1, Math.abs(f)));
            if (value < f + stop.noise * Math.abs(f)) {
                remember(pairs, x, next, g, gradient);
                x = next;
                g = gradient;
                f = value;
            }
            boolean flatter = largest(g) < flattest;
            flattest = Math.min(flattest, largest(g));
            best = flatter || stop.decrease >= 0 ? x : best;
            fruitless = flatter || stop.decrease >= 0 ? 0 : fruitless + 1;
            if (done) {
                break;
            }
        }
        return new Result(best, i, stop.decrease >= 0 ? largest(g) : flattest);
    }

    private static double largest(double[] g) {
        double most = 0;
        for (double v : g) {
            most = Math.max(most, Math.abs(v));
        }
        return most;
    }

    private static double tried(
            double[] x,
            double[] direction,
            double step,
            double[] next,
            double[] gradient,
            LinearFit.Objective objective) {
        for (int j = 0; j < x.length; j++) {
            next[j] = x[j] + step * direction[j];
        }
        return objective.applyAsDouble(next, gradient);
    }

    private static void remember(Deque<Pair> pairs, double[] x, double[] next, double[] g, double[] gradient) {
        double[] s = new double[x.length];
        double[] y = new double[x.length];
        for (int j = 0; j < x.length; j++) {
            s[j] = next[j] - x[j];
            y[j] = gradient[j] - g[j];
        }
        double curvature = dot(s, y);
        if (curvature > 1e-12 * dot(y, y)) {
            pairs.addLast(new Pair(s, y, 1 / curvature));
            if (pairs.size() > MEMORY) {
                pairs.removeFirst();
            }
        }
    }

    private static double[] direction(double[] g, Deque<Pair> pairs) {
        double[] q = Arrays.stream(g).map(v -> -v).toArray();
        double[] alpha = new double[pairs.size()];
        int i = pairs.size();
        for (Iterator<Pair> back = pairs.descendingIterator(); back.hasNext(); ) {
            Pair pair = back.next();
            alpha[--i] = pair.rho * dot(pair.s, q);
            add(q, -alpha[i], pair.y);
        }
        if (!pairs.isEmpty()) {
            Pair last = pairs.getLast();
            double scale = 1 / (last.rho * dot(last.y, last.y));
            for (int j = 0; j < q.length; j++) {
                q[j] *= scale;
            }
        }
        for (Pair pair : pairs) {
            add(q, alpha[i++] - pair.rho * dot(pair.y, q), pair.s);
        }
        return q;
    }

    private static void add(double[] to, double factor, double[] x) {
        for (int j = 0; j < to.length; j++) {
            to[j] += factor * x[j];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }
}
