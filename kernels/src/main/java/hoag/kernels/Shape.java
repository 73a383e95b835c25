package hoag.kernels;

import java.util.Arrays;

/** The sizes of a tensor's axes, outermost first; {@code []} is a scalar. Immutable. */
public final class Shape {
    /** No axes, one element. */
    public static final Shape SCALAR = new Shape();

    private final int[] dims;

    private Shape(int... dims) {
        this.dims = dims;
    }

    /**
     * @throws ShapeException if an axis is negative or the number of elements does not fit in an int
     */
    public static Shape of(int... dims) {
        long size = 1;
        for (int dim : dims) {
            if (dim < 0) {
                throw new ShapeException("shape " + Arrays.toString(dims) + " has a negative axis");
            }
            size *= dim;
            if (size > Integer.MAX_VALUE) {
                throw new ShapeException(
                        "shape " + Arrays.toString(dims) + " has more than 2^31 - 1 elements; use a smaller batch");
            }
        }
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    /** How many axes there are. */
    public int rank() {
        return dims.length;
    }

    /** Size of an axis; negative axes count from the last. */
    public int dim(int axis) {
        return dims[axis < 0 ? axis + dims.length : axis];
    }

    /** How many elements there are: the product of the axes. */
    public int size() {
        int size = 1;
        for (int dim : dims) {
            size *= dim;
        }
        return size;
    }

    /** The axes as an array of the caller's own. */
    public int[] toArray() {
        return dims.clone();
    }

    /** The same with another size of one axis. */
    public Shape with(int axis, int size) {
        int[] changed = dims.clone();
        changed[axis < 0 ? axis + dims.length : axis] = size;
        return of(changed);
    }

    /** Row-major strides in elements. */
    public int[] strides() {
        int[] strides = new int[dims.length];
        for (int axis = dims.length - 1, step = 1; axis >= 0; step *= dims[axis--]) {
            strides[axis] = step;
        }
        return strides;
    }

    /** The same sizes with ones put in front until there are {@code rank} axes. */
    public Shape padded(int rank) {
        int[] padded = new int[rank];
        Arrays.fill(padded, 1);
        System.arraycopy(dims, 0, padded, rank - dims.length, dims.length);
        return of(padded);
    }

    /** True if this shape may stand where {@code target} is wanted: axes align at the last, each is equal or 1. */
    public boolean broadcastsTo(Shape target) {
        if (rank() > target.rank()) {
            return false;
        }
        for (int back = 1; back <= rank(); back++) {
            if (dim(-back) != target.dim(-back) && dim(-back) != 1) {
                return false;
            }
        }
        return true;
    }

    /**
     * The shape that both broadcast to (NumPy's rule).
     *
     * @throws ShapeException if an axis differs and neither is 1
     */
    public static Shape broadcast(Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        Shape left = a.padded(rank);
        Shape right = b.padded(rank);
        int[] dims = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            int l = left.dim(axis);
            int r = right.dim(axis);
            if (l != r && l != 1 && r != 1) {
                throw new ShapeException(
                        "shapes " + a + " and " + b + " do not broadcast: axis " + axis + " has " + l + " and " + r);
            }
            dims[axis] = l == 1 ? r : l;
        }
        return of(dims);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
