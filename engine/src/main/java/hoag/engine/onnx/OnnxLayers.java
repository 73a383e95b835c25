package hoag.engine.onnx;

import hoag.engine.Norms;
import hoag.engine.Pools;
import hoag.engine.Tensor;
import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;

/** What ONNX's layers are here: products, convolutions, pools, norms, folds. */
final class OnnxLayers {
    private OnnxLayers() {}

    /** The result, or null if the node is none of these. */
    static Tensor of(OnnxNode node) {
        return switch (node.type()) {
            case "MatMul" -> product(node);
            case "Gemm" -> gemm(node);
            case "Conv" -> convolved(node);
            case "ConvTranspose" -> transposed(node);
            case "MaxPool" -> Pools.max(node.x(), window(node, node.wholes("kernel_shape")));
            case "AveragePool" ->
                Pools.average(
                        node.x(), window(node, node.wholes("kernel_shape")), node.whole("count_include_pad", 0) == 1);
            case "GlobalAveragePool" -> node.x().mean(inner(node.x(), 2));
            case "GlobalMaxPool" -> node.x().max(inner(node.x(), 2));
            case "BatchNormalization" -> batchNorm(node);
            case "LayerNormalization" -> layerNorm(node);
            case "InstanceNormalization" ->
                Norms.group(
                        node.x(),
                        node.tensor(1),
                        node.tensor(2),
                        node.x().shape().dim(1),
                        node.real("epsilon", 1e-5));
            case "GroupNormalization" ->
                Norms.group(
                        node.x(),
                        node.tensor(1),
                        node.tensor(2),
                        node.whole("num_groups", 1),
                        node.real("epsilon", 1e-5));
            case "Softmax" ->
                node.x().softmax(node.axis("axis", -1, node.x().shape().rank()));
            case "LogSoftmax" ->
                node.x().logSoftmax(node.axis("axis", -1, node.x().shape().rank()));
            default -> node.type().startsWith("Reduce") || node.type().startsWith("Arg") ? OnnxFolds.of(node) : null;
        };
    }

    /** A vector is a row on the left, a column on the right. */
    private static Tensor product(OnnxNode node) {
        Tensor a = node.x();
        Tensor b = node.tensor(1);
        if (a.shape().rank() == 1) {
            Tensor y = a.reshape(1, a.shape().size()).matmul(b);
            return y.reshape(without(y.shape(), y.shape().rank() - 2));
        }
        if (b.shape().rank() == 1) {
            Tensor y = a.matmul(b.reshape(b.shape().size(), 1));
            return y.reshape(without(y.shape(), y.shape().rank() - 1));
        }
        return a.matmul(b);
    }

    static Shape without(Shape shape, int axis) {
        int[] dims = shape.toArray();
        return Shape.of(IntStream.range(0, dims.length)
                .filter(i -> i != axis)
                .map(i -> dims[i])
                .toArray());
    }

    private static Tensor gemm(OnnxNode node) {
        Tensor a = node.whole("transA", 0) == 1 ? node.x().permute(1, 0) : node.x();
        Tensor y = node.whole("transB", 0) == 1 ? a.linear(node.tensor(1)) : a.matmul(node.tensor(1));
        double alpha = node.real("alpha", 1);
        double beta = node.real("beta", 1);
        Tensor scaled = alpha == 1 ? y : y.mul(alpha);
        return !node.given(2)
                ? scaled
                : scaled.add(beta == 1 ? node.tensor(2) : node.tensor(2).mul(beta));
    }

    // ---- windows

    private static int[] pair(OnnxNode node, String key) {
        int[] two = node.wholes(key, 1, 1);
        if (two.length != 2) {
            throw node.error(key + " has " + two.length + " numbers; Hoag has windows over two axes");
        }
        return two;
    }

    /** Top, left, bottom, right. */
    private static int[] pads(OnnxNode node, int[] kernel, Shape x) {
        String automatic = node.text("auto_pad", "NOTSET");
        int[] stride = pair(node, "strides");
        int[] dilation = pair(node, "dilations");
        return switch (automatic) {
            case "NOTSET" -> node.wholes("pads", 0, 0, 0, 0);
            case "VALID" -> new int[4];
            case "SAME_UPPER", "SAME_LOWER" -> {
                int[] pads = new int[4];
                for (int axis = 0; axis < 2; axis++) {
                    int size = x.dim(2 + axis);
                    int all = Math.max(
                            0,
                            (Math.ceilDiv(size, stride[axis]) - 1) * stride[axis]
                                    + (kernel[axis] - 1) * dilation[axis]
                                    + 1
                                    - size);
                    pads[axis] = automatic.equals("SAME_UPPER") ? all / 2 : all - all / 2;
                    pads[axis + 2] = all - pads[axis];
                }
                yield pads;
            }
            default -> throw node.error("auto_pad " + automatic + " is unknown");
        };
    }

    private static Pools.Window window(OnnxNode node, int[] kernel) {
        if (kernel == null || kernel.length != 2) {
            throw node.error("its kernel_shape is not of two axes");
        }
        return new Pools.Window(
                kernel,
                pair(node, "strides"),
                pads(node, kernel, node.x().shape()),
                pair(node, "dilations"),
                node.whole("ceil_mode", 0) == 1);
    }

    private static Tensor convolved(OnnxNode node) {
        Shape filter = node.tensor(1).shape();
        if (filter.rank() != 4) {
            throw node.error("its filter " + filter + " is not of two axes; Hoag has convolutions over two");
        }
        int[] kernel = {filter.dim(2), filter.dim(3)};
        Tensor y = node.x()
                .conv2d(
                        node.tensor(1),
                        pair(node, "strides"),
                        pads(node, kernel, node.x().shape()),
                        pair(node, "dilations"),
                        node.whole("group", 1));
        return biased(node, y);
    }

    private static Tensor transposed(OnnxNode node) {
        if (!node.text("auto_pad", "NOTSET").equals("NOTSET") || node.has("output_shape")) {
            throw node.error("auto_pad and output_shape are not supported; give pads");
        }
        Tensor y = node.x()
                .convTranspose2d(
                        node.tensor(1),
                        pair(node, "strides"),
                        node.wholes("pads", 0, 0, 0, 0),
                        node.wholes("output_padding", 0, 0),
                        pair(node, "dilations"),
                        node.whole("group", 1));
        return biased(node, y);
    }

    private static Tensor biased(OnnxNode node, Tensor y) {
        return node.given(2) ? y.add(node.tensor(2).reshape(1, y.shape().dim(1), 1, 1)) : y;
    }

    // ---- norms

    /** Only as trained: with running statistics. */
    private static Tensor batchNorm(OnnxNode node) {
        if (node.whole("training_mode", 0) == 1) {
            throw node.error("it takes statistics of the batch; export the model for prediction");
        }
        int[] dims = new int[node.x().shape().rank()];
        Arrays.fill(dims, 1);
        dims[1] = -1;
        Tensor[] parts = new Tensor[4];
        for (int i = 0; i < 4; i++) {
            int[] shape = dims.clone();
            shape[1] = node.tensor(i + 1).shape().size();
            parts[i] = node.tensor(i + 1).reshape(shape);
        }
        return hoag.engine.BatchNorm.of(node.x(), parts[2], parts[3], parts[0], parts[1], node.real("epsilon", 1e-5));
    }

    private static Tensor layerNorm(OnnxNode node) {
        Tensor x = node.x();
        int axis = node.axis("axis", -1, x.shape().rank());
        int[] over = inner(x, axis);
        Tensor off = x.sub(x.mean(over));
        Tensor y = off.div(
                        off.square().mean(over).add(node.real("epsilon", 1e-5)).sqrt())
                .mul(node.tensor(1));
        return node.given(2) ? y.add(node.tensor(2)) : y;
    }

    static int[] inner(Tensor x, int from) {
        return IntStream.range(from, x.shape().rank()).toArray();
    }
}
