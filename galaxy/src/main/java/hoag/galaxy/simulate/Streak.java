package hoag.galaxy.simulate;

/**
 * A line along x through the middle that fades both ways: a spike of a bright star, or with a large scale the trail of a satellite.
 *
 * @param flux all of its light
 * @param scale pixels in which it fades by e
 * @param width sigma across, pixels
 */
record Streak(double flux, double scale, double width) implements Light {
    @Override
    public double at(double x, double y) {
        double t = y / width;
        return flux
                / (2 * scale * width * Math.sqrt(2 * Math.PI))
                * Math.exp(-Math.abs(x) / scale - Math.min(40, t * t / 2));
    }

    @Override
    public int parts(double x, double y) {
        return Math.abs(y) < 4 * width + 1 ? 3 : 1;
    }
}
