package hoag.galaxy.tree;

/** Votes for one of two answers: k of n volunteers said yes where the model says each does with probability rho (Walmsley et al. 2020). */
public final class Binomial {
    /** Keeps the logarithm finite at rho = 0 and 1. */
    public static final double EPSILON = 1e-8;

    private Binomial() {}

    /** -[k ln(rho + 1e-8) + (n - k) ln(1 - rho + 1e-8)], nats; the coefficient, which no weight changes, is left out. */
    public static double loss(double rho, double k, double n) {
        return -(k * Math.log(rho + EPSILON) + (n - k) * Math.log(1 - rho + EPSILON));
    }

    /** d loss / d rho. */
    public static double gradient(double rho, double k, double n) {
        return -(k / (rho + EPSILON) - (n - k) / (1 - rho + EPSILON));
    }

    /** ln of the binomial probability of k out of n, coefficient included, for rho between 0 and 1. */
    public static double logProb(double rho, double k, double n) {
        return logChoose(n, k) + times(k, Math.log(rho)) + times(n - k, Math.log1p(-rho));
    }

    /** ln of n over k. */
    static double logChoose(double n, double k) {
        return Rising.logGamma(1, n) - Rising.logGamma(1, k) - Rising.logGamma(1, n - k);
    }

    private static double times(double count, double log) {
        return count == 0 ? 0 : count * log;
    }
}
