package hoag.galaxy.simulate;

import org.apache.commons.math3.special.Gamma;

/**
 * Sersic's law, round: I(r) = I_e exp(-b ((r / r_e)^(1/n) - 1)); half of the light is within r_e when b is that of Ciotti and Bertin (1999, A&amp;A 352, 447,
 * their equation 18, here to the fourth term), and all of it is 2 pi n r_e^2 I_e e^b b^(-2n) Gamma(2n) (Graham and Driver 2005, PASA 22, 118, equation 4).
 * n = 1 is an exponential disk, n = 4 de Vaucouleurs' law.
 */
final class Sersic implements Light {
    private final double radius;
    private final double power;
    private final double b;
    private final double peak;

    /**
     * @param flux all of its light, counts
     * @param radius r_e, pixels
     * @param index n, 0.4 and above
     */
    Sersic(double flux, double radius, double index) {
        this.radius = radius;
        power = 1 / index;
        b = b(index);
        double area =
                2 * Math.PI * index * radius * radius * Math.exp(Gamma.logGamma(2 * index) - 2 * index * Math.log(b));
        peak = flux / area;
    }

    /** The b of an index. */
    static double b(double n) {
        return 2 * n - 1.0 / 3 + 4 / (405 * n) + 46 / (25515 * n * n) + 131 / (1148175 * n * n * n);
    }

    @Override
    public double at(double x, double y) {
        return at(Math.sqrt(x * x + y * y));
    }

    double at(double r) {
        return peak * Math.exp(-b * Math.pow(r / radius, power));
    }

    /** Steep laws have a cusp: an even number of parts, so that none has it in its middle. */
    @Override
    public int parts(double x, double y) {
        double r = Math.max(Math.abs(x), Math.abs(y));
        return r < 1.5 ? (power < 0.5 ? 20 : 6) : r < 5 ? 4 : 1;
    }
}
