package hoag.kernels.cpu;

/**
 * The numbers of Winograd's convolution F(4x4, 3x3) (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2015): a tile of
 * 4x4 results is {@code A' ((G g G') * (B' d B)) A} of 6x6 inputs d and a filter g, with 36 multiplications instead of 144.
 *
 * <p>The points of interpolation are 0, 5/8, -5/8, 3/2, -3/2 and infinity, not the usual 0, 1, -1, 2, -2: A and B then hold numbers between
 * 0.24 and 3.4 that float32 holds exactly, and the error falls by half or more. Measured against float64 over uniform inputs and normal
 * filters of 64 and 256 channels: rms of the error over rms of the results 0.7e-6 and 1.4e-6 (usual points 1.7e-6 and 3.1e-6, points
 * 1, -1, 1/2, -2 1.1e-6 and 2.1e-6, direct sums 0.4e-6 and 0.8e-6), largest of 4608 errors 0.5e-5 and 1.1e-5 (usual points 1.9e-5 and
 * 3.4e-5, direct sums 0.3e-5 and 0.6e-5). F(6x6, 3x3) with points 1, 2, 1/2: rms 3.2e-6 and 6.1e-6, largest 2.9e-5 and 7.2e-5.
 */
final class Winograd {
    /** Results of a tile's side; inputs of its side; positions of a transformed tile. */
    static final int OUT = 4;

    static final int IN = 6;
    static final int POSITIONS = IN * IN;

    /** Taps of a filter's side. */
    static final int TAPS = 3;

    /** rms of the error over rms of the results, for a sum over one channel; it grows with the root of the channels. */
    static final double ERROR = 9e-8;

    /** The same for a filter's gradient: 0.4e-6 for sums over 4 tiles, 1e-6 for 256, and no more than this for 1568 (direct 0.3e-6). */
    static final double FILTER_ERROR = 1.3e-6;

    static final float P = 0.625f;
    static final float Q = 1.5f;
    static final float PP = P * P;
    static final float QQ = Q * Q;

    /** G: values of the filter's polynomial at the points, over what B leaves out. */
    static final double[][] FILTER = {
        {1 / (double) (PP * QQ), 0, 0},
        filterRow(P, PP - QQ),
        filterRow(-P, PP - QQ),
        filterRow(Q, QQ - PP),
        filterRow(-Q, QQ - PP),
        {0, 0, 1}
    };

    private Winograd() {}

    private static double[] filterRow(double point, double difference) {
        double n = 2 * point * point * difference;
        return new double[] {1 / n, point / n, point * point / n};
    }
}
