package hoag.galaxy.tree;

import hoag.kernels.ShapeException;
import java.util.Arrays;
import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.special.Erf;

/**
 * An equal mixture of Beta distributions: what several passes say about one answer's fraction. Answer i of a question with concentrations a
 * is Beta(a_i, A - a_i), A = sum a. One component is a plain Beta.
 *
 * @param alpha (passes), above 0
 * @param beta (passes), above 0
 */
public record BetaMixture(double[] alpha, double[] beta) {
    private static final double EXACT = 1e-14;
    private static final double LAST_STEP = 1e-9;
    private static final int ROUNDS = 200;

    /** @throws ShapeException unless there are as many alphas as betas, and at least one */
    public BetaMixture {
        if (alpha.length == 0 || alpha.length != beta.length)
            throw new ShapeException("Beta mixture: %d alphas but %d betas; want as many, at least one"
                    .formatted(alpha.length, beta.length));
    }

    static BetaMixture single(double alpha, double beta) {
        return new BetaMixture(new double[] {alpha}, new double[] {beta});
    }

    /** Mean over passes of alpha / (alpha + beta). */
    public double mean() {
        double sum = 0;
        for (int t = 0; t < alpha.length; t++) sum += alpha[t] / (alpha[t] + beta[t]);
        return sum / alpha.length;
    }

    /** Probability that the fraction is at most x. */
    public double cumulative(double x) {
        double sum = 0;
        for (int t = 0; t < alpha.length; t++) sum += Beta.regularizedBeta(x, alpha[t], beta[t], EXACT);
        return sum / alpha.length;
    }

    /** Probability density at x, between 0 and 1. */
    public double density(double x) {
        double sum = 0;
        for (int t = 0; t < alpha.length; t++)
            sum += Math.exp(
                    (alpha[t] - 1) * Math.log(x) + (beta[t] - 1) * Math.log1p(-x) - Beta.logBeta(alpha[t], beta[t]));
        return sum / alpha.length;
    }

    /**
     * The fraction below which lies probability p, between 0 and 1. Newton's rule from the normal distribution of equal mean and spread, inside a
     * bracket that halves whenever Newton would leave it; Newton doubles the digits, so a step of 1e-9 is the last.
     */
    public double quantile(double p) {
        double low = 0, high = 1, x = normalGuess(p);
        for (int round = 0; round < ROUNDS && high - low > EXACT * high; round++) {
            double gap = cumulative(x) - p;
            if (gap > 0) high = x;
            else low = x;
            double next = x - gap / density(x);
            boolean newton = next > low && next < high;
            if (newton && Math.abs(next - x) <= LAST_STEP * Math.min(x, 1 - x)) return next;
            x = newton ? next : (low + high) / 2;
        }
        return x;
    }

    private double normalGuess(double p) {
        double guess = mean() + Math.sqrt(2 * variance()) * Erf.erfInv(2 * p - 1);
        return guess > 0 && guess < 1 ? guess : mean();
    }

    /** Variance of the fraction: the mean of the passes' variances and the variance of their means. */
    public double variance() {
        double squares = 0;
        for (int t = 0; t < alpha.length; t++) {
            double sum = alpha[t] + beta[t];
            squares += alpha[t] / sum * (alpha[t] + 1) / (sum + 1);
        }
        return Math.max(0, squares / alpha.length - mean() * mean());
    }

    /**
     * What the mixture says of n volunteers: the probability that k of them give the answer, k = 0..n (beta-binomial).
     *
     * @return (n + 1), adding up to 1
     */
    public double[] votes(int n) {
        var probability = new double[n + 1];
        for (int k = 0; k <= n; k++) probability[k] = votes(k, n);
        return probability;
    }

    private double votes(int k, int n) {
        double sum = 0;
        double[] answers = {k, n - k};
        for (int t = 0; t < alpha.length; t++)
            sum += Math.exp(DirichletMultinomial.logProb(new double[] {alpha[t], beta[t]}, answers));
        return sum / alpha.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BetaMixture(var a, var b) && Arrays.equals(a, alpha) && Arrays.equals(b, beta);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(alpha) + Arrays.hashCode(beta);
    }

    @Override
    public String toString() {
        return "BetaMixture[alpha=%s, beta=%s]".formatted(Arrays.toString(alpha), Arrays.toString(beta));
    }
}
