package hoag.kernels.reference;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.PoolMode;
import java.util.List;

/** The largest or the mean of each window; the gradient goes to the first largest pixel, or evenly to all real pixels. */
final class ReferencePool {
    private final Conv2dShape s;
    private final PoolMode mode;

    private ReferencePool(Kernel.Pool kernel) {
        s = kernel.window();
        mode = kernel.mode();
    }

    static Loops loops(Kernel.Pool kernel) {
        var pool = new ReferencePool(kernel);
        return kernel.gradient()
                ? (in, out, state) -> pool.backward(in.get(0), in.get(1), out.get(0))
                : (in, out, state) -> pool.forward(in.get(0), out.get(0));
    }

    private void forward(Doubles x, Doubles y) {
        eachWindow((window, yi) -> y.set(yi, mode == PoolMode.MAX ? largest(x, window) : mean(x, window)));
    }

    private void backward(Doubles x, Doubles dy, Doubles dx) {
        dx.fill(s.input().size(), 0);
        eachWindow((window, yi) -> {
            if (mode == PoolMode.MAX) {
                if (!window.isEmpty()) {
                    dx.add(firstLargest(x, window), dy.get(yi));
                }
            } else {
                window.forEach(xi -> dx.add(xi, dy.get(yi) / divisor(window)));
            }
        });
    }

    private double largest(Doubles x, List<Integer> window) {
        return window.isEmpty() ? Double.NEGATIVE_INFINITY : x.get(firstLargest(x, window));
    }

    /** The first largest pixel in row-major order; a NaN counts as largest. */
    private static int firstLargest(Doubles x, List<Integer> window) {
        int best = window.getFirst();
        for (int xi : window) {
            if (x.get(xi) > x.get(best) || Double.isNaN(x.get(xi)) && !Double.isNaN(x.get(best))) {
                best = xi;
            }
        }
        return best;
    }

    private double mean(Doubles x, List<Integer> window) {
        return window.isEmpty() ? 0 : window.stream().mapToDouble(x::get).sum() / divisor(window);
    }

    private double divisor(List<Integer> window) {
        return mode == PoolMode.AVERAGE_WITH_PADDING ? s.kh() * s.kw() : window.size();
    }

    private interface Visitor {
        /** @param window the real pixels of the window in row-major order, as indices into x */
        void visit(List<Integer> window, int yi);
    }

    private void eachWindow(Visitor visitor) {
        int yi = 0;
        for (int plane = 0; plane < s.n() * s.c(); plane++) {
            for (int oy = 0; oy < s.oh(); oy++) {
                for (int ox = 0; ox < s.ow(); ox++) {
                    visitor.visit(window(plane, oy, ox), yi++);
                }
            }
        }
    }

    private List<Integer> window(int plane, int oy, int ox) {
        var pixels = new java.util.ArrayList<Integer>(s.kh() * s.kw());
        for (int ky = 0; ky < s.kh(); ky++) {
            int iy = oy * s.strideH() - s.top() + ky * s.dilationH();
            for (int kx = 0; kx < s.kw(); kx++) {
                int ix = ox * s.strideW() - s.left() + kx * s.dilationW();
                if (iy >= 0 && iy < s.h() && ix >= 0 && ix < s.w()) {
                    pixels.add((plane * s.h() + iy) * s.w() + ix);
                }
            }
        }
        return pixels;
    }
}
