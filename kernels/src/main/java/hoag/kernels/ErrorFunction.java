package hoag.kernels;

/** erf and erfc by the rational approximations of W. J. Cody, Mathematics of Computation 23 (1969) 631. */
final class ErrorFunction {
    private static final double[] NEAR_TOP = {
        1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3
    };
    private static final double[] NEAR_BOTTOM = {
        1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3
    };
    private static final double[] MIDDLE_TOP = {
        2.15311535474403846e-8,
        5.64188496988670089e-1,
        8.88314979438837594,
        6.61191906371416295e1,
        2.98635138197400131e2,
        8.81952221241769090e2,
        1.71204761263407058e3,
        2.05107837782607147e3,
        1.23033935479799725e3
    };
    private static final double[] MIDDLE_BOTTOM = {
        1,
        1.57449261107098347e1,
        1.17693950891312499e2,
        5.37181101862009858e2,
        1.62138957456669019e3,
        3.29079923573345963e3,
        4.36261909014324716e3,
        3.43936767414372164e3,
        1.23033935480374942e3
    };
    private static final double[] FAR_TOP = {
        1.63153871373020978e-2,
        3.05326634961232344e-1,
        3.60344899949804439e-1,
        1.25781726111229246e-1,
        1.60837851487422766e-2,
        6.58749161529837803e-4
    };
    private static final double[] FAR_BOTTOM = {
        1,
        2.56852019228982242,
        1.87295284992346047,
        5.27905102951428412e-1,
        6.05183413124413191e-2,
        2.33520497626869185e-3
    };
    private static final double NEAR = 0.46875;

    private ErrorFunction() {}

    static double erf(double x) {
        double a = Math.abs(x);
        return a <= NEAR ? near(x) : Math.copySign(1 - tail(a), x);
    }

    static double erfc(double x) {
        double a = Math.abs(x);
        return a <= NEAR ? 1 - near(x) : x > 0 ? tail(a) : 2 - tail(a);
    }

    private static double near(double x) {
        return x * polynomial(NEAR_TOP, x * x) / polynomial(NEAR_BOTTOM, x * x);
    }

    private static double tail(double x) {
        if (x > 27) {
            return 0;
        }
        double scaled = x <= 4 ? polynomial(MIDDLE_TOP, x) / polynomial(MIDDLE_BOTTOM, x) : far(x);
        double coarse = Math.rint(x * 16) / 16; // its square is exact
        return Math.exp(-coarse * coarse) * Math.exp(-(x - coarse) * (x + coarse)) * scaled;
    }

    private static double far(double x) {
        double y = 1 / (x * x);
        return (1 / Math.sqrt(Math.PI) - y * polynomial(FAR_TOP, y) / polynomial(FAR_BOTTOM, y)) / x;
    }

    /** Highest power first. */
    private static double polynomial(double[] c, double x) {
        double sum = c[0];
        for (int i = 1; i < c.length; i++) {
            sum = sum * x + c[i];
        }
        return sum;
    }
}
