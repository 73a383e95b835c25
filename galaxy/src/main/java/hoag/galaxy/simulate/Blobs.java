package hoag.galaxy.simulate;

/**
 * Round Gaussians side by side: knots of young stars, a tail as a string of them, stars as points.
 *
 * @param blobs x, y, sigma (pixels) and flux of each
 */
record Blobs(double[][] blobs) implements Light {
    @Override
    public double at(double x, double y) {
        double sum = 0;
        for (double[] blob : blobs) {
            double dx = x - blob[0];
            double dy = y - blob[1];
            double s2 = blob[2] * blob[2];
            double t = (dx * dx + dy * dy) / (2 * s2);
            if (t < 30) {
                sum += blob[3] / (2 * Math.PI * s2) * Math.exp(-t);
            }
        }
        return sum;
    }

    /** Points are too narrow for one sample a pixel. */
    @Override
    public int parts(double x, double y) {
        int parts = 1;
        for (double[] blob : blobs) {
            if (blob[2] < 1 && Math.max(Math.abs(x - blob[0]), Math.abs(y - blob[1])) < 4 * blob[2] + 1) {
                parts = 5;
            }
        }
        return parts;
    }
}
