package hoag.cuda;

import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Where the places of a sub-space lie in memory: sizes and strides, outermost first. Neighbouring axes that lie behind each other are one.
 * The struct of the same name is in {@code hoag.cuh}.
 */
record Axes(List<Integer> sizes, List<Integer> strides) {
    static final int MOST = 8;

    Axes {
        sizes = List.copyOf(sizes);
        strides = List.copyOf(strides);
    }

    /** Those axes of a row-major shape that are wanted. */
    static Axes of(Shape shape, IntPredicate wanted) {
        return of(shape.toArray(), shape.strides(), wanted);
    }

    /** Sizes with any strides, merged where they can be. */
    static Axes of(int[] sizes, int[] strides, IntPredicate wanted) {
        var size = new ArrayList<Integer>();
        var stride = new ArrayList<Integer>();
        for (int axis = 0; axis < sizes.length; axis++) {
            if (!wanted.test(axis) || sizes[axis] == 1) {
                continue;
            }
            int last = size.size() - 1;
            if (last >= 0 && stride.get(last) == strides[axis] * sizes[axis]) {
                size.set(last, size.get(last) * sizes[axis]);
                stride.set(last, strides[axis]);
            } else {
                size.add(sizes[axis]);
                stride.add(strides[axis]);
            }
        }
        return new Axes(size, stride);
    }

    /** How many places there are. */
    int count() {
        return sizes.stream().reduce(1, Math::multiplyExact);
    }

    /** Whether one place after the other is the next in memory. */
    boolean contiguous() {
        return sizes.isEmpty() || strides.getLast() == 1;
    }
}
