package hoag.galaxy.simulate;

/**
 * A disk seen from its edge, along x: I(x, z) = I_0 (|x| / h) K_1(|x| / h) sech^2(z / z_0) (van der Kruit and Searle 1981, A&amp;A 95, 105, equation 5); all of it is
 * 2 pi h z_0 I_0, since t K_1(t) integrates to pi / 2 from 0 and sech^2 to 2.
 *
 * @param flux all of its light
 * @param scale h, pixels
 * @param height z_0, pixels
 */
record EdgeOn(double flux, double scale, double height) implements Light {
    @Override
    public double at(double x, double z) {
        return flux / (2 * Math.PI * scale * height) * Bessel.xk1(Math.abs(x) / scale) * sech2(z / height);
    }

    static double sech2(double z) {
        double c = Math.cosh(Math.min(50, Math.abs(z)));
        return 1 / (c * c);
    }

    @Override
    public int parts(double x, double z) {
        return Math.abs(z) < 4 * height + 1 ? (height < 1.5 ? 5 : 3) : 1;
    }
}
