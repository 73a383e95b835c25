package hoag.engine.files;

import hoag.engine.onnx.Onnx;
import hoag.kernels.DataException;
import hoag.kernels.FormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tensors by name from a file of any kind: safetensors, PyTorch's ({@code .pt}, {@code .pth}, {@code .bin}, {@code .ckpt}), NumPy's. The kind is
 * told by what stands in the file, not by its name. A folder of {@code model.safetensors} (or {@code pytorch_model.bin}) and {@code config.json}, as
 * Hugging Face's hub keeps them, is opened like a file.
 *
 * <pre>{@code
 * try (var weights = Weights.open(path)) {
 *     var encoder = weights.model().under("encoder.");         // a checkpoint's state_dict.encoder.conv_stem.weight
 *     float[] stem = encoder.get("conv_stem.weight").floats();
 * }
 * }</pre>
 */
public final class Weights implements AutoCloseable {
    /** Where training programs keep the model among other things, in the order in which they are looked for. */
    private static final List<String> MODELS = List.of(
            "state_dict",
            "model_state_dict",
            "state_dict_ema",
            "model",
            "model_ema",
            "ema_state_dict",
            "teacher",
            "net",
            "network");

    private static final Runnable NOTHING = () -> {};

    /** Kinds of files. */
    public enum Kind {
        /** Tensors behind a header of JSON. */
        SAFETENSORS("safetensors"),
        /** A zip with a pickle. */
        TORCH("PyTorch"),
        /** Pickles behind one another. */
        TORCH_OLD("PyTorch before 1.6"),
        /** A PyTorch file with the state of a training. */
        LIGHTNING("Lightning checkpoint"),
        /** One array. */
        NPY("NumPy array"),
        /** A zip of arrays. */
        NPZ("NumPy arrays"),
        /** A graph with its weights, by the ending {@code .onnx}. */
        ONNX("ONNX");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** For people: {@code Lightning checkpoint}. */
        public String title() {
            return title;
        }
    }

    private final Path path;
    private final Kind kind;
    private final String prefix;
    private final Map<String, TensorData> tensors;
    private final Map<String, String> metadata;
    private final JsonNode values;
    private final Runnable close;

    private Weights(
            Path path,
            Kind kind,
            String prefix,
            Map<String, TensorData> tensors,
            Map<String, String> metadata,
            JsonNode values,
            Runnable close) {
        this.path = path;
        this.kind = kind;
        this.prefix = prefix;
        this.tensors = Collections.unmodifiableMap(tensors);
        this.metadata = metadata;
        this.values = values;
        this.close = close;
    }

    /**
     * Opens a file or folder and checks it.
     *
     * @throws DataException when the file is missing or cannot be read
     * @throws FormatException when it is of no known kind, or broken
     */
    public static Weights open(Path path) {
        return Files.isDirectory(path) ? openFolder(path) : openFile(path);
    }

    private static Weights openFolder(Path folder) {
        var config = WeightFolder.config(folder);
        var metadata = WeightFolder.metadata(config);
        Path path = WeightFolder.weights(folder);
        var file = openFile(path);
        metadata.putAll(file.metadata);
        var values = file.kind == Kind.SAFETENSORS ? config : file.values;
        return new Weights(path, file.kind, "", file.tensors, Map.copyOf(metadata), values, file.close);
    }

    private static Weights openFile(Path path) {
        return switch (WeightKinds.of(path)) {
            case SAFETENSORS -> of(path, Safetensors.open(path));
            case TORCH -> of(path, Kind.TORCH, TorchFile.open(path));
            case TORCH_OLD -> of(path, Kind.TORCH_OLD, TorchFile.open(path));
            case LIGHTNING -> of(path, Kind.LIGHTNING, TorchFile.open(path));
            case NPY -> of(path, Kind.NPY, Map.of("array", Npy.read(path).named("array")));
            case NPZ -> of(path, Kind.NPZ, Npy.readAll(path));
            case ONNX -> onnx(path);
        };
    }

    private static Weights onnx(Path path) {
        var model = Onnx.read(path);
        var arrays = new LinkedHashMap<String, TensorData>();
        model.weights()
                .forEach(
                        (name, variable) -> arrays.put(name, TensorData.of(name, variable.shape(), variable.values())));
        return new Weights(path, Kind.ONNX, "", arrays, Map.copyOf(model.metadata()), none(path), NOTHING);
    }

    private static Weights of(Path path, Safetensors file) {
        return new Weights(
                path, Kind.SAFETENSORS, "", byName(file.tensors()), file.metadata(), none(path), file::close);
    }

    private static Weights of(Path path, Kind kind, TorchFile file) {
        boolean lightning =
                file.values().value() instanceof Map<?, ?> map && map.containsKey("pytorch-lightning_version");
        return new Weights(
                path,
                lightning ? Kind.LIGHTNING : kind,
                "",
                byName(file.tensors()),
                Map.of(),
                file.values(),
                file::close);
    }

    private static Weights of(Path path, Kind kind, Map<String, TensorData> arrays) {
        return new Weights(path, kind, "", arrays, Map.of(), none(path), NOTHING);
    }

    private static JsonNode none(Path path) {
        return new JsonNode(path.toString(), "", Map.of());
    }

    private static Map<String, TensorData> byName(Collection<TensorData> tensors) {
        var map = new LinkedHashMap<String, TensorData>();
        tensors.forEach(tensor -> map.put(tensor.name(), tensor));
        return map;
    }

    /**
     * Writes a folder of {@code model.safetensors} and {@code config.json}.
     *
     * @param metadata with {@code architecture}, {@code mean} and {@code std} where they are known
     * @throws DataException when it cannot be written
     */
    public static void writeFolder(Path folder, Collection<TensorData> tensors, Map<String, String> metadata) {
        WeightFolder.write(folder, tensors, metadata);
    }

    /** What kind of file it is. */
    public Kind kind() {
        return kind;
    }

    /** The file; of a folder that with the weights. */
    public Path path() {
        return path;
    }

    /** What was cut from the names: {@code state_dict.encoder.}; empty for a whole file. */
    public String prefix() {
        return prefix;
    }

    /**
     * The model's weights alone, named as the model names them. A checkpoint that keeps them under {@code state_dict}, {@code model}, {@code
     * model_ema}, {@code teacher} or the like, beside an optimizer's state and settings, gives that part; any other file is given whole.
     */
    public Weights model() {
        if (!prefix.isEmpty() || !(values.value() instanceof Map<?, ?> top)) return this;
        for (String key : MODELS) if (top.get(key) instanceof Map && hasAny(key + ".")) return under(key + ".");
        return this;
    }

    private boolean hasAny(String start) {
        return tensors.keySet().stream().anyMatch(name -> name.startsWith(start));
    }

    /**
     * The tensors whose names begin so, without that beginning. It reads from the same file and ends with it.
     *
     * @throws FormatException when there are none
     */
    public Weights under(String start) {
        if (start.isEmpty()) return this;
        if (!hasAny(start))
            throw new FormatException("%s: no tensor's name begins with '%s'; they begin with %s"
                    .formatted(path, prefix + start, beginnings()));
        var inner = new LinkedHashMap<String, TensorData>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(start)) {
                String rest = name.substring(start.length());
                inner.put(rest, tensor.named(rest));
            }
        });
        return new Weights(path, kind, prefix + start, inner, metadata, values, NOTHING);
    }

    private String beginnings() {
        List<String> all = tensors.keySet().stream()
                .map(name -> JsonPrinter.plain(name.contains(".") ? name.substring(0, name.indexOf('.') + 1) : name))
                .distinct()
                .limit(6)
                .toList();
        return all.isEmpty() ? "nothing: it holds no tensors" : String.join(", ", all);
    }

    /** The tensors' names, in the order of the file. */
    public Set<String> names() {
        return tensors.keySet();
    }

    /** All tensors, in the order of the file. */
    public Collection<TensorData> tensors() {
        return tensors.values();
    }

    /**
     * A tensor; its {@link TensorData#data} can be had until the file is closed.
     *
     * @throws FormatException when there is none of that name
     */
    public TensorData get(String name) {
        return find(name)
                .orElseThrow(() -> new FormatException("%s: no tensor '%s' among its %d"
                        .formatted(path, JsonPrinter.plain(prefix + name), tensors.size())));
    }

    /** A tensor, if there is one of that name. */
    public Optional<TensorData> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /** What a safetensors file says about itself, and of a folder its architecture, mean and std; empty for other kinds. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** What a PyTorch file holds besides tensors, see {@link TorchFile#values}, or a folder's configuration; an empty object for other kinds. */
    public JsonNode values() {
        return values;
    }

    @Override
    public void close() {
        close.run();
    }
}
