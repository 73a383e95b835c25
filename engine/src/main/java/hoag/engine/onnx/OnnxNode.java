package hoag.engine.onnx;

import hoag.engine.Tensor;
import hoag.kernels.FormatException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A node of a file that is read: its type, its attributes, and, once they are known, its inputs. */
final class OnnxNode {
    private final Object source;
    private final List<String> inputNames = new ArrayList<>();
    private final List<String> outputNames = new ArrayList<>();
    private final Map<String, Object> attributes = new HashMap<>();
    private String name = "";
    private String type = "";
    private String domain = "";
    private List<OnnxValue> inputs = List.of();

    OnnxNode(Object source, ProtoReader reader) {
        this.source = source;
        reader.each((node, field) -> {
            switch (field) {
                case 1 -> inputNames.add(node.text());
                case 2 -> outputNames.add(node.text());
                case 3 -> name = node.text();
                case 4 -> type = node.text();
                case 5 -> attribute(node.message());
                case 7 -> domain = node.text();
                default -> {}
            }
        });
    }

    private void attribute(ProtoReader reader) {
        String[] key = {""};
        List<Double> numbers = new ArrayList<>();
        Object[] other = new Object[1];
        reader.each((attribute, field) -> {
            switch (field) {
                case 1 -> key[0] = attribute.text();
                case 2 -> numbers.add((double) attribute.real());
                case 3 -> numbers.add((double) attribute.whole());
                case 4 -> other[0] = attribute.text();
                case 5 ->
                    other[0] = OnnxTensors.read(source, attribute.message()).value();
                case 7 -> repeated(attribute, true, numbers);
                case 8 -> repeated(attribute, false, numbers);
                default -> {}
            }
        });
        attributes.put(
                key[0],
                other[0] != null
                        ? other[0]
                        : numbers.stream().mapToDouble(number -> number).toArray());
    }

    private void repeated(ProtoReader reader, boolean real, List<Double> numbers) {
        if (reader.isPacked()) {
            ByteBuffer packed = reader.part();
            var inner = new ProtoReader(source, packed);
            while (inner.hasMore()) {
                numbers.add(real ? (double) inner.real() : (double) inner.whole());
            }
        } else {
            numbers.add(real ? (double) reader.real() : (double) reader.whole());
        }
    }

    String type() {
        return domain.isEmpty() || domain.equals("ai.onnx") ? type : domain + "." + type;
    }

    List<String> inputNames() {
        return inputNames;
    }

    List<String> outputNames() {
        return outputNames;
    }

    OnnxNode with(List<OnnxValue> values) {
        inputs = values;
        return this;
    }

    // ---- attributes

    boolean has(String key) {
        return attributes.containsKey(key);
    }

    int whole(String key, int otherwise) {
        return attributes.get(key) instanceof double[] n && n.length > 0 ? (int) n[0] : otherwise;
    }

    double real(String key, double otherwise) {
        return attributes.get(key) instanceof double[] n && n.length > 0 ? n[0] : otherwise;
    }

    int[] wholes(String key, int... otherwise) {
        return attributes.get(key) instanceof double[] n
                ? Arrays.stream(n).mapToInt(v -> (int) v).toArray()
                : otherwise;
    }

    String text(String key, String otherwise) {
        return attributes.get(key) instanceof String text ? text : otherwise;
    }

    OnnxValue value(String key) {
        return attributes.get(key) instanceof OnnxValue value ? value : null;
    }

    // ---- inputs

    int count() {
        return inputs.size();
    }

    boolean given(int i) {
        return i < inputs.size() && inputs.get(i) != null;
    }

    OnnxValue in(int i) {
        if (!given(i)) {
            throw error("input " + i + " is missing");
        }
        return inputs.get(i);
    }

    List<OnnxValue> all() {
        return inputs;
    }

    Tensor x() {
        return in(0).tensor();
    }

    Tensor tensor(int i) {
        return in(i).tensor();
    }

    /** Whole numbers that must be known before the program runs. */
    int[] known(int i) {
        double[] numbers = in(i).numbers();
        if (numbers == null) {
            throw error("its input " + inputNames.get(i) + " must be a constant here");
        }
        return Arrays.stream(numbers)
                .mapToInt(v -> (int) Math.clamp(v, -Integer.MAX_VALUE, Integer.MAX_VALUE))
                .toArray();
    }

    /** From an input of newer files or an attribute of older ones. */
    int[] wholes(int input, String key, int... otherwise) {
        return given(input) ? known(input) : wholes(key, otherwise);
    }

    double real(int input, String key, double otherwise) {
        if (!given(input)) {
            return real(key, otherwise);
        }
        double[] numbers = in(input).numbers();
        if (numbers == null || numbers.length != 1) {
            throw error("its input " + inputNames.get(input) + " must be one constant number here");
        }
        return numbers[0];
    }

    int axis(String key, int otherwise, int rank) {
        return axis(whole(key, otherwise), rank);
    }

    int axis(int axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw error("axis " + axis + " of a tensor of " + rank + " axes");
        }
        return axis < 0 ? axis + rank : axis;
    }

    /** One line that names the node. */
    FormatException error(String what) {
        return new FormatException("%s: node %s of type %s: %s"
                .formatted(source, name.isEmpty() ? String.join(", ", outputNames) : name, type(), what));
    }
}
