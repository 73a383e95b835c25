package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.engine.files.TensorData;
import hoag.engine.files.Weights;
import hoag.engine.onnx.Onnx;
import hoag.engine.onnx.OnnxModel;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import hoag.galaxy.survey.Survey;
import hoag.galaxy.tree.Question;
import hoag.galaxy.tree.Schema;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is inside a model or a file of arrays. */
@Command(
        name = "info",
        description =
                "Tells what is inside a model (.safetensors, .pt, .pth, .bin, .ckpt, .onnx), a file of arrays (.npy,"
                        + " .npz) or a survey (.hoag).",
        footer = {
            "",
            "The kind of a file is told by what is in it. Nothing in a PyTorch file is executed.",
            "",
            "Examples:",
            "  hoag info galaxies.safetensors",
            "  hoag info galaxies.safetensors --tensors",
            "  hoag info last.ckpt"
        })
final class InfoCommand implements Callable<Integer> {
    private static final int LABEL = 14;
    private static final String SURVEY = ".hoag";

    @Mixin
    Common common;

    @Parameters(
            paramLabel = "FILE",
            description = "a .safetensors, .pt, .pth, .bin, .ckpt, .onnx, .npy or .npz file, or a folder with"
                    + " model.safetensors and config.json")
    Path file;

    /** Tensors that are listed unasked. */
    private static final int FEW = 8;

    @Option(names = "--tensors", description = "every tensor with its shape")
    boolean tensors;

    @Override
    public Integer call() {
        if (file.toString().endsWith(SURVEY)) {
            try (Survey survey = Survey.open(file)) {
                tell(survey);
            }
            return 0;
        }
        if (GalaxyModel.isOnnx(file)) {
            tell(Onnx.read(file));
            return 0;
        }
        try (Weights weights = Weights.open(file)) {
            tell(weights);
        }
        return 0;
    }

    private void tell(Survey survey) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("file", file.toString());
        map.put("bytes", file.toFile().length());
        map.put("kind", "survey");
        map.put("galaxies", survey.size());
        map.put("features", survey.width());
        map.put("model", survey.info().modelFile());
        map.put("views", survey.info().views());
        map.put("columns", List.copyOf(survey.columnNames()));
        if (common.json) {
            common.out().println(Json.compact(map));
        } else {
            map.forEach((key, value) -> line(key, plain(value)));
        }
    }

    private void tell(OnnxModel model) {
        String description = model.metadata().get("hoag");
        long numbers = model.weights().values().stream()
                .mapToLong(each -> each.shape().size())
                .sum();
        if (common.json) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("file", file.toString());
            map.put("kind", "ONNX");
            map.put("producer", model.producer());
            map.put("inputs", model.inputs());
            map.put("outputs", model.outputs());
            map.put("parameters", numbers);
            map.put("metadata", model.metadata());
            common.out().println(Json.compact(map));
            return;
        }
        line(
                "file",
                String.format(
                        Locale.ROOT,
                        "%s, %,d bytes, ONNX of %s",
                        file,
                        file.toFile().length(),
                        model.producer()));
        model.inputs()
                .forEach((name, dims) -> line(
                        "takes",
                        name + " " + Arrays.toString(dims)
                                + (Arrays.stream(dims).anyMatch(dim -> dim < 0) ? ", -1 is any number" : "")));
        line("gives", String.join(", ", model.outputs()));
        if (description == null) {
            model.metadata().forEach((key, value) -> line(key, shortened(value)));
        } else {
            describe(Json.parse(file.toString(), description));
        }
        line(
                "parameters",
                String.format(
                        Locale.ROOT,
                        "%,d in %d tensors",
                        numbers,
                        model.weights().size()));
        if (tensors) {
            model.weights().forEach((name, variable) -> common.out().println("  " + name + " " + variable.shape()));
        }
    }

    private void tell(Weights weights) {
        Collection<TensorData> arrays = weights.tensors();
        Map<String, String> metadata = weights.metadata();
        String description = metadata.get("hoag");
        JsonNode model = description == null ? null : Json.parse(file.toString(), description);
        if (common.json) {
            common.out().println(Json.compact(asMap(weights, model)));
            return;
        }
        PrintWriter out = common.out();
        line(
                "file",
                String.format(
                        Locale.ROOT,
                        "%s, %,d bytes, %s",
                        file,
                        weights.path().toFile().length(),
                        weights.kind().title()));
        if (model != null) {
            describe(model);
        } else {
            metadata.forEach((key, value) -> line(key, shortened(value)));
            guessed(weights);
            keys(weights);
        }
        long numbers = arrays.stream().mapToLong(TensorData::count).sum();
        line(
                model == null ? "numbers" : "parameters",
                String.format(Locale.ROOT, "%,d in %d tensors of %s", numbers, arrays.size(), types(arrays)));
        if (tensors || arrays.size() <= FEW) {
            arrays.forEach(array -> out.println("  " + array));
        } else {
            line("", "--tensors lists them");
        }
    }

    /** Which architecture the names and shapes are of, and what answers a Zoobot checkpoint gives. */
    private void guessed(Weights weights) {
        if (weights.metadata().containsKey("architecture")) {
            return;
        }
        String architecture = GalaxyModel.architectureOf(file);
        if (architecture != null) {
            line("architecture", architecture + ", by the names and shapes of its weights");
        }
        if (weights.kind() == Weights.Kind.LIGHTNING && architecture != null) {
            GalaxyModel.zoobot(file).ifPresent(model -> {
                line("model", "of Zoobot; hoag predict --model takes it as it is");
                Task.toMaps(model.tasks())
                        .forEach(task -> describeTask(Json.parse(file.toString(), Json.compact(task))));
            });
        }
    }

    /** What stands beside the tensors in a PyTorch file: plain values whole, of the rest how much there is. */
    private void keys(Weights weights) {
        if (!(weights.values().value() instanceof Map<?, ?>)) {
            return;
        }
        weights.values().members().forEach((key, value) -> {
            if (!weights.names().contains(key)) {
                line(key, summary(weights, key, value.value()));
            }
        });
    }

    private static String summary(Weights weights, String key, Object value) {
        List<TensorData> inside = weights.tensors().stream()
                .filter(tensor -> tensor.name().startsWith(key + "."))
                .toList();
        return inside.isEmpty()
                ? shortened(plain(value))
                : String.format(
                        Locale.ROOT,
                        "%d tensors, %,d numbers",
                        inside.size(),
                        inside.stream().mapToLong(TensorData::count).sum());
    }

    private static String shortened(String text) {
        return text.length() > 200 ? text.substring(0, 200) + " ..." : text;
    }

    private void describe(JsonNode model) {
        line("architecture", model.get("architecture").string());
        model.get("tasks").items().forEach(this::describeTask);
        model.get("preprocess").members().forEach((key, value) -> line(key, plain(value.value())));
        line("dropout", plain(model.get("dropout").value()));
        model.get("about").members().forEach((key, value) -> line(key, plain(value.value())));
    }

    private void describeTask(JsonNode task) {
        switch (task.get("kind").string()) {
            case "votes" -> tree(Schema.fromMap((Map<?, ?>) task.get("schema").value()));
            case "classes" ->
                line(
                        "answers",
                        task.get("column").string() + ": one of "
                                + String.join(", ", task.get("names").strings()));
            case "number" -> line("answers", task.get("column").string() + ": a number");
            case "flag" -> line("answers", task.get("column").string() + ": yes or no");
            default -> line("answers", plain(task.value()));
        }
    }

    private void tree(Schema schema) {
        line(
                "answers",
                "votes along the tree " + schema.name() + ", "
                        + schema.questions().size() + " questions");
        for (Question question : schema.questions()) {
            line(
                    "",
                    question.name() + ": " + String.join(", ", question.answers())
                            + (question.isRoot() ? "" : "   (after " + String.join(" or ", question.parents()) + ")"));
        }
    }

    private void line(String label, String text) {
        common.out().println(label + " ".repeat(Math.max(2, LABEL - label.length())) + text);
    }

    private static String plain(Object value) {
        return value instanceof String text ? text : Json.compact(value);
    }

    private static String types(Collection<TensorData> arrays) {
        return String.join(
                ", ",
                new TreeSet<>(arrays.stream().map(array -> array.dtype().name()).toList()));
    }

    private Map<String, Object> asMap(Weights weights, JsonNode model) {
        Collection<TensorData> arrays = weights.tensors();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("file", file.toString());
        map.put("bytes", weights.path().toFile().length());
        map.put("kind", weights.kind().title());
        map.put("parameters", arrays.stream().mapToLong(TensorData::count).sum());
        if (model == null) {
            map.put("metadata", weights.metadata());
            map.put("values", weights.values());
        } else {
            map.put("model", model);
        }
        if (tensors) {
            Map<String, Object> shapes = new LinkedHashMap<>();
            arrays.forEach(array -> shapes.put(
                    array.name(), Arrays.stream(array.shape()).boxed().toList()));
            map.put("tensors", shapes);
        }
        return map;
    }
}
