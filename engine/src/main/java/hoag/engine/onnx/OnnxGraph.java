package hoag.engine.onnx;

import hoag.kernels.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** An ONNX graph under construction: nodes in order, constants by what they hold, inputs and outputs. Field numbers are those of onnx.proto. */
final class OnnxGraph {
    /** TensorProto.DataType. */
    static final int FLOAT = 1;

    static final int UINT8 = 2;
    static final int INT64 = 7;
    static final int BOOL = 9;

    private static final int OPSET = 18;
    private static final int IR = 8;

    private final Proto graph = new Proto();
    private final Map<Object, String> constants = new HashMap<>();
    private final Map<String, Integer> used = new HashMap<>();
    private String batch;

    /** Attributes of a node. */
    static final class Attributes {
        private final Map<String, Proto> all = new LinkedHashMap<>();

        Attributes whole(String name, long value) {
            all.put(name, new Proto().text(1, name).whole(3, value).whole(20, 2));
            return this;
        }

        Attributes wholes(String name, int... values) {
            Proto proto = new Proto().text(1, name);
            Arrays.stream(values).forEach(value -> proto.whole(8, value));
            all.put(name, proto.whole(20, 7));
            return this;
        }
    }

    /** A node of one output, whose name is returned. */
    String node(String type, String... inputs) {
        return node(type, new Attributes(), inputs);
    }

    String node(String type, Attributes attributes, String... inputs) {
        String name = type + "_" + used.merge(type, 1, Integer::sum);
        Proto node = new Proto();
        for (String input : inputs) {
            node.text(1, input);
        }
        node.text(2, name).text(3, name).text(4, type);
        attributes.all.values().forEach(attribute -> node.message(5, attribute));
        graph.message(1, node);
        return name;
    }

    /** A number without axes. */
    String number(double value) {
        return constants.computeIfAbsent(
                (float) value, key -> constant(fresh("number"), Shape.SCALAR, new float[] {(float) value}));
    }

    /** A list of whole numbers: axes, shapes. */
    String wholes(int... values) {
        return constants.computeIfAbsent(Arrays.toString(values), key -> {
            ByteBuffer raw = buffer((long) values.length * Long.BYTES);
            Arrays.stream(values).forEach(value -> raw.putLong(value));
            return initializer(fresh("wholes"), new int[] {values.length}, INT64, raw);
        });
    }

    String constant(String name, Shape shape, float[] values) {
        ByteBuffer raw = buffer((long) values.length * Float.BYTES);
        raw.asFloatBuffer().put(values);
        return initializer(name, shape.toArray(), FLOAT, raw);
    }

    private static ByteBuffer buffer(long bytes) {
        return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private String initializer(String name, int[] dims, int type, ByteBuffer raw) {
        Proto tensor = new Proto();
        Arrays.stream(dims).forEach(dim -> tensor.whole(1, dim));
        graph.message(5, tensor.whole(2, type).text(8, name).bytes(9, raw.array()));
        return name;
    }

    String fresh(String stem) {
        return stem + "_" + used.merge(stem, 1, Integer::sum);
    }

    String input(String name, Shape shape, int type) {
        graph.message(11, value(name, shape, type));
        batch = batch == null && isOpen(shape) ? name : batch;
        return name;
    }

    /** Whether a size depends on the number of pictures, which is left open. */
    static boolean isOpen(Shape shape) {
        return Arrays.stream(shape.toArray()).anyMatch(OnnxGraph::isOpen);
    }

    private static boolean isOpen(int dim) {
        return dim > 0 && dim % Onnx.ANY == 0;
    }

    /** The sizes to reshape to; what depends on the number of pictures is what is left over. */
    String reshaped(Shape to) {
        return wholes(
                Arrays.stream(to.toArray()).map(dim -> isOpen(dim) ? -1 : dim).toArray());
    }

    /** The sizes to expand to: where the number of pictures is there already it stays, else it is taken from the input. */
    String expanded(Shape from, Shape to) {
        int[] dims = to.toArray();
        int[] before = from.padded(to.rank()).toArray();
        int missing = -1;
        for (int axis = 0; axis < dims.length; axis++) {
            missing = isOpen(dims[axis]) && !isOpen(before[axis]) ? axis : missing;
        }
        if (missing < 0) {
            return wholes(Arrays.stream(dims).map(dim -> isOpen(dim) ? 1 : dim).toArray());
        }
        String count = node("Slice", node("Shape", batch), wholes(0), wholes(1));
        String all = dims[missing] == Onnx.ANY ? count : node("Mul", count, wholes(dims[missing] / Onnx.ANY));
        return node(
                "Concat",
                new Attributes().whole("axis", 0),
                Stream.of(Arrays.copyOf(dims, missing), null, Arrays.copyOfRange(dims, missing + 1, dims.length))
                        .map(part -> part == null ? all : part.length == 0 ? "" : wholes(part))
                        .filter(name -> !name.isEmpty())
                        .toArray(String[]::new));
    }

    /** Gives what a node computes its public name. */
    void output(String name, String from, Shape shape) {
        graph.message(1, new Proto().text(1, from).text(2, name).text(3, name).text(4, "Identity"));
        graph.message(12, value(name, shape, FLOAT));
    }

    private static Proto value(String name, Shape shape, int type) {
        Proto dims = new Proto();
        Arrays.stream(shape.toArray())
                .forEach(dim ->
                        dims.message(1, dim == Onnx.ANY ? new Proto().text(2, "batch") : new Proto().whole(1, dim)));
        Proto tensor = new Proto().whole(1, type).message(2, dims);
        return new Proto().text(1, name).message(2, new Proto().message(1, tensor));
    }

    /** The whole file. */
    Proto model(String name, Map<String, String> metadata) {
        graph.text(2, name);
        Proto model = new Proto().whole(1, IR).text(2, "hoag").message(7, graph);
        model.message(8, new Proto().text(1, "").whole(2, OPSET));
        metadata.forEach(
                (key, value) -> model.message(14, new Proto().text(1, key).text(2, value)));
        return model;
    }

    /** A cast. */
    String cast(String x, int type) {
        return node("Cast", new Attributes().whole("to", type), x);
    }
}
