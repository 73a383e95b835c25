package hoag.kernels;

/** Special functions in float64. */
public final class Special {
    private Special() {}

    public static double sigmoid(double x) {
        return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
    }

    /** ln(1 + e^x). */
    public static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    public static double asinh(double x) {
        double a = Math.abs(x);
        double y = a > 1e8 ? Math.log(a) + Math.log(2) : Math.log1p(a + a * a / (1 + Math.sqrt(1 + a * a)));
        return Math.copySign(y, x);
    }

    public static double erf(double x) {
        return x >= 0 ? 1 - erfc(x) : erfc(-x) - 1;
    }

    public static double erfc(double x) {
        return Double.NaN;
    }

    public static double lgamma(double x) {
        return Double.NaN;
    }

    public static double digamma(double x) {
        return Double.NaN;
    }

    public static double trigamma(double x) {
        return Double.NaN;
    }

    public static double rising(double a, double k) {
        return lgamma(a + k) - lgamma(a);
    }

    public static double digammaRising(double a, double k) {
        return digamma(a + k) - digamma(a);
    }
}
