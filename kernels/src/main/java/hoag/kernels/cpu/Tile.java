package hoag.kernels.cpu;

/**
 * A micro-kernel, made by {@link Tiles}: a few pixels times a few blocks of 16 output channels, the whole sum over k in registers.
 *
 * <p>{@code y[yo + i*ldy + j*bsy + lane] = sum over k in k0..k1-1 of x[xo + of[k] + i*step] * w[wo + k*blocks*16 + j*16 + lane]}, or added to
 * what stands there, for every pixel i and block j of the tile.
 */
@FunctionalInterface
interface Tile {
    void run(float[] x, int xo, int[] of, float[] w, int wo, float[] y, int yo, int ldy, int bsy, int k0, int k1);
}
