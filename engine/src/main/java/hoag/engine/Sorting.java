package hoag.engine;

import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.stream.IntStream;

/** Order along an axis. Equal elements keep their order; a NaN counts as largest. */
public final class Sorting {
    /** Values, through which gradients flow to where they came from, and their places along the axis. */
    public record Sorted(Tensor values, Tensor index) {}

    private Sorting() {}

    /** All elements along an axis in order. */
    public static Sorted sort(Tensor x, int axis, boolean descending) {
        return first(x, axis, x.shape().dim(Op.axis(x.shape(), axis)), descending);
    }

    /** The {@code k} largest (or smallest) elements along an axis, best first. */
    public static Sorted topK(Tensor x, int axis, int k, boolean largest) {
        int length = x.shape().dim(Op.axis(x.shape(), axis));
        if (k < 0 || k > length) {
            throw new ShapeException(
                    "top-k: k " + k + " is outside 0.." + length + ", the size of axis " + axis + " of " + x.shape());
        }
        return first(x, axis, k, largest);
    }

    private static Sorted first(Tensor x, int axis, int count, boolean largestFirst) {
        int at = Op.axis(x.shape(), axis);
        int last = x.shape().rank() - 1;
        if (at != last) {
            int[] order = IntStream.range(0, last + 1)
                    .map(i -> i == at ? last : i == last ? at : i)
                    .toArray();
            Sorted turned = first(x.permute(order), last, count, largestFirst);
            return new Sorted(turned.values.permute(order), turned.index.permute(order));
        }
        Shape s = x.shape();
        int length = s.dim(last);
        Tensor rows = x.reshape(length == 0 ? 0 : s.size() / length, length);
        Tensor index = Order.of(rows, count, largestFirst);
        return new Sorted(
                Indexing.gather(rows, 1, index).reshape(s.with(last, count)), index.reshape(s.with(last, count)));
    }

    /** Running sums along an axis: y[i] = x[0] + ... + x[i], in log2(size) additions of the whole (Hillis and Steele 1986). */
    public static Tensor runningSum(Tensor x, int axis) {
        int at = Op.axis(x.shape(), axis);
        int size = x.shape().dim(at);
        Tensor sums = x;
        for (int reach = 1; reach < size; reach *= 2) {
            sums = sums.add(sums.slice(at, 0, size - reach).pad(at, reach, 0));
        }
        return sums;
    }
}
