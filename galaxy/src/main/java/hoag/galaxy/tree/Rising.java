package hoag.galaxy.tree;

/**
 * Differences of ln Gamma and of digamma that do not cancel: a votes likelihood is the difference of huge logarithms, and taking them one
 * by one loses up to nine digits at a = 1e6. Here the difference itself is expanded. Relative error some 1e-15 for a from 1e-3 to 1e9.
 *
 * <p>Stirling's series (DLMF 5.11.1, 5.11.2) above 16; below, the recurrence Gamma(x + 1) = x Gamma(x) lifts the argument.
 */
final class Rising {
    /** From here up, five terms of Stirling's series reach double precision. */
    private static final double LARGE = 16;

    private Rising() {}

    /** ln Gamma(a + n) - ln Gamma(a): the logarithm of the rising factorial for whole n. Exactly 0 at n = 0. */
    static double logGamma(double a, double n) {
        double low = 0;
        double x = a;
        while (x < LARGE) {
            low -= Math.log1p(n / x);
            x += 1;
        }
        double y = x + n;
        return low + (x - 0.5) * Math.log1p(n / x) + n * (Math.log(y) - 1) + (stirling(y) - stirling(x));
    }

    /** digamma(a + n) - digamma(a). Exactly 0 at n = 0. */
    static double digamma(double a, double n) {
        double low = 0;
        double x = a;
        while (x < LARGE) {
            low += n / (x * (x + n));
            x += 1;
        }
        double y = x + n;
        return low + Math.log1p(n / x) + n / (2 * x * y) + (digammaTail(x) - digammaTail(y));
    }

    /** ln Gamma(x) - [(x - 1/2) ln x - x + ln(2 pi) / 2]. */
    private static double stirling(double x) {
        double s = 1 / (x * x);
        return (1.0 / 12
                        - s
                                * (1.0 / 360
                                        - s
                                                * (1.0 / 1260
                                                        - s * (1.0 / 1680 - s * (1.0 / 1188 - s * (691.0 / 360360))))))
                / x;
    }

    /** ln x - 1/(2x) - digamma(x). */
    private static double digammaTail(double x) {
        double s = 1 / (x * x);
        return s
                * (1.0 / 12
                        - s
                                * (1.0 / 120
                                        - s
                                                * (1.0 / 252
                                                        - s
                                                                * (1.0 / 240
                                                                        - s
                                                                                * (1.0 / 132
                                                                                        - s
                                                                                                * (691.0 / 32760
                                                                                                        - s / 12))))));
    }
}
