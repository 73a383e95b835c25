package hoag.galaxy.learn;

import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.files.DType;
import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.engine.files.Weights;
import hoag.engine.nn.Init;
import hoag.engine.nn.Loading;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.onnx.Onnx;
import hoag.engine.onnx.OnnxModel;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.Backbones;
import hoag.galaxy.models.Guess;
import hoag.kernels.FormatException;
import hoag.kernels.HoagException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A model with all that it needs to be used rightly: weights, what it answers, and how pictures must be prepared for it. One safetensors file
 * holds it; the description stands there as JSON under the key {@code hoag}.
 *
 * @param architecture timm's name of the backbone
 * @param about provenance: settings, data fingerprint, scores, licence; carried along, not interpreted
 */
public record GalaxyModel(
        String architecture, GalaxyNet net, List<Task> tasks, Preprocess preprocess, Map<String, Object> about) {
    private static final String ANOTHER = "name the right --architecture";
    private static final int FORMAT = 1;

    /** Copies the list of tasks. */
    public GalaxyModel {
        tasks = List.copyOf(tasks);
    }

    /**
     * A model with fresh weights.
     *
     * @param dropout rate before the last layer
     * @param dropPath rate of stochastic depth
     */
    public static GalaxyModel create(
            String architecture, List<Task> tasks, Preprocess preprocess, double dropout, double dropPath, long seed) {
        return create(architecture, tasks, preprocess, dropout, dropPath, new Init(seed), new Init(seed + 1));
    }

    /** A model of zeros, for weights that a file holds. */
    static GalaxyModel of(String architecture, List<Task> tasks, Preprocess preprocess, double dropout) {
        return create(architecture, tasks, preprocess, dropout, 0, Init.zeros(), Init.zeros());
    }

    private static GalaxyModel create(
            String architecture,
            List<Task> tasks,
            Preprocess preprocess,
            double dropout,
            double dropPath,
            Init encoder,
            Init last) {
        Backbone backbone = Backbones.create(architecture, encoder, preprocess.channels(), 0, dropPath, 0);
        Head head = Head.of(last, backbone.features(), tasks, dropout);
        return new GalaxyModel(architecture, new GalaxyNet(backbone, head), tasks, preprocess, new LinkedHashMap<>());
    }

    /** Outputs of the head. */
    public int width() {
        return Task.offsets(tasks)[tasks.size()];
    }

    // ---- files

    /** Writes the model in float32, to a temporary name first. */
    public void save(Path file) {
        save(file, DType.F32);
    }

    /** @param type how weights are stored: F32, F16 or BF16 */
    public void save(Path file, DType type) {
        List<TensorData> tensors = new ArrayList<>();
        Modules.variables(net)
                .forEach((key, variable) -> tensors.add(tensor(key, variable).to(type)));
        Safetensors.write(file, tensors, new TreeMap<>(Map.of("format", "hoag", "hoag", Json.compact(description()))));
    }

    /** {@link #writeOnnx(Path, int, boolean)} for prepared pictures. */
    public void writeOnnx(Path file, int batch) {
        writeOnnx(file, batch, false);
    }

    /**
     * Writes the model as ONNX (opset 18): input {@code image} (batch, channels, size, size), prepared as {@link #preprocess} says, or
     * {@code pixels} (batch, size, size, channels), bytes of a picture that has the size already; outputs {@code features} (batch, features) and
     * {@code answers} (batch, {@link #width}), concentrations, probabilities and numbers in the order of the tasks. The description stands in the
     * metadata under {@code hoag}.
     *
     * @param batch pictures at once; 0 leaves their number open
     * @param pixels whether bytes are taken, and made numbers, put in order and normalised in the file
     */
    public void writeOnnx(Path file, int batch, boolean pixels) {
        var input = new OnnxInput(batch, pixels);
        Tensor image = input.image(preprocess);
        Tensor features = net.encoder().pooled(image, Trace.eval());
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("features", features);
        outputs.put("answers", Task.answer(tasks, net.head().apply(features, Trace.eval())));
        Onnx.write(file, outputs, Modules.variables(net), Map.of("hoag", Json.compact(description())), input.bytes());
    }

    private static TensorData tensor(String key, Variable variable) {
        return TensorData.of(key, variable.shape(), variable.values());
    }

    private Map<String, Object> description() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("format", FORMAT);
        map.put("architecture", architecture);
        map.put("dropout", net.head().dropout().rate());
        map.put("tasks", Task.toMaps(tasks));
        map.put("preprocess", preprocess.toMap());
        map.put("about", about);
        return map;
    }

    /**
     * Reads a model that Hoag wrote, as safetensors or ONNX, or a checkpoint of Zoobot with its head.
     *
     * @throws FormatException if the file is no such model, is damaged, or a weight is missing or of another shape
     */
    public static GalaxyModel load(Path file) {
        if (isOnnx(file)) {
            return onnx(file);
        }
        try (Weights tensors = Weights.open(file)) {
            String description = tensors.metadata().get("hoag");
            if (description == null) {
                return ZoobotFile.read(file, tensors)
                        .orElseThrow(() -> new FormatException(file
                                + ": holds weights but no description of a Hoag model; to start from these weights use"
                                + " hoag finetune --from "
                                + file));
            }
            GalaxyModel model = described(file, description);
            Loading.EXACT.into(Modules.variables(model.net), tensors, file);
            return model;
        }
    }

    /** Whether a file's name says that it is ONNX. */
    public static boolean isOnnx(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".onnx");
    }

    /** The weights of a file that {@link #writeOnnx} wrote have their keys as names. */
    private static GalaxyModel onnx(Path file) {
        OnnxModel read = Onnx.read(file);
        String description = read.metadata().get("hoag");
        if (description == null) {
            throw new FormatException(
                    file + ": an ONNX model" + (read.producer().isEmpty() ? "" : " of " + read.producer())
                            + " without Hoag's description of what it answers; hoag convert takes its weights,"
                            + " hoag.engine.onnx.Onnx its program");
        }
        GalaxyModel model = described(file, description);
        Map<String, Variable> weights = read.weights();
        Modules.variables(model.net).forEach((key, variable) -> {
            Variable found = weights.get(key);
            if (found == null || !found.shape().equals(variable.shape())) {
                throw new FormatException("%s: weight %s is %s, the model wants %s"
                        .formatted(file, key, found == null ? "missing" : found.shape(), variable.shape()));
            }
            variable.set(found.values());
        });
        return model;
    }

    /** The model that a Zoobot checkpoint holds; nothing if the file is something else, or its architecture unknown. */
    public static Optional<GalaxyModel> zoobot(Path file) {
        try (Weights tensors = Weights.open(file)) {
            return ZoobotFile.find(file, tensors);
        }
    }

    /** Whatever is wrong with a description, the file is to blame: a part that is missing, of another kind, or out of its range. */
    private static GalaxyModel described(Path file, String description) {
        try {
            return described(Json.parse(file.toString(), description));
        } catch (FormatException e) {
            throw e.getMessage().startsWith(file.toString()) ? e : new FormatException(file + ": " + e.getMessage(), e);
        } catch (HoagException | ClassCastException | NullPointerException e) {
            throw new FormatException(
                    file + ": the description of the model is damaged, or of a newer Hoag: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }

    private static GalaxyModel described(JsonNode json) {
        if (json.get("format").integer() > FORMAT) {
            throw json.error("the model file has format " + json.get("format").integer() + ", this Hoag reads up to "
                    + FORMAT + "; use a newer Hoag");
        }
        List<Task> tasks = json.get("tasks").items().stream()
                .map(item -> Task.fromMap((Map<?, ?>) item.value()))
                .toList();
        Preprocess preprocess =
                Preprocess.fromMap((Map<?, ?>) json.get("preprocess").value());
        GalaxyModel fresh = of(
                json.get("architecture").string(),
                tasks,
                preprocess,
                json.get("dropout").number());
        Map<String, Object> about = new LinkedHashMap<>();
        json.get("about").members().forEach((key, value) -> about.put(key, value.value()));
        return new GalaxyModel(fresh.architecture, fresh.net, tasks, preprocess, about);
    }

    /**
     * The architecture that a weight file names: a Hoag model's, that of published weights in their metadata or configuration, that of a Zoobot
     * checkpoint among its hyper-parameters; null if it names none.
     */
    public static String architectureOf(Path file) {
        try (Weights weights = Weights.open(file)) {
            String description = weights.metadata().get("hoag");
            if (description != null) {
                return Json.parse(file.toString(), description)
                        .get("architecture")
                        .string();
            }
            String published = weights.metadata().get("architecture");
            return published != null ? published : ofCheckpoint(weights);
        }
    }

    /** What a Zoobot checkpoint says, else what the names and shapes of the weights say. */
    private static String ofCheckpoint(Weights weights) {
        String named = ofCheckpoint(weights.values());
        return named != null
                ? named
                : Guess.of(Wrapping.encoder(weights)).map(Guess::architecture).orElse(null);
    }

    private static String ofCheckpoint(JsonNode values) {
        return values.value() instanceof Map<?, ?> top
                        && top.get("hyper_parameters") instanceof Map<?, ?> settings
                        && settings.get("architecture_name") instanceof String name
                ? name
                : null;
    }

    /** The weights of the network in a file, whatever it was wrapped in when it was saved, named as timm names them. */
    public static Weights encoder(Weights file) {
        return Wrapping.encoder(file);
    }

    /**
     * Copies the backbone's weights from a Hoag model, from published weights with timm's keys, or from a checkpoint of PyTorch or Lightning,
     * whatever they are wrapped in ({@code encoder.}, {@code model.}, {@code module.}). A classifier there is left out; the first convolution is fitted to the model's channels.
     *
     * @throws FormatException if a weight is missing, unexpected, or of another shape
     */
    public void loadBackbone(Path file) {
        try (Weights tensors = Weights.open(file)) {
            Weights encoder = Wrapping.encoder(tensors);
            try {
                Loading.BACKBONE.into(Modules.variables(net.encoder()), encoder, file);
            } catch (FormatException e) {
                throw new FormatException(cure(file, encoder, e.getMessage()), e);
            }
        }
    }

    /** Which architecture is the right one, unless it is what the model has already. */
    private String cure(Path file, Weights encoder, String message) {
        String named = message.startsWith(file.toString()) ? message : file + ": " + message;
        if (!named.endsWith(ANOTHER)) {
            return named;
        }
        String guess = Guess.of(encoder).map(Guess::architecture).orElse(null);
        if (architecture.equals(guess)) {
            return named.replace(
                    ANOTHER,
                    "a " + guess + " it is otherwise; save the file without what is too much, with what is missing");
        }
        return guess == null ? named : named + ": " + guess;
    }
}
