package hoag.kernels.cpu;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A dense convolution, or its data gradient, as sums over taps. Output pixel (row + q * outStepH, column + p * outStepW) of a class is the
 * sum over the class's taps of input pixel (q * stepH + y[tap], p * stepW + x[tap]); pixels outside the input count as zero.
 *
 * <p>A forward convolution has one class. The data gradient at stride 1 too: it is a forward convolution of dy. At stride s it has s * s
 * classes, one for each position of a pixel within the stride, and each is a convolution of dy with its own taps, perhaps none.
 */
record DenseGeometry(
        int n,
        int c,
        int h,
        int w,
        int k,
        int oh,
        int ow,
        int stepH,
        int stepW,
        int outStepH,
        int outStepW,
        int filterTaps,
        List<PixelClass> classes) {
    /** @param taps numbers of the taps in the filter; y and x say where each reads */
    record PixelClass(int row, int column, List<Integer> taps, List<Integer> y, List<Integer> x) {}

    static DenseGeometry of(Kernel.Conv2d kernel) {
        return kernel.pass() == Kernel.Pass.DATA ? data(kernel.shape()) : forward(kernel.shape());
    }

    private static DenseGeometry forward(Conv2dShape s) {
        var taps = IntStream.range(0, s.kh() * s.kw()).boxed().toList();
        var y = taps.stream().map(tap -> tap / s.kw() * s.dilationH() - s.top()).toList();
        var x = taps.stream()
                .map(tap -> tap % s.kw() * s.dilationW() - s.left())
                .toList();
        return new DenseGeometry(
                s.n(),
                s.c(),
                s.h(),
                s.w(),
                s.k(),
                s.oh(),
                s.ow(),
                s.strideH(),
                s.strideW(),
                1,
                1,
                taps.size(),
                List.of(new PixelClass(0, 0, taps, y, x)));
    }

    private static DenseGeometry data(Conv2dShape s) {
        var classes = new ArrayList<PixelClass>();
        for (int row = 0; row < Math.min(s.strideH(), s.h()); row++) {
            for (int column = 0; column < Math.min(s.strideW(), s.w()); column++) {
                classes.add(dataClass(s, row, column));
            }
        }
        return new DenseGeometry(
                s.n(),
                s.k(),
                s.oh(),
                s.ow(),
                s.c(),
                s.h(),
                s.w(),
                1,
                1,
                s.strideH(),
                s.strideW(),
                s.kh() * s.kw(),
                List.copyOf(classes));
    }

    private static PixelClass dataClass(Conv2dShape s, int row, int column) {
        var taps = new ArrayList<Integer>();
        var ys = new ArrayList<Integer>();
        var xs = new ArrayList<Integer>();
        for (int ky = 0; ky < s.kh(); ky++) {
            for (int kx = 0; kx < s.kw(); kx++) {
                int y = row + s.top() - ky * s.dilationH();
                int x = column + s.left() - kx * s.dilationW();
                if (y % s.strideH() == 0 && x % s.strideW() == 0) {
                    taps.add(ky * s.kw() + kx);
                    ys.add(y / s.strideH());
                    xs.add(x / s.strideW());
                }
            }
        }
        return new PixelClass(row, column, List.copyOf(taps), List.copyOf(ys), List.copyOf(xs));
    }

    /** Rows of the class with the most rows. */
    int rows() {
        return (oh + outStepH - 1) / outStepH;
    }

    int columns() {
        return (ow + outStepW - 1) / outStepW;
    }

    int rows(PixelClass of) {
        return (oh - of.row + outStepH - 1) / outStepH;
    }

    int columns(PixelClass of) {
        return (ow - of.column + outStepW - 1) / outStepW;
    }

    int minY() {
        return classes.stream()
                .flatMap(each -> each.y.stream())
                .mapToInt(Integer::intValue)
                .min()
                .orElse(0);
    }

    int maxY() {
        return classes.stream()
                .flatMap(each -> each.y.stream())
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }

    int minX() {
        return classes.stream()
                .flatMap(each -> each.x.stream())
                .mapToInt(Integer::intValue)
                .min()
                .orElse(0);
    }

    int maxX() {
        return classes.stream()
                .flatMap(each -> each.x.stream())
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }

    /** Every tap of every output pixel lies inside the input: it can be read where it is. */
    boolean inside() {
        return minY() >= 0 && minX() >= 0 && (rows() - 1) * stepH + maxY() < h && (columns() - 1) * stepW + maxX() < w;
    }

    /** Read in place, and neighbouring output pixels have neighbouring inputs even from one row to the next. */
    boolean flat() {
        return inside() && stepH == 1 && stepW == 1 && outStepH == 1 && outStepW == 1 && w == ow;
    }

    /** Images of one pixel: the batch takes the place of the pixels. */
    boolean onePixel() {
        return h * w == 1 && oh * ow == 1 && inside();
    }
}
