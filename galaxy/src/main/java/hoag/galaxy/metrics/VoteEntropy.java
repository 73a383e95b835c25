package hoag.galaxy.metrics;

import hoag.galaxy.tree.DirichletMultinomial;
import java.util.Arrays;

/**
 * How uncertain the votes of N volunteers are, nats: the entropy of the Dirichlet-multinomial. Its logarithm is a sum over answers of functions
 * of one count each, and one count is beta-binomial, so no vector of counts has to be listed:
 * H = -(ln N! + ln Gamma(A) - ln Gamma(A + N)) - sum_i E[ln Gamma(a_i + k_i) - ln Gamma(a_i) - ln k_i!].
 */
public final class VoteEntropy {
    /** Volunteers for which Galaxy Zoo DECaLS ranked its most uncertain galaxies. */
    public static final int VOLUNTEERS = 10;

    private VoteEntropy() {}

    /**
     * Of one question.
     *
     * @param concentrations (answers), above 0
     * @param volunteers 1 or more
     */
    public static double of(double[] concentrations, int volunteers) {
        double all = Arrays.stream(concentrations).sum();
        double expected = 0;
        for (double a : concentrations) {
            for (int k = 0; k <= volunteers; k++) {
                expected += Math.exp(logPair(a, all - a, k, volunteers - k)) * term(a, k);
            }
        }
        return -(expected - term(all, volunteers));
    }

    /** Mean over passes (passes, answers): what more passes cannot take away. */
    public static double mean(double[][] passes, int volunteers) {
        return Arrays.stream(passes)
                .mapToDouble(pass -> of(pass, volunteers))
                .average()
                .orElse(Double.NaN);
    }

    private static double logPair(double a, double b, double k, double rest) {
        return DirichletMultinomial.logProb(new double[] {a, b}, new double[] {k, rest});
    }

    /** ln Gamma(a + k) - ln Gamma(a) - ln k!, a product of k ratios. */
    private static double term(double a, int k) {
        double sum = 0;
        for (int j = 0; j < k; j++) sum += Math.log((a + j) / (j + 1));
        return sum;
    }
}
