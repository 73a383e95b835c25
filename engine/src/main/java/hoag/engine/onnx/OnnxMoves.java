package hoag.engine.onnx;

import hoag.engine.Padding;
import hoag.engine.Resize;
import hoag.engine.Tensor;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What ONNX does to shapes and places. Numbers that are known stay known. */
final class OnnxMoves {
    private OnnxMoves() {}

    /** The results, or null if the node is none of these. */
    static List<OnnxValue> of(OnnxNode node) {
        OnnxValue one = switch (node.type()) {
            case "Identity", "Dropout", "Cast", "CastLike" -> cast(node);
            case "Constant" -> constant(node);
            case "ConstantOfShape" -> filled(node);
            case "Shape" -> OnnxValue.Known.of(part(node.in(0).dims(), node));
            case "Size" ->
                new OnnxValue.Known(new int[0], new double[] {product(node.in(0).dims())});
            case "Range" -> range(node);
            case "Reshape" -> reshaped(node.in(0), reshape(node));
            case "Flatten" -> reshaped(node.in(0), flat(node));
            case "Squeeze" -> reshaped(node.in(0), squeezed(node));
            case "Unsqueeze" -> reshaped(node.in(0), unsqueezed(node));
            case "Transpose" -> new OnnxValue.Node(node.x().permute(order(node)));
            case "Expand" ->
                new OnnxValue.Node(node.x().expand(Shape.broadcast(node.x().shape(), Shape.of(node.known(1)))));
            case "Tile" -> new OnnxValue.Node(tiled(node));
            case "Concat" -> concat(node);
            case "Slice" -> slice(node);
            case "Pad" -> new OnnxValue.Node(padded(node));
            case "Gather" -> gather(node);
            case "Resize", "Upsample" -> new OnnxValue.Node(resized(node));
            case "DepthToSpace" -> new OnnxValue.Node(toSpace(node));
            case "SpaceToDepth" -> new OnnxValue.Node(toDepth(node));
            default -> null;
        };
        return one != null ? List.of(one) : node.type().equals("Split") ? split(node) : null;
    }

    /** Numbers are float32 here whatever they are called; those that are known are cut where they become whole. */
    private static OnnxValue cast(OnnxNode node) {
        int to = node.whole("to", 1);
        boolean whole = node.type().equals("Cast") && to >= 2 && to <= 7 && to != 1;
        return whole && node.in(0) instanceof OnnxValue.Known(int[] dims, double[] numbers)
                ? new OnnxValue.Known(
                        dims,
                        Arrays.stream(numbers)
                                .map(v -> v < 0 ? Math.ceil(v) : Math.floor(v))
                                .toArray())
                : node.in(0);
    }

    private static OnnxValue constant(OnnxNode node) {
        if (node.value("value") != null) {
            return node.value("value");
        }
        for (String key : List.of("value_float", "value_int")) {
            if (node.has(key)) {
                return new OnnxValue.Known(new int[0], new double[] {node.real(key, 0)});
            }
        }
        return node.has("value_ints") ? OnnxValue.Known.of(node.wholes("value_ints")) : null;
    }

    private static OnnxValue filled(OnnxNode node) {
        double[] value = node.value("value") == null
                ? new double[1]
                : node.value("value").numbers();
        int[] dims = node.known(0);
        double[] numbers = new double[product(dims)];
        Arrays.fill(numbers, value[0]);
        return new OnnxValue.Known(dims, numbers);
    }

    private static int[] part(int[] dims, OnnxNode node) {
        int from = Math.clamp(positive(node.whole("start", 0), dims.length), 0, dims.length);
        int to = Math.clamp(positive(node.whole("end", dims.length), dims.length), from, dims.length);
        return Arrays.copyOfRange(dims, from, to);
    }

    private static int positive(int index, int size) {
        return index < 0 ? index + size : index;
    }

    private static OnnxValue range(OnnxNode node) {
        int from = node.known(0)[0];
        int step = node.known(2)[0];
        return OnnxValue.Known.of(
                IntStream.iterate(from, i -> step > 0 ? i < node.known(1)[0] : i > node.known(1)[0], i -> i + step)
                        .toArray());
    }

    private static int product(int[] dims) {
        return Arrays.stream(dims).reduce(1, (a, b) -> a * b);
    }

    private static OnnxValue reshaped(OnnxValue value, int[] to) {
        return value instanceof OnnxValue.Known(int[] ignored, double[] numbers)
                ? new OnnxValue.Known(to, numbers)
                : new OnnxValue.Node(value.tensor().reshape(to));
    }

    private static int[] reshape(OnnxNode node) {
        int[] from = node.in(0).dims();
        int[] to = node.wholes(1, "shape").clone();
        int open = -1;
        int known = 1;
        for (int i = 0; i < to.length; i++) {
            to[i] = to[i] == 0 && node.whole("allowzero", 0) == 0 ? from[i] : to[i];
            open = to[i] == -1 ? i : open;
            known *= to[i] == -1 ? 1 : to[i];
        }
        if (open >= 0) {
            to[open] = product(from) / Math.max(1, known);
        }
        if (product(to) != product(from)) {
            throw node.error("its input " + Arrays.toString(from) + " does not fit the shape " + Arrays.toString(to));
        }
        return to;
    }

    private static int[] flat(OnnxNode node) {
        int[] from = node.in(0).dims();
        int axis = positive(node.whole("axis", 1), from.length);
        return new int[] {product(Arrays.copyOf(from, axis)), product(Arrays.copyOfRange(from, axis, from.length))};
    }

    private static int[] squeezed(OnnxNode node) {
        int[] from = node.in(0).dims();
        int[] axes = Arrays.stream(node.wholes(1, "axes"))
                .map(axis -> node.axis(axis, from.length))
                .toArray();
        return IntStream.range(0, from.length)
                .filter(i ->
                        axes.length == 0 ? from[i] != 1 : Arrays.stream(axes).noneMatch(a -> a == i))
                .map(i -> from[i])
                .toArray();
    }

    private static int[] unsqueezed(OnnxNode node) {
        int[] from = node.in(0).dims();
        int rank = from.length + node.wholes(1, "axes").length;
        int[] axes = Arrays.stream(node.wholes(1, "axes"))
                .map(axis -> node.axis(axis, rank))
                .toArray();
        int[] to = new int[rank];
        int next = 0;
        for (int i = 0; i < rank; i++) {
            int axis = i;
            to[i] = Arrays.stream(axes).anyMatch(a -> a == axis) ? 1 : from[next++];
        }
        return to;
    }

    private static int[] order(OnnxNode node) {
        int rank = node.x().shape().rank();
        return node.wholes(
                "perm", IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
    }

    private static Tensor tiled(OnnxNode node) {
        Tensor x = node.x();
        int[] times = node.known(1);
        for (int axis = 0; axis < times.length; axis++) {
            Tensor[] parts = new Tensor[times[axis]];
            Arrays.fill(parts, x);
            x = parts.length == 1 ? x : Tensor.concat(axis, parts);
        }
        return x;
    }

    private static OnnxValue concat(OnnxNode node) {
        if (node.all().stream().allMatch(OnnxValue.Known.class::isInstance)
                && node.all().stream().allMatch(value -> value.dims().length == 1)) {
            return OnnxValue.Known.of(node.all().stream()
                    .flatMapToDouble(value -> Arrays.stream(value.numbers()))
                    .toArray());
        }
        int axis = node.axis("axis", 0, node.x().shape().rank());
        return new OnnxValue.Node(
                Tensor.concat(axis, node.all().stream().map(OnnxValue::tensor).toArray(Tensor[]::new)));
    }

    // ---- parts

    private static OnnxValue slice(OnnxNode node) {
        int[] starts = node.wholes(1, "starts");
        int[] ends = node.wholes(2, "ends");
        int[] dims = node.in(0).dims();
        int[] axes = node.wholes(3, "axes", IntStream.range(0, starts.length).toArray());
        int[] steps = node.given(4)
                ? node.known(4)
                : IntStream.generate(() -> 1).limit(starts.length).toArray();
        OnnxValue value = node.in(0);
        for (int i = 0; i < starts.length; i++) {
            int axis = node.axis(axes[i], dims.length);
            int size = dims[axis];
            int step = steps[i];
            int from =
                    bounded(starts[i], size, step > 0 ? 0 : -1, step > 0 ? size : size - 1, step < 0 ? size - 1 : size);
            int to = step < 0 && ends[i] < -size ? -1 : bounded(ends[i], size, step > 0 ? 0 : -1, size, size);
            int count = Math.max(0, Math.ceilDiv(to - from, step));
            value = sliced(value, axis, from, step, count);
        }
        return value;
    }

    private static int bounded(int index, int size, int low, int high, int top) {
        return Math.clamp(index < 0 ? (long) index + size : index, low, Math.min(high, top));
    }

    private static OnnxValue sliced(OnnxValue value, int axis, int from, int step, int count) {
        return value instanceof OnnxValue.Known(int[] dims, double[] numbers) && dims.length == 1
                ? OnnxValue.Known.of(IntStream.range(0, count)
                        .mapToDouble(i -> numbers[from + i * step])
                        .toArray())
                : new OnnxValue.Node(value.tensor().slice(axis, from, step, count));
    }

    private static List<OnnxValue> split(OnnxNode node) {
        Tensor x = node.x();
        int axis = node.axis("axis", 0, x.shape().rank());
        int parts = node.whole("num_outputs", node.outputNames().size());
        int[] sizes = node.wholes(1, "split");
        List<OnnxValue> all = new ArrayList<>();
        int size = x.shape().dim(axis);
        for (int i = 0, from = 0; i < parts; i++) {
            int own = sizes.length > 0 ? sizes[i] : Math.min(Math.ceilDiv(size, parts), size - from);
            all.add(new OnnxValue.Node(x.slice(axis, from, own)));
            from += own;
        }
        return all;
    }

    private static Tensor padded(OnnxNode node) {
        Tensor x = node.x();
        int[] pads = node.wholes(1, "pads");
        double value = node.real(2, "value", 0);
        int rank = x.shape().rank();
        int[] axes = node.given(3) ? node.known(3) : IntStream.range(0, rank).toArray();
        for (int i = 0; i < axes.length; i++) {
            int axis = node.axis(axes[i], rank);
            int before = pads[i];
            int after = pads[i + axes.length];
            if (before != 0 || after != 0) {
                x = switch (node.text("mode", "constant")) {
                    case "constant" -> Padding.constant(x, axis, before, after, value);
                    case "reflect" -> Padding.reflect(x, axis, before, after);
                    case "edge" -> Padding.replicate(x, axis, before, after);
                    case "wrap" -> Padding.circular(x, axis, before, after);
                    default -> throw node.error("padding " + node.text("mode", "") + " is unknown");
                };
            }
        }
        return x;
    }

    /** By known indices parts behind each other; by others rows of a table. */
    private static OnnxValue gather(OnnxNode node) {
        int[] dims = node.in(0).dims();
        int axis = node.axis("axis", 0, dims.length);
        double[] indices = node.in(1).numbers();
        if (node.in(0) instanceof OnnxValue.Known(int[] ignored, double[] numbers)
                && dims.length == 1
                && indices != null) {
            return new OnnxValue.Known(
                    node.in(1).dims(),
                    Arrays.stream(indices)
                            .map(i -> numbers[positive((int) i, numbers.length)])
                            .toArray());
        }
        if (indices == null) {
            return new OnnxValue.Node(rows(node, axis, dims));
        }
        Tensor[] parts = Arrays.stream(indices)
                .mapToObj(i -> node.x().slice(axis, positive((int) i, dims[axis]), 1))
                .toArray(Tensor[]::new);
        Tensor all = parts.length == 1 ? parts[0] : Tensor.concat(axis, parts);
        int[] own = node.in(1).dims();
        return new OnnxValue.Node(all.reshape(IntStream.concat(
                        IntStream.concat(Arrays.stream(dims, 0, axis), Arrays.stream(own)),
                        Arrays.stream(dims, axis + 1, dims.length))
                .toArray()));
    }

    private static Tensor rows(OnnxNode node, int axis, int[] dims) {
        if (axis != 0 || dims.length != 2) {
            throw node.error("indices that are computed can choose rows of a table alone");
        }
        Tensor indices = node.tensor(1);
        Tensor rows = node.x().gather(indices.reshape(indices.shape().size()));
        return rows.reshape(IntStream.concat(Arrays.stream(indices.shape().toArray()), IntStream.of(dims[1]))
                .toArray());
    }

    // ---- pictures

    private static Tensor resized(OnnxNode node) {
        Tensor x = node.x();
        int[] to = sizes(node, x.shape().toArray());
        String place = node.text("coordinate_transformation_mode", "half_pixel");
        boolean corners = place.equals("align_corners");
        boolean nearest = node.text("mode", "nearest").equals("nearest");
        boolean known = nearest
                ? place.equals("asymmetric")
                        && node.text("nearest_mode", "round_prefer_floor").equals("floor")
                : corners || place.equals("half_pixel") || place.equals("pytorch_half_pixel");
        Resize.Mode mode = switch (node.text("mode", "nearest")) {
            case "nearest" -> Resize.Mode.NEAREST;
            case "linear" -> Resize.Mode.BILINEAR;
            case "cubic" -> Resize.Mode.BICUBIC;
            default -> throw node.error("mode " + node.text("mode", "") + " is unknown");
        };
        if (!known) {
            throw node.error(
                    "%s with coordinates %s, %s is not supported; Hoag has nearest (asymmetric, floor), linear and"
                                    .formatted(
                                            node.text("mode", "nearest"),
                                            place,
                                            node.text("nearest_mode", "round_prefer_floor"))
                            + " cubic (half_pixel or align_corners)");
        }
        return new Resize(mode, corners, node.whole("antialias", 0) == 1).apply(x, to[2], to[3]);
    }

    private static int[] sizes(OnnxNode node, int[] from) {
        if (from.length != 4) {
            throw node.error("its input has " + from.length + " axes; Hoag resizes (n, c, h, w)");
        }
        if (node.given(3)) {
            return node.known(3);
        }
        double[] scales = node.in(node.type().equals("Upsample") ? 1 : 2).numbers();
        if (scales == null || scales.length != 4) {
            throw node.error("its scales must be four constants");
        }
        return IntStream.range(0, 4)
                .map(i -> (int) Math.floor(from[i] * scales[i]))
                .toArray();
    }

    private static Tensor toSpace(OnnxNode node) {
        int[] s = node.x().shape().toArray();
        int b = node.whole("blocksize", 1);
        boolean columns = node.text("mode", "DCR").equals("CRD");
        Tensor split = columns
                ? node.x().reshape(s[0], s[1] / b / b, b, b, s[2], s[3]).permute(0, 1, 4, 2, 5, 3)
                : node.x().reshape(s[0], b, b, s[1] / b / b, s[2], s[3]).permute(0, 3, 4, 1, 5, 2);
        return split.reshape(s[0], s[1] / b / b, s[2] * b, s[3] * b);
    }

    private static Tensor toDepth(OnnxNode node) {
        int[] s = node.x().shape().toArray();
        int b = node.whole("blocksize", 1);
        return node.x()
                .reshape(s[0], s[1], s[2] / b, b, s[3] / b, b)
                .permute(0, 3, 5, 1, 2, 4)
                .reshape(s[0], s[1] * b * b, s[2] / b, s[3] / b);
    }
}
