package hoag.engine.onnx;

import hoag.engine.Tensor;
import hoag.kernels.Kernel.Fold;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Folds over axes: sums, means, extremes, where they are. */
final class OnnxFolds {
    private OnnxFolds() {}

    /** The result, or null if the fold is unknown. */
    static Tensor of(OnnxNode node) {
        Tensor x = node.x();
        boolean place = node.type().startsWith("Arg");
        int[] axes = place ? new int[] {node.axis("axis", 0, x.shape().rank())} : axes(node);
        if (axes.length == 0) {
            return x;
        }
        Tensor y = switch (node.type()) {
            case "ReduceSum" -> x.sum(axes);
            case "ReduceMean" -> x.mean(axes);
            case "ReduceMax" -> x.max(axes);
            case "ReduceMin" -> x.min(axes);
            case "ReduceProd" -> x.fold(Fold.PROD, axes);
            case "ReduceSumSquare" -> x.square().sum(axes);
            case "ReduceL2" -> x.square().sum(axes).sqrt();
            case "ReduceL1" -> x.map(hoag.kernels.Unary.ABS).sum(axes);
            case "ArgMax" -> x.fold(Fold.ARGMAX, axes);
            case "ArgMin" -> x.fold(Fold.ARGMIN, axes);
            default -> null;
        };
        return y == null || node.whole("keepdims", 1) == 1 ? y : y.reshape(kept(y, axes));
    }

    private static int[] axes(OnnxNode node) {
        int rank = node.x().shape().rank();
        int[] given = node.wholes(1, "axes");
        boolean none = given == null || given.length == 0;
        return none && node.whole("noop_with_empty_axes", 0) == 1
                ? new int[0]
                : none
                        ? IntStream.range(0, rank).toArray()
                        : Arrays.stream(given)
                                .map(axis -> node.axis(axis, rank))
                                .toArray();
    }

    private static int[] kept(Tensor y, int[] axes) {
        return IntStream.range(0, y.shape().rank())
                .filter(axis -> Arrays.stream(axes).noneMatch(a -> a == axis))
                .map(y.shape()::dim)
                .toArray();
    }
}
