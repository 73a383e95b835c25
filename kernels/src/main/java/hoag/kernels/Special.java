package hoag.kernels;

/** Special functions in float64, to some 1e-15 of the value (near roots of lgamma and digamma at negative x: of 1). */
public final class Special {
    private Special() {}

    /** 1 / (1 + exp(-x)), without overflow. */
    public static double sigmoid(double x) {
        return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
    }

    /** ln(1 + e^x). */
    public static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /** ln(x + sqrt(x x + 1)), exact near 0. */
    public static double asinh(double x) {
        double a = Math.abs(x);
        double y = a > 1e8 ? Math.log(a) + Math.log(2) : Math.log1p(a + a * a / (1 + Math.sqrt(1 + a * a)));
        return Math.copySign(y, x);
    }

    /** 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
    public static double erf(double x) {
        return ErrorFunction.erf(x);
    }

    /** 1 - erf(x), with all its digits where x is large. */
    public static double erfc(double x) {
        return ErrorFunction.erfc(x);
    }

    /** ln |Gamma(x)|; infinite at 0, -1, -2 ... */
    public static double lgamma(double x) {
        return GammaFunctions.lgamma(x);
    }

    /** The derivative of lgamma. NaN at -1, -2 ...; at 0 infinite with the sign of -x, as its limit. */
    public static double digamma(double x) {
        return GammaFunctions.digamma(x);
    }

    /** The derivative of digamma; infinite at 0, -1, -2 ... */
    public static double trigamma(double x) {
        return GammaFunctions.trigamma(x);
    }

    /** lgamma(a + k) - lgamma(a) without cancellation for a &gt; 0 and a + k &gt; 0; exactly 0 at k = 0. */
    public static double rising(double a, double k) {
        return GammaDifferences.rising(a, k);
    }

    /** digamma(a + k) - digamma(a) without cancellation for a &gt; 0 and a + k &gt; 0; exactly 0 at k = 0. */
    public static double digammaRising(double a, double k) {
        return GammaDifferences.digammaRising(a, k);
    }
}
