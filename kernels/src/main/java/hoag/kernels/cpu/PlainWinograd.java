package hoag.kernels.cpu;

/** What the emitted transforms of {@link WinogradKernels} compute, bit for bit, in plain Java: serves until C2 has compiled those. */
record PlainWinograd(WinogradKernels.Kind kind) implements WinogradKernels.Transform {
    private static final float P = Winograd.P;
    private static final float Q = Winograd.Q;
    private static final float PP = Winograd.PP;
    private static final float QQ = Winograd.QQ;

    /** In the order in which {@link #input} wants them. */
    static final float[] INPUT = {-(PP + QQ), PP * QQ, -QQ, P, -P, -PP, Q, -Q};

    /** In the order in which {@link #output} wants them. */
    static final float[] OUTPUT = {P, Q, PP, QQ, P * PP, Q * QQ};

    /** In the order in which {@link #gradient} wants them. */
    static final float[] GRADIENT = {PP, P, -P, QQ, Q, -Q};

    /** In the order in which {@link #taps} wants them. */
    static final float[] TAPS = taps();

    private static final int BLOCK = Tiles.BLOCK;

    static float[] constants(WinogradKernels.Kind kind) {
        return switch (kind) {
            case INPUT -> INPUT;
            case OUTPUT -> OUTPUT;
            case GRADIENT -> GRADIENT;
            case TAPS -> TAPS;
        };
    }

    private static float[] taps() {
        double[][] g = Winograd.FILTER;
        double[] values = {g[0][0], g[1][0], g[1][1], g[1][2], g[3][0], g[3][1], g[3][2]};
        float[] taps = new float[values.length];
        for (int i = 0; i < taps.length; i++) {
            taps[i] = (float) values[i];
        }
        return taps;
    }

    @Override
    public void run(
            float[] from,
            int fo,
            int fRow,
            int fColumn,
            int fTile,
            float[] to,
            int at,
            int row,
            int column,
            int tile,
            float[] s,
            int so,
            int count) {
        int pitch = kind.from * BLOCK;
        for (int t = 0; t < count; t++) {
            for (int j = 0; j < kind.from; j++) {
                line(from, fo + t * fTile + j * fColumn, fRow, s, so + j * BLOCK, pitch);
            }
            for (int i = 0; i < kind.size; i++) {
                line(s, so + i * pitch, BLOCK, to, at + t * tile + i * row, column);
            }
        }
    }

    private void line(float[] from, int fo, int step, float[] to, int at, int pitch) {
        for (int lane = 0; lane < BLOCK; lane++) {
            switch (kind) {
                case INPUT -> input(from, fo + lane, step, to, at + lane, pitch);
                case OUTPUT -> output(from, fo + lane, step, to, at + lane, pitch);
                case GRADIENT -> gradient(from, fo + lane, step, to, at + lane, pitch);
                case TAPS -> taps(from, fo + lane, step, to, at + lane, pitch);
            }
        }
    }

    /** B' d for six values. */
    private static void input(float[] d, int o, int step, float[] r, int at, int pitch) {
        float d1 = d[o + step];
        float d2 = d[o + 2 * step];
        float d3 = d[o + 3 * step];
        float d4 = d[o + 4 * step];
        r[at] = Math.fma(d[o], INPUT[1], Math.fma(d2, INPUT[0], d4));
        r[at + 5 * pitch] = Math.fma(d1, INPUT[1], Math.fma(d3, INPUT[0], d[o + 5 * step]));
        float even = Math.fma(d2, INPUT[2], d4);
        float odd = Math.fma(d1, INPUT[2], d3);
        r[at + pitch] = Math.fma(odd, INPUT[3], even);
        r[at + 2 * pitch] = Math.fma(odd, INPUT[4], even);
        even = Math.fma(d2, INPUT[5], d4);
        odd = Math.fma(d1, INPUT[5], d3);
        r[at + 3 * pitch] = Math.fma(odd, INPUT[6], even);
        r[at + 4 * pitch] = Math.fma(odd, INPUT[7], even);
    }

    /** A' m for six values. */
    private static void output(float[] m, int o, int step, float[] r, int at, int pitch) {
        float m1 = m[o + step];
        float m2 = m[o + 2 * step];
        float m3 = m[o + 3 * step];
        float m4 = m[o + 4 * step];
        float plus = m1 + m2;
        float minus = m1 - m2;
        float plus2 = m3 + m4;
        float minus2 = m3 - m4;
        r[at] = m[o] + plus + plus2;
        r[at + pitch] = Math.fma(minus2, OUTPUT[1], minus * OUTPUT[0]);
        r[at + 2 * pitch] = Math.fma(plus2, OUTPUT[3], plus * OUTPUT[2]);
        r[at + 3 * pitch] = Math.fma(minus2, OUTPUT[5], Math.fma(minus, OUTPUT[4], m[o + 5 * step]));
    }

    /** A y for four values. */
    private static void gradient(float[] y, int o, int step, float[] r, int at, int pitch) {
        float y0 = y[o];
        float y1 = y[o + step];
        float y2 = y[o + 2 * step];
        float y3 = y[o + 3 * step];
        r[at] = y0;
        r[at + 5 * pitch] = y3;
        float even = Math.fma(y2, GRADIENT[0], y0);
        float odd = Math.fma(y3, GRADIENT[0], y1);
        r[at + pitch] = Math.fma(odd, GRADIENT[1], even);
        r[at + 2 * pitch] = Math.fma(odd, GRADIENT[2], even);
        even = Math.fma(y2, GRADIENT[3], y0);
        odd = Math.fma(y3, GRADIENT[3], y1);
        r[at + 3 * pitch] = Math.fma(odd, GRADIENT[4], even);
        r[at + 4 * pitch] = Math.fma(odd, GRADIENT[5], even);
    }

    /** G' m for six values. */
    private static void taps(float[] m, int o, int step, float[] r, int at, int pitch) {
        float m1 = m[o + step];
        float m2 = m[o + 2 * step];
        float m3 = m[o + 3 * step];
        float m4 = m[o + 4 * step];
        float plus = m1 + m2;
        float minus = m1 - m2;
        float plus2 = m3 + m4;
        float minus2 = m3 - m4;
        r[at] = Math.fma(plus2, TAPS[4], Math.fma(plus, TAPS[1], m[o] * TAPS[0]));
        r[at + pitch] = Math.fma(minus2, TAPS[5], minus * TAPS[2]);
        r[at + 2 * pitch] = Math.fma(plus2, TAPS[6], Math.fma(plus, TAPS[3], m[o + 5 * step]));
    }
}
