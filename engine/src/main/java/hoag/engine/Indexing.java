package hoag.engine;

import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Elements by their numbers, put together from {@link Gather}, whose gradient adds up. Indices are whole numbers; a tensor of indices has no gradient. */
public final class Indexing {
    /** Above this, floats no longer hold every whole number. */
    private static final int EXACT = 1 << 24;

    private Indexing() {}

    /** Rows of a table (rows, width) by indices of any shape: (indices..., width). */
    public static Tensor embedding(Tensor table, Tensor index) {
        Shape s = index.shape();
        int[] dims = Arrays.copyOf(s.toArray(), s.rank() + 1);
        dims[s.rank()] = table.shape().dim(-1);
        return table.gather(index.reshape(s.size())).reshape(dims);
    }

    /** The slices of x along an axis by number: axis of size count of {@code index} (count). */
    public static Tensor select(Tensor x, int axis, Tensor index) {
        int at = Op.axis(x.shape(), axis);
        Tensor front = at == 0 ? x : x.permute(swapped(x.shape().rank(), at));
        Shape s = front.shape();
        Tensor rows = front.reshape(s.dim(0), s.size() / Math.max(1, s.dim(0))).gather(index);
        Tensor y = rows.reshape(s.with(0, index.shape().size()));
        return at == 0 ? y : y.permute(swapped(s.rank(), at));
    }

    private static int[] swapped(int rank, int axis) {
        int[] order = IntStream.range(0, rank).toArray();
        order[0] = axis;
        order[axis] = 0;
        return order;
    }

    /** y[..., i, ...] = x[..., index[..., i, ...], ...] along an axis; off it, index is no larger than x (PyTorch's gather). */
    public static Tensor gather(Tensor x, int axis, Tensor index) {
        Tensor places = places(x.shape(), axis, index);
        return x.reshape(x.shape().size(), 1).gather(places).reshape(index.shape());
    }

    /** x, with y[..., index[..., i, ...], ...] += source[..., i, ...] along an axis: the adjoint of {@link #gather} (PyTorch's scatter_add). */
    public static Tensor scatterAdd(Tensor x, int axis, Tensor index, Tensor source) {
        if (!source.shape().equals(index.shape())) {
            throw new ShapeException(
                    "scatter: source " + source.shape() + " and index " + index.shape() + " must have one shape");
        }
        Tensor places = places(x.shape(), axis, index);
        Tensor column = source.reshape(source.shape().size(), 1);
        return x.add(Gather.add(x.shape().size(), places, column).reshape(x.shape()));
    }

    /** For each element of index the row-major number of the element of x that it means. */
    private static Tensor places(Shape x, int axis, Tensor index) {
        int at = Op.axis(x, axis);
        check(x, at, index.shape());
        int[] strides = x.strides();
        Tensor places = index.mul(strides[at]);
        for (int other = 0; other < x.rank(); other++) {
            if (other != at) {
                int[] ones = new int[x.rank()];
                Arrays.fill(ones, 1);
                ones[other] = index.shape().dim(other);
                places =
                        places.add(Tensor.range(ones[other]).mul(strides[other]).reshape(ones));
            }
        }
        return places.reshape(index.shape().size());
    }

    private static void check(Shape x, int axis, Shape index) {
        boolean fits = x.rank() == index.rank();
        for (int other = 0; fits && other < x.rank(); other++) {
            fits = other == axis || index.dim(other) <= x.dim(other);
        }
        if (!fits) {
            throw new ShapeException("gather along axis " + axis + ": index " + index + " must have the axes of " + x
                    + ", none larger but that one");
        }
        if (x.size() > EXACT) {
            throw new ShapeException("gather along axis " + axis + ": " + x + " has more than 2^24 elements,"
                    + " more than indices can tell apart; select whole rows instead");
        }
    }

    /** Every element {@code times} times, side by side along an axis. */
    public static Tensor repeatEach(Tensor x, int axis, int times) {
        int at = Op.axis(x.shape(), axis);
        int[] dims = x.shape().toArray();
        int[] split = IntStream.range(0, dims.length + 1)
                .map(i -> i == at + 1 ? 1 : dims[i > at ? i - 1 : i])
                .toArray();
        Shape apart = Shape.of(split);
        return x.reshape(apart)
                .expand(apart.with(at + 1, times))
                .reshape(x.shape().with(at, dims[at] * times));
    }
}
