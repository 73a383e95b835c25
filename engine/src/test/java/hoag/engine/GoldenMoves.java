package hoag.engine;

import hoag.kernels.Shape;
import java.util.HashMap;
import java.util.Map;

/** The cases of moved elements as nodes, by the names of their inputs. */
final class GoldenMoves {
    private GoldenMoves() {}

    static Map<String, Tensor> outputs(GoldenCase c, Map<String, Tensor> in) {
        if (!c.op().equals("split")) {
            return Map.of("y", moved(c, in, in.get("x")));
        }
        Map<String, Tensor> pieces = new HashMap<>();
        for (Tensor piece : Rearrange.split(in.get("x"), c.whole("axis"), c.wholes("sizes"))) {
            pieces.put("y" + pieces.size(), piece);
        }
        return pieces;
    }

    private static Tensor moved(GoldenCase c, Map<String, Tensor> in, Tensor x) {
        Tensor index = in.get("index");
        return switch (c.op()) {
            case "embedding" -> Indexing.embedding(in.get("weight"), index);
            case "gather" -> Indexing.gather(x, c.whole("axis"), index);
            case "scatter_add" -> Indexing.scatterAdd(x, c.whole("axis"), index, in.get("src"));
            case "index_select" -> Indexing.select(x, c.whole("axis"), index);
            case "repeat_interleave" -> Indexing.repeatEach(x, c.whole("axis"), c.whole("repeats"));
            case "slice" -> sliced(c, x);
            case "pad" -> padded(c, x);
            case "concat" -> Tensor.concat(c.whole("axis"), in.values().toArray(Tensor[]::new));
            case "stack" -> Rearrange.stack(c.whole("axis"), in.values().toArray(Tensor[]::new));
            case "transpose" -> x.permute(c.axes());
            case "reshape" -> x.reshape(c.wholes("shape"));
            case "flatten" ->
                x.reshape(x.shape().dim(0), x.shape().size() / x.shape().dim(0));
            case "expand" -> x.expand(Shape.of(c.wholes("shape")));
            case "flip" -> x.flip(c.axes()[0]).flip(c.axes()[1]);
            case "roll" ->
                Rearrange.roll(
                        Rearrange.roll(x, c.axes()[0], c.wholes("shifts")[0]), c.axes()[1], c.wholes("shifts")[1]);
            case "rot90" -> Rearrange.turn(x, c.whole("k"), c.axes()[0], c.axes()[1]);
            case "pixel_shuffle" -> Rearrange.pixelShuffle(x, c.whole("factor"));
            case "pixel_unshuffle" -> Rearrange.pixelUnshuffle(x, c.whole("factor"));
            case "unfold" -> Rearrange.unfold(x, unfolded(c));
            default -> throw new AssertionError(c.op());
        };
    }

    private static Tensor sliced(GoldenCase c, Tensor x) {
        Tensor y = x;
        for (int axis = 0; axis < c.wholes("starts").length; axis++) {
            y = Rearrange.range(y, axis, c.wholes("starts")[axis], c.wholes("ends")[axis], c.wholes("steps")[axis]);
        }
        return y;
    }

    private static Tensor padded(GoldenCase c, Tensor x) {
        int[] pads = c.wholes("pads_last_axis_first");
        Tensor y = x;
        for (int i = 0; i < pads.length / 2; i++) {
            int before = pads[2 * i];
            int after = pads[2 * i + 1];
            y = switch (c.text("mode")) {
                case "constant" -> Padding.constant(y, -1 - i, before, after, c.number("value", 0));
                case "reflect" -> Padding.reflect(y, -1 - i, before, after);
                case "replicate" -> Padding.replicate(y, -1 - i, before, after);
                case "circular" -> Padding.circular(y, -1 - i, before, after);
                default -> throw new AssertionError(c.text("mode"));
            };
        }
        return y;
    }

    private static Pools.Window unfolded(GoldenCase c) {
        int stride = c.whole("stride");
        int padding = c.whole("padding");
        return new Pools.Window(
                c.wholes("kernel"),
                new int[] {stride, stride},
                new int[] {padding, padding, padding, padding},
                new int[] {1, 1},
                false);
    }

    /** What is left of the reduce file: results with places. */
    static Map<String, Tensor> ordered(GoldenCase c, Tensor x) {
        return switch (c.op()) {
            case "cumsum" -> Map.of("y", Sorting.runningSum(x, c.whole("axis")));
            case "topk" -> both(Sorting.topK(x, c.whole("axis"), c.whole("k"), c.truth("largest")));
            case "sort" -> both(Sorting.sort(x, c.whole("axis"), c.truth("descending")));
            default -> Map.of("y", GoldenNodes.reduce(c, x));
        };
    }

    private static Map<String, Tensor> both(Sorting.Sorted sorted) {
        return Map.of("y", sorted.values(), "index", sorted.index());
    }

    /** Convolutions in both directions. The files have padding as top, bottom, left, right. */
    static Tensor convolution(GoldenCase c, Map<String, Tensor> in) {
        int[] p = c.wholes("padding");
        int[] padding = {p[0], p[2], p[1], p[3]};
        Tensor x = in.get("x");
        Tensor weight = in.get("weight");
        Tensor y = c.op().equals("conv2d")
                ? x.conv2d(weight, c.wholes("stride"), padding, c.wholes("dilation"), c.whole("groups"))
                : x.convTranspose2d(
                        weight,
                        c.wholes("stride"),
                        padding,
                        c.wholes("output_padding"),
                        c.wholes("dilation"),
                        c.whole("groups"));
        Tensor bias = in.get("bias");
        return bias == null ? y : y.add(bias.reshape(1, bias.shape().size(), 1, 1));
    }
}
