package hoag.kernels;

/**
 * lgamma, digamma, trigamma: Stirling's series from 10 on (Abramowitz and Stegun 6.1.41, 6.3.18, 6.4.12), recurrences below it, reflection for
 * negative arguments; lgamma around its roots 1 and 2 by the series of Abramowitz and Stegun 6.1.33.
 */
final class GammaFunctions {
    static final double LARGE = 10;
    /** B(2j) / (2j (2j - 1)), j = 1 ..: lgamma's terms in x^(1 - 2j). */
    static final double[] STIRLING = {
        1 / 12.0, -1 / 360.0, 1 / 1260.0, -1 / 1680.0, 1 / 1188.0, -691 / 360360.0, 1 / 156.0
    };
    /** B(2j) / 2j: minus digamma's terms in x^(-2j). */
    static final double[] DIGAMMA = {1 / 12.0, -1 / 120.0, 1 / 252.0, -1 / 240.0, 1 / 132.0, -691 / 32760.0, 1 / 12.0};
    /** B(2j): trigamma's terms in x^(-1 - 2j). */
    private static final double[] TRIGAMMA = {1 / 6.0, -1 / 30.0, 1 / 42.0, -1 / 30.0, 5 / 66.0, -691 / 2730.0, 7 / 6.0
    };

    private static final double EULER = 0.57721566490153286061;
    private static final double HALF_LOG_2PI = 0.91893853320467274178;
    /** (-1)^k (zeta(k) - 1) / k, k = 2 ... */
    private static final double[] ZETA = {
        0.3224670334241132182362,
        -0.06735230105319809513325,
        0.02058080842778454787900,
        -0.007385551028673985266274,
        0.002890510330741523285753,
        -0.001192753911703260977114,
        0.0005096695247430424223357,
        -0.0002231547584535793797615,
        0.00009945751278180853371460,
        -0.00004492623673813314170021,
        0.00002050721277567069155317,
        -9.439488275268395903987e-6,
        4.374866789907487804180e-6,
        -2.039215753801366236782e-6,
        9.551412130407419832857e-7,
        -4.492469198764566043294e-7,
        2.120718480555466586923e-7,
        -1.004322482396809960872e-7,
        4.769810169363980565760e-8,
        -2.271109460894316491032e-8,
        1.083865921489695409108e-8,
        -5.183475041970046655121e-9,
        2.483674543802478317185e-9,
        -1.192140140586091207443e-9,
        5.731367241678862013330e-10,
        -2.759522885124233145179e-10,
        1.330476437424448948150e-10
    };

    private GammaFunctions() {}

    static double lgamma(double x) {
        if (x <= 0) {
            return x == Math.rint(x)
                    ? Double.POSITIVE_INFINITY
                    : Math.log(Math.PI / Math.abs(sinPi(x))) - lgamma(1 - x);
        }
        if (x >= LARGE) {
            return x == Double.POSITIVE_INFINITY
                    ? x
                    : (x - 0.5) * Math.log(x) - x + HALF_LOG_2PI + stirling(STIRLING, x) / x;
        }
        return x < 1.5 ? belowTwo(x) : aboveTwo(x);
    }

    private static double belowTwo(double x) {
        return x < 0.5 ? lgammaAtTwo(x) - Math.log1p(x) - Math.log(x) : lgammaAtTwo(x - 1) - Math.log1p(x - 1);
    }

    private static double aboveTwo(double x) {
        double product = 1;
        while (x >= 2.5) {
            x -= 1;
            product *= x;
        }
        return lgammaAtTwo(x - 2) + (product == 1 ? 0 : Math.log(product));
    }

    /** lgamma(2 + z), |z| up to 1/2. */
    private static double lgammaAtTwo(double z) {
        double sum = 0;
        for (int i = ZETA.length - 1; i >= 0; i--) {
            sum = sum * z + ZETA[i];
        }
        return z * (sum * z + (1 - EULER));
    }

    /** The sum of c[j] x^(-2j). */
    static double stirling(double[] c, double x) {
        double y = 1 / (x * x);
        double sum = 0;
        for (int j = c.length - 1; j >= 0; j--) {
            sum = sum * y + c[j];
        }
        return sum;
    }

    static double digamma(double x) {
        if (x == 0) {
            return Math.copySign(Double.POSITIVE_INFINITY, -x);
        }
        if (x < 0) {
            return x == Math.rint(x) ? Double.NaN : digamma(1 - x) - Math.PI * sinPi(x + 0.5) / sinPi(x);
        }
        double below = 0;
        for (; x < LARGE; x += 1) {
            below += 1 / x;
        }
        return Math.log(x) - 0.5 / x - stirling(DIGAMMA, x) / (x * x) - below;
    }

    static double trigamma(double x) {
        if (x <= 0) {
            double s = sinPi(x);
            return s == 0 ? Double.POSITIVE_INFINITY : Math.PI * Math.PI / (s * s) - trigamma(1 - x);
        }
        double below = 0;
        for (; x < LARGE; x += 1) {
            below += 1 / (x * x);
        }
        return x == Double.POSITIVE_INFINITY ? 0 : (1 + (0.5 + stirling(TRIGAMMA, x) / x) / x) / x + below;
    }

    /** sin(pi x) with x reduced exactly; 0 at whole numbers. */
    private static double sinPi(double x) {
        double r = x - 2 * Math.rint(x / 2);
        if (Math.abs(r) > 0.5) {
            r = Math.copySign(1, r) - r;
        }
        return Math.sin(Math.PI * r);
    }
}
