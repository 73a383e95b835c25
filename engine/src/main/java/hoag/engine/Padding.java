package hoag.engine;

import hoag.kernels.Expr;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.ArrayList;
import java.util.List;

/** What stands beyond the edges of an axis. Zeros are {@link Tensor#pad}; negative widths cut. */
public final class Padding {
    private Padding() {}

    /**
     * Zeros before and after along an axis; a negative number cuts as much off.
     *
     * @param axis counted from 0, or from the end by negative numbers
     * @throws ShapeException if more is cut off than there is
     */
    public static Tensor zeros(Tensor x, int axis, int before, int after) {
        int size = x.shape().dim(Op.axis(x.shape(), axis));
        int from = Math.max(0, -before);
        int left = size - from - Math.max(0, -after);
        if (left < 0) {
            throw new ShapeException(
                    "pad: " + before + " and " + after + " cut more than axis " + axis + " of " + x.shape() + " has");
        }
        return x.slice(axis, from, left).pad(axis, Math.max(0, before), Math.max(0, after));
    }

    /** {@code value} before and after along an axis. */
    public static Tensor constant(Tensor x, int axis, int before, int after, double value) {
        Tensor padded = zeros(x, axis, before, after);
        if (value == 0) {
            return padded;
        }
        int at = Op.axis(x.shape(), axis);
        int size = padded.shape().dim(at);
        float[] inside = new float[size];
        java.util.Arrays.fill(inside, Math.max(0, before), size - Math.max(0, after), 1);
        int[] ones = new int[x.shape().rank() - at];
        java.util.Arrays.fill(ones, 1);
        ones[0] = size;
        return padded.map(Expr.where(Expr.in(1), Expr.in(0), Expr.of(value)), Tensor.constant(Shape.of(ones), inside));
    }

    /** The mirror image beyond the edge, the edge itself not repeated. */
    public static Tensor reflect(Tensor x, int axis, int before, int after) {
        int size = room(x, axis, before, after, 1);
        return around(
                axis,
                before == 0 ? null : x.slice(axis, before, -1, before),
                x,
                after == 0 ? null : x.slice(axis, size - 2, -1, after));
    }

    /** The edge again and again. */
    public static Tensor replicate(Tensor x, int axis, int before, int after) {
        int at = Op.axis(x.shape(), axis);
        int size = x.shape().dim(at);
        if (size == 0) {
            throw new ShapeException("pad: axis " + axis + " of " + x.shape() + " has no edge to repeat");
        }
        return around(
                at,
                before == 0 ? null : x.slice(at, 0, 1).expand(x.shape().with(at, before)),
                x,
                after == 0 ? null : x.slice(at, size - 1, 1).expand(x.shape().with(at, after)));
    }

    /** The other end. */
    public static Tensor circular(Tensor x, int axis, int before, int after) {
        int size = room(x, axis, before, after, 0);
        return around(
                axis,
                before == 0 ? null : x.slice(axis, size - before, before),
                x,
                after == 0 ? null : x.slice(axis, 0, after));
    }

    private static int room(Tensor x, int axis, int before, int after, int less) {
        int size = x.shape().dim(Op.axis(x.shape(), axis));
        if (Math.min(before, after) < 0 || Math.max(before, after) > size - less) {
            throw new ShapeException("pad: " + before + " and " + after + " must be in 0.." + (size - less)
                    + " for axis " + axis + " of " + x.shape());
        }
        return size;
    }

    private static Tensor around(int axis, Tensor before, Tensor x, Tensor after) {
        List<Tensor> parts = new ArrayList<>();
        for (Tensor part : new Tensor[] {before, x, after}) {
            if (part != null) {
                parts.add(part);
            }
        }
        return Tensor.concat(axis, parts.toArray(Tensor[]::new));
    }
}
