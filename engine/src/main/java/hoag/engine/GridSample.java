package hoag.engine;

import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import hoag.kernels.Unary;

/**
 * Planes read at given places, as PyTorch's grid_sample: (n, c, h, w) and a grid (n, oh, ow, 2) of (x, y) from -1 to 1 -> (n, c, oh, ow).
 * Each place gathers its four neighbours (or the one) as rows of channels and weighs them; the gradient of the planes is the scatter of
 * the gather, that of the grid comes from the weights.
 *
 * @param nearest the nearest pixel, half to even, instead of the four around weighed by distance; no gradient flows to the grid then
 * @param corners -1 and 1 are the centres of the corner pixels (align_corners); if false, the edges of the plane
 */
public record GridSample(boolean nearest, Padding padding, boolean corners) {
    /** What lies beyond the edge. */
    public enum Padding {
        /** Black. */
        ZEROS,
        /** The pixel of the edge. */
        BORDER,
        /** The plane mirrored, as often as needed: at the corner pixels' centres with {@code corners}, else at the edges. */
        REFLECTION
    }

    /** Whole numbers in float32 are exact up to here. */
    private static final int EXACT = 1 << 24;

    private static final Expr X = Expr.in(0);
    private static final Expr RIGHT = Expr.in(1);

    /** @throws ShapeException if the grid has another batch or no pairs, or there are more than 2^24 pixels */
    public Tensor apply(Tensor x, Tensor grid) {
        Shape s = x.shape();
        Shape g = grid.shape();
        check(s, g);
        int n = s.dim(0);
        int taps = nearest ? 1 : 4;
        int count = n * g.dim(1) * g.dim(2);
        Tensor across = grid.slice(3, 0, 1).reshape(1, n, count / n);
        Tensor down = grid.slice(3, 1, 1).reshape(1, n, count / n);
        Tensor right = Tensor.constant(Shape.of(taps, 1, 1), nearest ? new float[1] : new float[] {0, 1, 0, 1});
        Tensor below = Tensor.constant(Shape.of(taps, 1, 1), nearest ? new float[1] : new float[] {0, 0, 1, 1});
        Tensor weight = across.map(weight(s.dim(3)), right).mul(down.map(weight(s.dim(2)), below));
        Tensor column = across.map(pixel(s.dim(3)), right);
        Tensor row = down.map(pixel(s.dim(2)), below);
        Expr index = Expr.in(2).times(s.dim(2)).plus(Expr.in(1)).times(s.dim(3)).plus(Expr.in(0));
        Tensor at = column.map(index, row, Tensor.range(n).reshape(1, n, 1));
        Tensor rows = x.permute(0, 2, 3, 1).reshape(n * s.dim(2) * s.dim(3), s.dim(1));
        Tensor found = rows.gather(at.reshape(taps * count)).reshape(taps, count, s.dim(1));
        Tensor y = found.mul(weight.reshape(taps, count, 1)).sum(0);
        return y.reshape(n, g.dim(1), g.dim(2), s.dim(1)).permute(0, 3, 1, 2);
    }

    private static void check(Shape s, Shape g) {
        if (s.rank() != 4 || g.rank() != 4 || g.dim(3) != 2 || g.dim(0) != s.dim(0)) {
            throw new ShapeException("grid sample: planes " + s + " must be (n, c, h, w) and the grid " + g
                    + " (n, height, width, 2) with the same n");
        }
        if ((long) s.dim(0) * s.dim(2) * s.dim(3) > EXACT) {
            throw new ShapeException(
                    "grid sample: planes " + s + " have more than " + EXACT + " pixels; take a smaller batch");
        }
    }

    /** Where along an axis of {@code size} pixels, from a grid coordinate, padding applied. */
    private Expr place(int size) {
        Expr at = corners
                ? X.plus(1).times((size - 1) / 2.0)
                : X.plus(1).times(size / 2.0).minus(0.5);
        return switch (padding) {
            case ZEROS -> at;
            case BORDER -> inside(at, size);
            case REFLECTION -> inside(reflected(at, size), size);
        };
    }

    /** Cut to the plane; on its edge and beyond no gradient flows, as in PyTorch. */
    private static Expr inside(Expr at, int size) {
        Expr last = Expr.of(size - 1);
        Expr below = Expr.where(at.apply(Binary.LT, last), at, last);
        return Expr.where(Expr.of(0).apply(Binary.LT, at), below, Expr.of(0));
    }

    private Expr reflected(Expr at, int size) {
        double low = corners ? 0 : -0.5;
        double span = corners ? size - 1 : size;
        if (span == 0) {
            return Expr.of(0);
        }
        Expr from = at.minus(low).apply(Unary.ABS);
        Expr flips = from.over(span).apply(Unary.FLOOR);
        Expr extra = from.minus(flips.times(span));
        Expr odd = flips.minus(flips.times(0.5).apply(Unary.FLOOR).times(2));
        return Expr.where(odd, Expr.of(span).minus(extra), extra).plus(low);
    }

    private Expr first(int size) {
        return place(size).apply(nearest ? Unary.ROUND_EVEN : Unary.FLOOR);
    }

    /** The pixel that a tap reads; beyond the edge that of the edge, with weight 0. */
    private Expr pixel(int size) {
        return first(size).plus(RIGHT).max(Expr.of(0)).min(Expr.of(size - 1));
    }

    /** How much a tap counts along one axis. */
    private Expr weight(int size) {
        Expr fraction = place(size).minus(first(size));
        Expr near = nearest
                ? Expr.of(1)
                : Expr.of(1).minus(RIGHT).plus(RIGHT.times(2).minus(1).times(fraction));
        Expr pixel = first(size).plus(RIGHT);
        Expr within = pixel.apply(Binary.LT, Expr.of(size));
        return Expr.where(pixel.apply(Binary.LT, Expr.of(0)), Expr.of(0), Expr.where(within, near, Expr.of(0)));
    }

    /**
     * The grid of an affine map, as PyTorch's affine_grid: theta (n, 2, 3) takes (x, y, 1) of each new pixel to where it is read. With
     * {@link #apply} this is the sampling of a spatial transformer (Jaderberg et al. 2015).
     *
     * @param corners as in the {@link GridSample} that will use it
     * @return (n, h, w, 2)
     */
    public static Tensor affine(Tensor theta, int h, int w, boolean corners) {
        Shape s = theta.shape();
        if (s.rank() != 3 || s.dim(1) != 2 || s.dim(2) != 3) {
            throw new ShapeException("affine grid: theta " + s + " must be (n, 2, 3)");
        }
        float[] base = new float[h * w * 3];
        for (int i = 0; i < h * w; i++) {
            base[3 * i] = (float) coordinate(i % w, w, corners);
            base[3 * i + 1] = (float) coordinate(i / w, h, corners);
            base[3 * i + 2] = 1;
        }
        Tensor pixels = Tensor.constant(Shape.of(1, h * w, 3), base);
        return Product.of(pixels, false, theta, true).reshape(s.dim(0), h, w, 2);
    }

    private static double coordinate(int i, int size, boolean corners) {
        return size == 1 ? 0 : corners ? 2.0 * i / (size - 1) - 1 : (2.0 * i + 1) / size - 1;
    }
}
