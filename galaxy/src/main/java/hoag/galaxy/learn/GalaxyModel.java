package hoag.galaxy.learn;

import hoag.engine.Variable;
import hoag.engine.files.DType;
import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.engine.files.Weights;
import hoag.engine.nn.Init;
import hoag.engine.nn.Modules;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.Backbones;
import hoag.kernels.FormatException;
import hoag.kernels.HoagException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final int FORMAT = 1;

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
        Backbone backbone = Backbones.create(architecture, seed, preprocess.channels(), 0, dropPath);
        Head head = Head.of(new Init(seed + 1), backbone.features(), tasks, dropout);
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
     * Reads a model that Hoag wrote.
     *
     * @throws FormatException if the file is no such model, is damaged, or a weight is missing or of another shape
     */
    public static GalaxyModel load(Path file) {
        try (Weights tensors = Weights.open(file)) {
            String description = tensors.metadata().get("hoag");
            if (description == null) {
                throw new FormatException(file
                        + ": holds weights but no description of a Hoag model; to start from these weights use hoag"
                        + " finetune --from "
                        + file);
            }
            GalaxyModel model = described(file, description);
            copy(tensors, Modules.variables(model.net), file);
            return model;
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
        GalaxyModel fresh = create(
                json.get("architecture").string(),
                tasks,
                preprocess,
                json.get("dropout").number(),
                0,
                0);
        Map<String, Object> about = new LinkedHashMap<>();
        json.get("about").members().forEach((key, value) -> about.put(key, value.value()));
        return new GalaxyModel(fresh.architecture, fresh.net, tasks, preprocess, about);
    }

    /** The architecture that a weight file names: a Hoag model's, or the one in the metadata of published weights; null if it names none. */
    public static String architectureOf(Path file) {
        try (Weights tensors = Weights.open(file)) {
            String description = tensors.metadata().get("hoag");
            return description == null
                    ? tensors.metadata().get("architecture")
                    : Json.parse(file.toString(), description)
                            .get("architecture")
                            .string();
        }
    }

    /**
     * Copies the backbone's weights from a Hoag model or from published weights with timm's keys; a classifier there is left out.
     *
     * @throws FormatException if a weight is missing or of another shape
     */
    public void loadBackbone(Path file) {
        try (Weights tensors = Weights.open(file)) {
            Weights model = tensors.model();
            boolean nested = model.names().stream().anyMatch(name -> name.startsWith("encoder."));
            copy(nested ? model.under("encoder.") : model, Modules.variables(net.encoder()), file);
        }
    }

    private static void copy(Weights from, Map<String, Variable> to, Path file) {
        List<String> wrong = new ArrayList<>();
        to.forEach((key, variable) -> {
            TensorData found = from.find(key).orElse(null);
            if (found == null) {
                wrong.add(from.prefix() + key + " " + variable.shape() + " is missing");
            } else if (!java.util.Arrays.equals(found.shape(), longs(variable))) {
                wrong.add(from.prefix() + key + " is " + java.util.Arrays.toString(found.shape()) + ", the model wants "
                        + variable.shape());
            }
        });
        if (!wrong.isEmpty()) {
            throw new FormatException(file + ": does not fit the architecture: "
                    + String.join("; ", wrong.subList(0, Math.min(3, wrong.size())))
                    + (wrong.size() > 3 ? "; and " + (wrong.size() - 3) + " more" : "")
                    + "; name the right --architecture");
        }
        to.forEach((key, variable) -> variable.set(from.get(key).floats()));
    }

    private static long[] longs(Variable variable) {
        return java.util.Arrays.stream(variable.shape().toArray())
                .asLongStream()
                .toArray();
    }
}
