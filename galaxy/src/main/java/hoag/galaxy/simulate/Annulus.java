package hoag.galaxy.simulate;

import org.apache.commons.math3.special.Erf;

/**
 * A ring: a Gaussian of the radius, round r_0, and of von Mises round x in angle (k = 0 is a whole ring, k = 6 an arc). All of it is
 * 2 pi (s^2 exp(-r_0^2 / 2s^2) + r_0 s sqrt(pi / 2) (1 + erf(r_0 / (s sqrt 2)))).
 */
final class Annulus implements Light {
    private final double radius;
    private final double width;
    private final double narrow;
    private final double peak;

    /**
     * @param flux all of its light
     * @param radius r_0, pixels
     * @param width s, pixels
     * @param narrow k, 0 for a whole ring
     */
    Annulus(double flux, double radius, double width, double narrow) {
        this.radius = radius;
        this.width = width;
        this.narrow = narrow;
        double t = radius / (width * Math.sqrt(2));
        double area = width * width * Math.exp(-t * t) + radius * width * Math.sqrt(Math.PI / 2) * (1 + Erf.erf(t));
        peak = flux / (2 * Math.PI * area * Bessel.i0(narrow));
    }

    @Override
    public double at(double x, double y) {
        double r = Math.sqrt(x * x + y * y);
        double t = (r - radius) / width;
        if (Math.abs(t) > 8) {
            return 0;
        }
        return peak * Math.exp(-t * t / 2 + (narrow > 0 && r > 0 ? narrow * x / r : 0));
    }

    @Override
    public int parts(double x, double y) {
        return width < 1.2 && Math.abs(Math.hypot(x, y) - radius) < 5 * width + 2 ? 3 : 1;
    }
}
