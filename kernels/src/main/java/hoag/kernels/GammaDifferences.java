package hoag.kernels;

/**
 * lgamma(a + k) - lgamma(a) and its derivative in a. Written plainly they lose the digits that both terms share; here every step is a
 * difference from the start: log1p(k / a) for the logarithms, p^m - q^m = (p - q) (p^(m-1) + ... + q^(m-1)) for the terms of Stirling's
 * series with p = 1 / (a + k), q = 1 / a, p - q = -k p q.
 */
final class GammaDifferences {
    private GammaDifferences() {}

    static double rising(double a, double k) {
        if (k == 0) {
            return 0;
        }
        if (!(a > 0 && a + k > 0)) {
            return GammaFunctions.lgamma(a + k) - GammaFunctions.lgamma(a);
        }
        if (k <= 8 && k > 0 && k == Math.rint(k) && a < 1e30) {
            return logOfProduct(a, (int) k);
        }
        double below = 0;
        for (; a < GammaFunctions.LARGE; a += 1) {
            below += Math.log1p(k / a);
        }
        double stirling = odd(GammaFunctions.STIRLING, a, k);
        return (a - 0.5) * Math.log1p(k / a) - k + k * Math.log(a + k) + stirling - below;
    }

    /** ln a (a + 1) ... (a + k - 1). */
    private static double logOfProduct(double a, int k) {
        double product = a;
        for (int i = 1; i < k; i++) {
            product *= a + i;
        }
        return Math.log(product);
    }

    static double digammaRising(double a, double k) {
        if (k == 0) {
            return 0;
        }
        if (!(a > 0 && a + k > 0)) {
            return GammaFunctions.digamma(a + k) - GammaFunctions.digamma(a);
        }
        double below = 0;
        for (; a < GammaFunctions.LARGE; a += 1) {
            below += k / a / (a + k);
        }
        double p = 1 / (a + k);
        double q = 1 / a;
        return Math.log1p(k / a) + 0.5 * k * p * q - even(GammaFunctions.DIGAMMA, a, k) + below;
    }

    /** The sum of c[j] (p^(2j + 1) - q^(2j + 1)). */
    private static double odd(double[] c, double a, double k) {
        double p = 1 / (a + k);
        double q = 1 / a;
        double terms = 1; // p^(m-1) + p^(m-2) q + ... + q^(m-1), here for m = 1
        double power = 1; // q^(m-1)
        double sum = c[0];
        for (int j = 1; j < c.length; j++) {
            terms = terms * p + (power *= q);
            terms = terms * p + (power *= q);
            sum += c[j] * terms;
        }
        return -k * p * q * sum;
    }

    /** The sum of c[j] (p^(2j + 2) - q^(2j + 2)). */
    private static double even(double[] c, double a, double k) {
        double p = 1 / (a + k);
        double q = 1 / a;
        double terms = p + q;
        double power = q;
        double sum = c[0] * terms;
        for (int j = 1; j < c.length; j++) {
            terms = terms * p + (power *= q);
            terms = terms * p + (power *= q);
            sum += c[j] * terms;
        }
        return -k * p * q * sum;
    }
}
