package hoag.engine;

import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The same elements in other places, put together from slices, permutations and concatenations. */
public final class Rearrange {
    private Rearrange() {}

    /** From {@code start} up to, not including, {@code end}, every {@code step}-th along an axis; negative numbers count from the end. */
    public static Tensor range(Tensor x, int axis, int start, int end, int step) {
        int size = x.shape().dim(Op.axis(x.shape(), axis));
        if (step < 1) {
            throw new ShapeException("slice: step " + step + " must be at least 1; flip the axis to walk backwards");
        }
        int from = Math.clamp(start < 0 ? start + size : start, 0, size);
        int to = Math.clamp(end < 0 ? end + size : end, from, size);
        return x.slice(axis, from, step, Math.ceilDiv(to - from, step));
    }

    /** Tensors of one shape along a new axis. */
    public static Tensor stack(int axis, Tensor... parts) {
        Shape s = parts[0].shape();
        int at = axis < 0 ? axis + s.rank() + 1 : axis;
        if (at < 0 || at > s.rank()) {
            throw new ShapeException(
                    "stack: axis " + axis + " is outside the " + (s.rank() + 1) + " axes of the result");
        }
        int[] dims = new int[s.rank() + 1];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i == at ? 1 : s.dim(i > at ? i - 1 : i);
        }
        return Tensor.concat(
                at, Arrays.stream(parts).map(part -> part.reshape(dims)).toArray(Tensor[]::new));
    }

    /**
     * Pieces of these sizes behind each other along an axis.
     *
     * @param axis counted from 0, or from the end by negative numbers
     * @param sizes of the pieces, in order
     * @throws ShapeException if they do not add up to the axis
     */
    public static List<Tensor> split(Tensor x, int axis, int... sizes) {
        int whole = x.shape().dim(Op.axis(x.shape(), axis));
        if (Arrays.stream(sizes).sum() != whole) {
            throw new ShapeException("split: sizes " + Arrays.toString(sizes) + " must add up to " + whole
                    + ", the size of axis " + axis + " of " + x.shape());
        }
        List<Tensor> pieces = new ArrayList<>();
        int from = 0;
        for (int size : sizes) {
            pieces.add(x.slice(axis, from, size));
            from += size;
        }
        return pieces;
    }

    /** Moved {@code shift} places on along an axis; what leaves at one end comes in at the other. */
    public static Tensor roll(Tensor x, int axis, int shift) {
        int size = x.shape().dim(Op.axis(x.shape(), axis));
        int by = size == 0 ? 0 : Math.floorMod(shift, size);
        return by == 0 ? x : Tensor.concat(axis, x.slice(axis, size - by, by), x.slice(axis, 0, size - by));
    }

    /** Turned by {@code quarters} quarters from axis {@code a} towards axis {@code b}. */
    public static Tensor turn(Tensor x, int quarters, int a, int b) {
        return switch (Math.floorMod(quarters, 4)) {
            case 1 -> swap(x, a, b).flip(a);
            case 2 -> x.flip(a).flip(b);
            case 3 -> swap(x, a, b).flip(b);
            default -> x;
        };
    }

    /** Two axes in each other's place. */
    public static Tensor swap(Tensor x, int a, int b) {
        int first = Op.axis(x.shape(), a);
        int second = Op.axis(x.shape(), b);
        int[] order = new int[x.shape().rank()];
        Arrays.setAll(order, i -> i == first ? second : i == second ? first : i);
        return x.permute(order);
    }

    /**
     * (n, c f f, h, w) -> (n, c, h f, w f): channels become pixels (Shi et al. 2016).
     *
     * @param f pixels on a side that a group of channels becomes
     * @throws ShapeException if f squared does not divide the channels
     */
    public static Tensor pixelShuffle(Tensor x, int f) {
        Shape s = planes(x, "pixel shuffle");
        if (f < 1 || s.dim(1) % (f * f) != 0) {
            throw new ShapeException("pixel shuffle: factor " + f + " squared must divide the channels of " + s);
        }
        int c = s.dim(1) / (f * f);
        return x.reshape(s.dim(0), c, f, f, s.dim(2), s.dim(3))
                .permute(0, 1, 4, 2, 5, 3)
                .reshape(s.dim(0), c, s.dim(2) * f, s.dim(3) * f);
    }

    /**
     * (n, c, h f, w f) -> (n, c f f, h, w): the inverse of {@link #pixelShuffle}.
     *
     * @param f pixels on a side that become channels
     * @throws ShapeException if f does not divide height and width
     */
    public static Tensor pixelUnshuffle(Tensor x, int f) {
        Shape s = planes(x, "pixel unshuffle");
        if (f < 1 || s.dim(2) % f != 0 || s.dim(3) % f != 0) {
            throw new ShapeException("pixel unshuffle: factor " + f + " must divide height and width of " + s);
        }
        return x.reshape(s.dim(0), s.dim(1), s.dim(2) / f, f, s.dim(3) / f, f)
                .permute(0, 1, 3, 5, 2, 4)
                .reshape(s.dim(0), s.dim(1) * f * f, s.dim(2) / f, s.dim(3) / f);
    }

    /** (n, c, h, w) -> (n, c kernel, windows): each column holds the pixels of one window, channel by channel (PyTorch's unfold). */
    public static Tensor unfold(Tensor x, Pools.Window window) {
        Shape s = planes(x, "unfold");
        int[] p = window.padding();
        Tensor padded = x.pad(2, p[0], p[2]).pad(3, p[1], p[3]);
        int h = windows(padded.shape().dim(2), 0, window);
        int w = windows(padded.shape().dim(3), 1, window);
        List<Tensor> pixels = new ArrayList<>();
        for (int ky = 0; ky < window.kernel()[0]; ky++) {
            Tensor rows = padded.slice(2, ky * window.dilation()[0], window.stride()[0], h);
            for (int kx = 0; kx < window.kernel()[1]; kx++) {
                pixels.add(rows.slice(3, kx * window.dilation()[1], window.stride()[1], w));
            }
        }
        return stack(2, pixels.toArray(Tensor[]::new)).reshape(s.dim(0), s.dim(1) * pixels.size(), h * w);
    }

    private static int windows(int size, int axis, Pools.Window window) {
        int span = (window.kernel()[axis] - 1) * window.dilation()[axis] + 1;
        return Math.max(0, Math.floorDiv(size - span, window.stride()[axis]) + 1);
    }

    private static Shape planes(Tensor x, String what) {
        if (x.shape().rank() != 4) {
            throw new ShapeException(what + ": " + x.shape() + " must be (n, c, h, w)");
        }
        return x.shape();
    }
}
