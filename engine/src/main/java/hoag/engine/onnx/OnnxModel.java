package hoag.engine.onnx;

import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.kernels.FormatException;
import hoag.kernels.HoagException;
import hoag.kernels.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An ONNX file that was read: its graph becomes nodes as soon as the number of pictures is known. All numbers are float32 here, whatever the file
 * calls them. Operations: those that {@link Onnx} writes and what PyTorch exports for image classifiers; no control flow, no other domains.
 */
public final class OnnxModel {
    private static final int MOST_BYTES = Integer.MAX_VALUE - 64;

    private final Object source;
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final Map<String, OnnxValue> constants = new HashMap<>();
    private final Set<String> reals = new HashSet<>();
    private final Map<String, int[]> inputs = new LinkedHashMap<>();
    private final List<String> outputs = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private String producer = "";

    private OnnxModel(Object source, ByteBuffer bytes) {
        this.source = source;
        boolean[] graph = {false};
        new ProtoReader(source, bytes).each((model, field) -> {
            switch (field) {
                case 2 -> producer = model.text();
                case 7 -> {
                    graph[0] = true;
                    graph(model.message());
                }
                case 14 -> property(model.message());
                default -> {}
            }
        });
        if (!graph[0] || outputs.isEmpty()) {
            throw new FormatException(source + ": no ONNX file, or a damaged one: it has no graph with outputs");
        }
        constants.keySet().forEach(inputs::remove); // older files list weights among the inputs
    }

    /**
     * Reads a file.
     *
     * @throws FormatException when it is no ONNX file, or damaged, or keeps its weights elsewhere
     */
    static OnnxModel read(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() > MOST_BYTES) {
                throw new FormatException(
                        file + ": has " + channel.size() + " bytes; an ONNX file has less than 2 GiB");
            }
            return new OnnxModel(file, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
        } catch (NoSuchFileException e) {
            throw new FormatException(file + ": no such file", e);
        } catch (IOException e) {
            throw new FormatException(file + ": cannot be read" + (Files.isDirectory(file) ? ": a folder" : ""), e);
        }
    }

    private void graph(ProtoReader reader) {
        reader.each((graph, field) -> {
            switch (field) {
                case 1 -> nodes.add(new OnnxNode(source, graph.message()));
                case 5 -> {
                    OnnxTensors.Named tensor = OnnxTensors.read(source, graph.message());
                    constants.put(tensor.name(), tensor.value());
                    if (tensor.real()) {
                        reals.add(tensor.name());
                    }
                }
                case 11 -> value(graph.message(), inputs);
                case 12 -> {
                    Map<String, int[]> output = new HashMap<>();
                    value(graph.message(), output);
                    outputs.addAll(output.keySet());
                }
                default -> {}
            }
        });
    }

    private void property(ProtoReader reader) {
        String[] pair = {"", ""};
        reader.each((entry, field) -> {
            if (field == 1 || field == 2) {
                pair[field - 1] = entry.text();
            }
        });
        metadata.put(pair[0], pair[1]);
    }

    /** ValueInfoProto: name, type, tensor type, shape, dimension; a dimension without a number is -1. */
    private static void value(ProtoReader reader, Map<String, int[]> to) {
        String[] name = {""};
        List<Integer> dims = new ArrayList<>();
        reader.each((value, field) -> {
            switch (field) {
                case 1 -> name[0] = value.text();
                case 2 ->
                    nested(
                            value.message(),
                            1,
                            tensor -> nested(
                                    tensor,
                                    2,
                                    shape -> shape.each((dim, of) -> {
                                        if (of == 1) {
                                            int[] size = {-1};
                                            dim.message().each((part, which) -> {
                                                if (which == 1) {
                                                    size[0] = (int) part.whole();
                                                }
                                            });
                                            dims.add(size[0]);
                                        }
                                    })));
                default -> {}
            }
        });
        to.put(name[0], dims.stream().mapToInt(dim -> dim).toArray());
    }

    private static void nested(ProtoReader reader, int wanted, Consumer<ProtoReader> use) {
        reader.each((part, field) -> {
            if (field == wanted) {
                use.accept(part.message());
            }
        });
    }

    /** Names and sizes of what the model takes; -1 where the file leaves a size open. */
    public Map<String, int[]> inputs() {
        return Collections.unmodifiableMap(inputs);
    }

    /** Names of what the model gives, in the file's order. */
    public List<String> outputs() {
        return List.copyOf(outputs);
    }

    /** What stands beside the graph. */
    public Map<String, String> metadata() {
        return Map.copyOf(metadata);
    }

    /** The program that wrote the file; may be empty. */
    public String producer() {
        return producer;
    }

    /** The weights by their names in the file. */
    public Map<String, Variable> weights() {
        Map<String, Variable> weights = new LinkedHashMap<>();
        constants.forEach((name, value) -> {
            if (value instanceof OnnxValue.Weight(Variable variable)) {
                weights.put(name, variable);
            } else if (value instanceof OnnxValue.Known(int[] dims, double[] numbers)
                    && numbers.length == 1
                    && reals.contains(name)) {
                Variable variable = Variable.buffer(name, Shape.of(dims));
                variable.set((float) numbers[0]); // a bias of one number is a weight too
                weights.put(name, variable);
            }
        });
        return weights;
    }

    /**
     * What the model computes, as nodes; its inputs are {@link Tensor#input inputs} of the same names.
     *
     * @param batch the size of every first axis that the file leaves open
     * @throws FormatException naming the node whose operation Hoag does not have, or that does not fit its inputs
     */
    public Map<String, Tensor> nodes(int batch) {
        Map<String, OnnxValue> values = new HashMap<>(constants);
        inputs.forEach((name, dims) ->
                values.put(name, new OnnxValue.Node(Tensor.input(name, Shape.of(sized(name, dims, batch))))));
        for (OnnxNode node : nodes) {
            List<OnnxValue> inputs = node.inputNames().stream()
                    .map(name -> name.isEmpty() ? null : found(node, name, values))
                    .toList();
            List<OnnxValue> results = computed(node.with(new ArrayList<>(inputs)));
            for (int i = 0; i < Math.min(results.size(), node.outputNames().size()); i++) {
                values.put(node.outputNames().get(i), results.get(i));
            }
        }
        Map<String, Tensor> results = new LinkedHashMap<>();
        outputs.forEach(name -> {
            if (!values.containsKey(name)) {
                throw new FormatException(source + ": damaged: no node gives its output " + name);
            }
            results.put(name, values.get(name).tensor());
        });
        return results;
    }

    private int[] sized(String name, int[] dims, int batch) {
        int[] sized = dims.clone();
        if (sized.length > 0 && sized[0] <= 0) {
            sized[0] = batch;
        }
        if (Arrays.stream(sized).anyMatch(dim -> dim <= 0)) {
            throw new FormatException(source + ": its input " + name + " leaves sizes open other than the first, "
                    + Arrays.toString(dims) + "; export the model for pictures of one size");
        }
        return sized;
    }

    private OnnxValue found(OnnxNode node, String name, Map<String, OnnxValue> values) {
        OnnxValue value = values.get(name);
        if (value == null) {
            throw node.error("its input " + name + " is given by nothing before it");
        }
        return value;
    }

    private static List<OnnxValue> computed(OnnxNode node) {
        try {
            List<OnnxValue> moved = OnnxMoves.of(node);
            if (moved != null) {
                return moved;
            }
            OnnxValue value = OnnxPointwise.of(node);
            if (value != null) {
                return List.of(value);
            }
            Tensor layer = OnnxLayers.of(node);
            if (layer != null) {
                return List.of(new OnnxValue.Node(layer));
            }
        } catch (FormatException e) {
            throw e;
        } catch (HoagException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw node.error("does not fit its inputs: " + e.getMessage());
        }
        throw node.error("Hoag has no such operation");
    }
}
