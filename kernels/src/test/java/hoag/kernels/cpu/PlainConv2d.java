package hoag.kernels.cpu;

import hoag.kernels.Conv2dShape;

/** A convolution and its adjoint as the definition has them, in float64, for tests. */
final class PlainConv2d {
    private PlainConv2d() {}

    private interface Term {
        /** One product of the sum: places in x, filter and y. */
        void at(int x, int w, int y);
    }

    private static void terms(Conv2dShape s, Term term) {
        int in = s.c() / s.groups();
        int out = s.k() / s.groups();
        for (int n = 0; n < s.n(); n++) {
            for (int k = 0; k < s.k(); k++) {
                for (int oy = 0; oy < s.oh(); oy++) {
                    for (int ox = 0; ox < s.ow(); ox++) {
                        int y = ((n * s.k() + k) * s.oh() + oy) * s.ow() + ox;
                        for (int c = 0; c < in; c++) {
                            for (int tap = 0; tap < s.kh() * s.kw(); tap++) {
                                int iy = oy * s.strideH() - s.top() + tap / s.kw() * s.dilationH();
                                int ix = ox * s.strideW() - s.left() + tap % s.kw() * s.dilationW();
                                if (iy >= 0 && iy < s.h() && ix >= 0 && ix < s.w()) {
                                    int x = ((n * s.c() + k / out * in + c) * s.h() + iy) * s.w() + ix;
                                    term.at(x, (k * in + c) * s.kh() * s.kw() + tap, y);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    static double[] forward(Conv2dShape s, float[] x, float[] w) {
        double[] y = new double[s.output().size()];
        terms(s, (xi, wi, yi) -> y[yi] += (double) x[xi] * w[wi]);
        return y;
    }

    static double[] data(Conv2dShape s, float[] dy, float[] w) {
        double[] dx = new double[s.input().size()];
        terms(s, (xi, wi, yi) -> dx[xi] += (double) dy[yi] * w[wi]);
        return dx;
    }

    static double[] filter(Conv2dShape s, float[] x, float[] dy) {
        double[] dw = new double[s.filter().size()];
        terms(s, (xi, wi, yi) -> dw[wi] += (double) x[xi] * dy[yi]);
        return dw;
    }
}
