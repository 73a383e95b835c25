package hoag.galaxy.simulate;

/** Modified Bessel functions by the polynomials of Abramowitz and Stegun (1964), section 9.8; errors below 2e-7 and 8e-9 relative to the leading term. */
final class Bessel {
    private Bessel() {}

    /** I_0 from 0 to 3.75 (9.8.1) and above (9.8.2). */
    static double i0(double x) {
        if (x <= 3.75) {
            double t = x / 3.75 * (x / 3.75);
            return poly(t, 1, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813);
        }
        double t = 3.75 / x;
        double sum = poly(
                t,
                0.39894228,
                0.01328592,
                0.00225319,
                -0.00157565,
                0.00916281,
                -0.02057706,
                0.02635537,
                -0.01647633,
                0.00392377);
        return sum * Math.exp(x) / Math.sqrt(x);
    }

    /** x K_1(x), which is 1 at 0 (9.8.7, 9.8.8). */
    static double xk1(double x) {
        if (x < 1e-9) {
            return 1;
        }
        if (x <= 2) {
            double t = x * x / 4;
            return x * Math.log(x / 2) * i1(x)
                    + poly(t, 1, 0.15443144, -0.67278579, -0.18156897, -0.01919402, -0.00110404, -0.00004686);
        }
        double t = 2 / x;
        return Math.sqrt(x)
                * Math.exp(-x)
                * poly(t, 1.25331414, 0.23498619, -0.03655620, 0.01504268, -0.00780353, 0.00325614, -0.00068245);
    }

    /** I_1 from 0 to 3.75 (9.8.3). */
    private static double i1(double x) {
        double t = x / 3.75 * (x / 3.75);
        return x * poly(t, 0.5, 0.87890594, 0.51498869, 0.15084934, 0.02658733, 0.00301532, 0.00032411);
    }

    private static double poly(double t, double... c) {
        double sum = 0;
        for (int i = c.length - 1; i >= 0; i--) {
            sum = sum * t + c[i];
        }
        return sum;
    }
}
