package hoag.galaxy.simulate;

/**
 * An exponential disk with logarithmic arms, face-on: Sersic's law with n = 1 times
 * 1 - a + a exp(k cos(m (theta - theta_0 - ln(r / r_e) / tan(pitch)))) / I_0(k), a density of von Mises around each radius, times 1 + l cos(theta - theta_l). The
 * mean of either factor around a circle is 1, so arms and lopsidedness move light and make none. Arms have the pitch of Kennicutt (1981, AJ 86, 1847); the strength
 * a grows from 0 in the middle as 1 - exp(-(r / r_in)^2), and where the arms of a lopsided disk stand the flux differs a little from the sum.
 *
 * @param disk the law without arms
 * @param radius r_e of it, pixels
 * @param arms how many, m; 0 for none
 * @param tangent of the pitch angle; its sign is the sense of winding
 * @param strength a, 0..1
 * @param narrow k, about 1 (broad) to 4
 * @param start theta_0, radians
 * @param inner r_in, pixels
 * @param lopsided l, 0..1
 */
record SpiralDisk(
        Sersic disk,
        double radius,
        int arms,
        double tangent,
        double strength,
        double narrow,
        double start,
        double inner,
        double lopsided)
        implements Light {
    @Override
    public double at(double x, double y) {
        double r = Math.max(1e-6, Math.sqrt(x * x + y * y));
        double factor = 1 + lopsided * x / r;
        if (arms > 0 && strength > 0) {
            double phase = arms * (Math.atan2(y, x) - start - Math.log(r / radius) / tangent);
            double a = strength * -Math.expm1(-r * r / (inner * inner));
            factor *= 1 - a + a * Math.exp(narrow * Math.cos(phase)) / Bessel.i0(narrow);
        }
        return disk.at(r) * factor;
    }

    @Override
    public int parts(double x, double y) {
        return Math.max(Math.abs(x), Math.abs(y)) < 5 ? 3 : 1;
    }
}
