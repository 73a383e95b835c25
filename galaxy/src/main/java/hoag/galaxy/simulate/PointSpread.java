package hoag.galaxy.simulate;

/**
 * What the air and the telescope make of a point: Moffat's law (1 + (r / a)^2)^-b with b = 4.765, that of turbulence (Trujillo et al. 2001, MNRAS 328, 977),
 * a = FWHM / (2 sqrt(2^(1/b) - 1)), out to three FWHM, its sum 1.
 */
final class PointSpread {
    private static final double BETA = 4.765;

    private final int reach;
    private final double[] kernel;

    /** @param fwhm full width at half maximum, pixels; 0 for none */
    PointSpread(double fwhm) {
        reach = (int) Math.ceil(3 * fwhm);
        kernel = new double[(2 * reach + 1) * (2 * reach + 1)];
        double a2 = Math.max(1e-9, fwhm * fwhm / (4 * (Math.pow(2, 1 / BETA) - 1)));
        double sum = 0;
        for (int i = 0; i < kernel.length; i++) {
            double x = i % (2 * reach + 1) - reach;
            double y = i / (2 * reach + 1) - reach;
            sum += kernel[i] = Math.pow(1 + (x * x + y * y) / a2, -BETA);
        }
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] /= sum;
        }
    }

    double[] of(double[] counts, int side) {
        double[] out = new double[counts.length];
        for (int y = 0; y < side; y++) {
            for (int dy = Math.max(-reach, -y); dy <= Math.min(reach, side - 1 - y); dy++) {
                for (int dx = -reach; dx <= reach; dx++) {
                    row(counts, out, side, y, dy, dx);
                }
            }
        }
        return out;
    }

    /** A row of the result takes a row of what is there, moved and weighted: a loop that the compiler makes vectors of. */
    private void row(double[] counts, double[] out, int side, int y, int dy, int dx) {
        double weight = kernel[(dy + reach) * (2 * reach + 1) + dx + reach];
        int from = Math.max(0, -dx);
        int to = Math.min(side, side - dx);
        int at = y * side;
        int there = (y + dy) * side + dx;
        for (int x = from; x < to; x++) {
            out[at + x] += weight * counts[there + x];
        }
    }
}
