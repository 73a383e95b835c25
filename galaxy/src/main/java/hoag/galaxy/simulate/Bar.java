package hoag.galaxy.simulate;

import org.apache.commons.math3.special.Beta;

/**
 * A bar along x: Sersic's law with n = 0.5 of the radius (|x|^c + |y / q|^c)^(1/c), c = 3, whose lines of equal brightness are boxes with round corners
 * (Athanassoula et al. 1990, MNRAS 245, 130). Their area is that of the ellipse times 4 B(1/c, 1 + 1/c) / (pi c) (Peng et al. 2002, AJ 124, 266,
 * equation 5), by which the brightness is divided.
 */
final class Bar implements Light {
    private static final double CORNERS = 3;
    private static final double AREA = 4 * Math.exp(Beta.logBeta(1 / CORNERS, 1 + 1 / CORNERS)) / (Math.PI * CORNERS);
    /** The radius that holds half of the light, in half lengths of the bar. */
    private static final double HALF = 0.45;

    private final Sersic law;
    private final double axes;

    /**
     * @param flux all of its light
     * @param length half of it, pixels
     * @param axes width by length
     */
    Bar(double flux, double length, double axes) {
        this.axes = axes;
        law = new Sersic(flux / (AREA * axes), HALF * length, 0.5);
    }

    @Override
    public double at(double x, double y) {
        double u = Math.abs(x);
        double v = Math.abs(y / axes);
        return law.at(Math.cbrt(u * u * u + v * v * v));
    }

    @Override
    public int parts(double x, double y) {
        return 2;
    }
}
