package hoag.engine;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * What a node computes: a record with a shape rule, a gradient rule that returns nodes, and a kernel. It knows no device. To add an
 * operation, add a record here (or, better, write it as nodes of these).
 */
public sealed interface Op
        permits Leaf,
                Pointwise,
                Reduce,
                Conv2d,
                Product,
                Pool,
                Moments,
                BatchNorm,
                Softmax,
                Move,
                Concat,
                Reshape,
                Gather,
                Order,
                Random,
                StopGradient,
                Update {

    /**
     * The result's shape.
     *
     * @throws hoag.kernels.ShapeException if the inputs do not fit; the message carries both shapes and the cure
     */
    Shape shape(List<Shape> inputs);

    /**
     * d loss / d input for each input, as nodes; null where no gradient flows.
     *
     * @param node the node of this op
     * @param up d loss / d node, of the node's shape
     */
    List<Tensor> gradient(Tensor node, Tensor up);

    /** The launch; null for leaves and for ops that only look at the same elements otherwise (reshape). */
    Kernel kernel(List<Shape> inputs, Shape shape);

    /** Axes counted from the front, sorted, checked against the rank. */
    static int[] axes(Shape shape, int... axes) {
        int[] counted = Arrays.stream(axes)
                .map(axis -> axis(shape, axis))
                .sorted()
                .distinct()
                .toArray();
        if (counted.length != axes.length) {
            throw new hoag.kernels.ShapeException(
                    "axes " + Arrays.toString(axes) + " of " + shape + " name one axis twice");
        }
        return counted;
    }

    /** The axis, counted from the end if it is negative. */
    static int axis(Shape shape, int axis) {
        if (axis < -shape.rank() || axis >= shape.rank()) {
            throw new hoag.kernels.ShapeException(
                    "axis " + axis + " is outside " + shape + ", which has " + shape.rank() + " axes");
        }
        return axis < 0 ? axis + shape.rank() : axis;
    }
}
