package hoag.kernels.reference;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;

/**
 * Convolution is a sum over triples: pixel x(n, c, iy, ix) meets weight w(k, c, ky, kx) in result y(n, k, oy, ox) whenever
 * iy = oy * strideH - top + ky * dilationH, and the same for columns. The three passes read two of the three and add into the third.
 */
final class ReferenceConv2d {
    private ReferenceConv2d() {}

    static Loops loops(Kernel.Conv2d kernel) {
        Conv2dShape s = kernel.shape();
        Loops sum = (in, out, state) -> {
            Doubles result = out.getFirst();
            result.fill(kernel.outputs().getFirst().size(), 0);
            switch (kernel.pass()) {
                case FORWARD -> triples(s, in.get(0), in.get(1), result, kernel.pass());
                case DATA -> triples(s, result, in.get(1), in.get(0), kernel.pass());
                case FILTER -> triples(s, in.get(0), result, in.get(1), kernel.pass());
            }
        };
        return ReferenceEpilogue.after(sum, kernel, kernel.epilogue());
    }

    private static void triples(Conv2dShape s, Doubles x, Doubles w, Doubles y, Kernel.Pass pass) {
        for (int n = 0; n < s.n(); n++) {
            for (int k = 0; k < s.k(); k++) {
                for (int oy = 0; oy < s.oh(); oy++) {
                    for (int ox = 0; ox < s.ow(); ox++) {
                        window(s, n, k, oy, ox, x, w, y, pass);
                    }
                }
            }
        }
    }

    /** All triples of one result. Channels of a group see only the filters of their group. */
    private static void window(
            Conv2dShape s, int n, int k, int oy, int ox, Doubles x, Doubles w, Doubles y, Kernel.Pass pass) {
        int channels = s.c() / s.groups();
        int firstChannel = k / (s.k() / s.groups()) * channels;
        int yi = ((n * s.k() + k) * s.oh() + oy) * s.ow() + ox;
        for (int c = 0; c < channels; c++) {
            for (int ky = 0; ky < s.kh(); ky++) {
                int iy = oy * s.strideH() - s.top() + ky * s.dilationH();
                for (int kx = 0; kx < s.kw() && iy >= 0 && iy < s.h(); kx++) {
                    int ix = ox * s.strideW() - s.left() + kx * s.dilationW();
                    if (ix >= 0 && ix < s.w()) {
                        int xi = ((n * s.c() + firstChannel + c) * s.h() + iy) * s.w() + ix;
                        int wi = ((k * channels + c) * s.kh() + ky) * s.kw() + kx;
                        switch (pass) {
                            case FORWARD -> y.add(yi, x.get(xi) * w.get(wi));
                            case DATA -> x.add(xi, y.get(yi) * w.get(wi));
                            case FILTER -> w.add(wi, x.get(xi) * y.get(yi));
                        }
                    }
                }
            }
        }
    }
}
