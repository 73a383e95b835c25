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

    private static final int BLOCK = Tiles.BLOCK;
    private static final int PITCH = Winograd.IN * BLOCK;

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
        for (int t = 0; t < count; t++) {
            for (int j = 0; j < Winograd.IN; j++) {
                line(from, fo + t * fTile + j * fColumn, fRow, s, so + j * BLOCK, PITCH);
            }
            for (int i = 0; i < kind.size; i++) {
                line(s, so + i * PITCH, BLOCK, to, at + t * tile + i * row, column);
            }
        }
    }

    private void line(float[] from, int fo, int step, float[] to, int at, int pitch) {
        for (int lane = 0; lane < BLOCK; lane++) {
            if (kind == WinogradKernels.Kind.INPUT) {
                input(from, fo + lane, step, to, at + lane, pitch);
            } else {
                output(from, fo + lane, step, to, at + lane, pitch);
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
}
