package hoag.kernels.reference;

import hoag.kernels.Shape;
import java.util.List;

/**
 * All places of a space in row-major order, and where each operand's element for that place lies: an operand is a stride for each axis,
 * 0 along an axis that it is broadcast over or summed over.
 *
 * <p>{@code for (var walk = new Walk(space, a, b); walk.here(); walk.next()) out.add(walk.at(1), in.get(walk.at(0)));}
 */
final class Walk {
    private final int[] dims;
    private final int[][] strides;
    private final int[] index;
    private final int[] at;
    private int left;

    Walk(Shape space, int[]... strides) {
        this.dims = space.toArray();
        this.strides = strides;
        this.index = new int[dims.length];
        this.at = new int[strides.length];
        this.left = space.size();
    }

    /** A walk over {@code space} with operands that broadcast to it. */
    static Walk broadcasting(Shape space, List<Shape> operands) {
        return new Walk(
                space, operands.stream().map(operand -> strides(operand, space)).toArray(int[][]::new));
    }

    /** Strides of an operand that broadcasts to {@code space}: 0 along axes where it has size 1 or none. */
    static int[] strides(Shape operand, Shape space) {
        Shape padded = operand.padded(space.rank());
        int[] strides = padded.strides();
        for (int axis = 0; axis < strides.length; axis++) {
            if (padded.dim(axis) == 1) {
                strides[axis] = 0;
            }
        }
        return strides;
    }

    boolean here() {
        return left > 0;
    }

    /** The element of operand {@code operand} that belongs to this place. */
    int at(int operand) {
        return at[operand];
    }

    int index(int axis) {
        return index[axis];
    }

    void next() {
        left--;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            index[axis]++;
            move(axis, 1);
            if (index[axis] < dims[axis]) {
                return;
            }
            index[axis] = 0;
            move(axis, -dims[axis]);
        }
    }

    private void move(int axis, int steps) {
        for (int operand = 0; operand < at.length; operand++) {
            at[operand] += strides[operand][axis] * steps;
        }
    }
}
