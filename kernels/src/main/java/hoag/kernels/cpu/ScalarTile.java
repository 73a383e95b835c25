package hoag.kernels.cpu;

/**
 * What an emitted tile computes, bit for bit, in plain Java: it serves until C2 has compiled the emitted one. Sixteen sums in local
 * variables: C1 alone makes some 4 GFLOP/s of it.
 */
record ScalarTile(Tiles.Key key) implements Tile {
    @Override
    public void run(
            float[] x, int xo, int[] of, float[] w, int wo, float[] y, int yo, int ldy, int bsy, int k0, int k1) {
        for (int pixel = 0; pixel < key.pixels(); pixel++) {
            for (int block = 0; block < key.blocks(); block++) {
                int to = yo + pixel * ldy + block * bsy;
                block(
                        x,
                        xo + pixel * key.step(),
                        of,
                        w,
                        wo + block * 16,
                        key.blocks() * 16,
                        y,
                        to,
                        k0,
                        k1,
                        key.accumulate());
            }
        }
    }

    private static void block(
            float[] x,
            int xo,
            int[] of,
            float[] w,
            int wo,
            int row,
            float[] y,
            int yo,
            int k0,
            int k1,
            boolean accumulate) {
        float s0 = 0,
                s1 = 0,
                s2 = 0,
                s3 = 0,
                s4 = 0,
                s5 = 0,
                s6 = 0,
                s7 = 0,
                s8 = 0,
                s9 = 0,
                s10 = 0,
                s11 = 0,
                s12 = 0,
                s13 = 0,
                s14 = 0,
                s15 = 0;
        for (int k = k0; k < k1; k++) {
            float a = x[xo + of[k]];
            int at = wo + k * row;
            s0 = Math.fma(a, w[at], s0);
            s1 = Math.fma(a, w[at + 1], s1);
            s2 = Math.fma(a, w[at + 2], s2);
            s3 = Math.fma(a, w[at + 3], s3);
            s4 = Math.fma(a, w[at + 4], s4);
            s5 = Math.fma(a, w[at + 5], s5);
            s6 = Math.fma(a, w[at + 6], s6);
            s7 = Math.fma(a, w[at + 7], s7);
            s8 = Math.fma(a, w[at + 8], s8);
            s9 = Math.fma(a, w[at + 9], s9);
            s10 = Math.fma(a, w[at + 10], s10);
            s11 = Math.fma(a, w[at + 11], s11);
            s12 = Math.fma(a, w[at + 12], s12);
            s13 = Math.fma(a, w[at + 13], s13);
            s14 = Math.fma(a, w[at + 14], s14);
            s15 = Math.fma(a, w[at + 15], s15);
        }
        store(y, yo, accumulate, s0, s1, s2, s3, s4, s5, s6, s7);
        store(y, yo + 8, accumulate, s8, s9, s10, s11, s12, s13, s14, s15);
    }

    private static void store(
            float[] y,
            int o,
            boolean accumulate,
            float s0,
            float s1,
            float s2,
            float s3,
            float s4,
            float s5,
            float s6,
            float s7) {
        y[o] = accumulate ? s0 + y[o] : s0;
        y[o + 1] = accumulate ? s1 + y[o + 1] : s1;
        y[o + 2] = accumulate ? s2 + y[o + 2] : s2;
        y[o + 3] = accumulate ? s3 + y[o + 3] : s3;
        y[o + 4] = accumulate ? s4 + y[o + 4] : s4;
        y[o + 5] = accumulate ? s5 + y[o + 5] : s5;
        y[o + 6] = accumulate ? s6 + y[o + 6] : s6;
        y[o + 7] = accumulate ? s7 + y[o + 7] : s7;
    }
}
