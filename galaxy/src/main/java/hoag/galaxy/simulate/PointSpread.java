package hoag.galaxy.simulate;

/**
 * What the air and the telescope make of a point: Moffat's law (1 + (r / a)^2)^-b with b = 4.765, that of turbulence (Trujillo et al. 2001, MNRAS 328, 977),
 * a = FWHM / (2 sqrt(2^(1/b) - 1)), out to three FWHM, its sum 1.
 */
final class PointSpread {
    private static final double BETA = 4.765;

    private final int reach;
    /** (down, right) of a point: that of the other three quarters is the same. */
    private final double[][] kernel;

    /** @param fwhm full width at half maximum, pixels; 0 for none */
    PointSpread(double fwhm) {
        reach = (int) Math.ceil(3 * fwhm);
        kernel = new double[reach + 1][reach + 1];
        double a2 = Math.max(1e-9, fwhm * fwhm / (4 * (Math.pow(2, 1 / BETA) - 1)));
        double sum = 0;
        for (int y = 0; y <= reach; y++) {
            for (int x = 0; x <= reach; x++) {
                kernel[y][x] = Math.pow(1 + (x * x + y * y) / a2, -BETA);
                sum += kernel[y][x] * (x == 0 ? 1 : 2) * (y == 0 ? 1 : 2);
            }
        }
        for (double[] row : kernel) {
            for (int x = 0; x <= reach; x++) {
                row[x] /= sum;
            }
        }
    }

    double[] of(double[] counts, int side) {
        double[] out = new double[counts.length];
        double[] both = new double[side + 2 * reach];
        for (int y = 0; y < side; y++) {
            for (int dy = 0; dy <= Math.min(reach, Math.max(y, side - 1 - y)); dy++) {
                both(counts, both, side, y, dy);
                row(both, out, side, y, kernel[dy]);
            }
        }
        return out;
    }

    /** The sum of the rows so far above and below, with darkness at both ends: a weight is then needed once for both. */
    private void both(double[] counts, double[] both, int side, int y, int dy) {
        int above = (y - dy) * side;
        int below = (y + dy) * side;
        if (dy == 0 || y < dy) {
            System.arraycopy(counts, below, both, reach, side);
        } else if (y + dy >= side) {
            System.arraycopy(counts, above, both, reach, side);
        } else {
            for (int x = 0; x < side; x++) {
                both[reach + x] = counts[above + x] + counts[below + x];
            }
        }
    }

    /** Adds such a row, moved to the left and to the right and weighted: loops that the compiler makes vectors of. */
    private void row(double[] both, double[] out, int side, int y, double[] weights) {
        int at = y * side;
        for (int x = 0; x < side; x++) {
            out[at + x] += weights[0] * both[reach + x];
        }
        for (int dx = 1; dx <= reach; dx++) {
            double weight = weights[dx];
            int left = reach - dx;
            int right = reach + dx;
            for (int x = 0; x < side; x++) {
                out[at + x] += weight * (both[left + x] + both[right + x]);
            }
        }
    }
}
