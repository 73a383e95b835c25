package hoag.engine;

import hoag.kernels.Shape;
import hoag.kernels.ShapeException;

/** Biases of attention scores by how far apart two pixels of a window lie, (2h - 1)(2w - 1) distances in all. */
public final class RelativePosition {
    private RelativePosition() {}

    /** For each pair of pixels the row of the table of distances (Liu et al. 2021): (h w h w). */
    public static Tensor index(int h, int w) {
        int t = h * w;
        float[] rows = new float[t * t];
        for (int q = 0; q < t; q++) {
            for (int k = 0; k < t; k++) {
                rows[q * t + k] = (q / w - k / w + h - 1) * (2 * w - 1) + q % w - k % w + w - 1;
            }
        }
        return Tensor.constant(Shape.of(t * t), rows);
    }

    /** ((2h - 1)(2w - 1), 2): sign(d) ln(1 + |d|) of the distances down and right, for a network that makes the table of them (timm's "cr"). */
    public static Tensor logCoordinates(int h, int w) {
        int across = 2 * w - 1;
        float[] values = new float[(2 * h - 1) * across * 2];
        for (int i = 0; i < values.length; i += 2) {
            values[i] = logarithm(i / 2 / across - (h - 1));
            values[i + 1] = logarithm(i / 2 % across - (w - 1));
        }
        return Tensor.constant(Shape.of(values.length / 2, 2), values);
    }

    private static float logarithm(int distance) {
        return (float) (Math.signum((double) distance) * Math.log1p(Math.abs(distance)));
    }

    /**
     * The bias of every pair of pixels of a window.
     *
     * @param table ((2h - 1)(2w - 1), heads)
     * @return (heads, h w, h w)
     */
    public static Tensor bias(Tensor table, int h, int w) {
        if (table.shape().rank() != 2 || table.shape().dim(0) != (2 * h - 1) * (2 * w - 1)) {
            throw new ShapeException("relative position: a window of " + h + "x" + w + " wants a table of "
                    + (2 * h - 1) * (2 * w - 1) + " rows, got " + table.shape());
        }
        int heads = table.shape().dim(1);
        return table.gather(index(h, w)).permute(1, 0).reshape(heads, h * w, h * w);
    }
}
