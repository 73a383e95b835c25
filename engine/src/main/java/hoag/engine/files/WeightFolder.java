package hoag.engine.files;

import hoag.kernels.DataException;
import hoag.kernels.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A folder as Hugging Face's hub keeps models: {@code model.safetensors} and {@code config.json}, the latter as timm writes it. */
final class WeightFolder {
    private static final String MODEL = "model.safetensors";
    private static final String CONFIG = "config.json";
    private static final List<String> FILES = List.of(MODEL, "pytorch_model.bin", "model.pt", "model.ckpt");
    private static final List<String> NORMALISATION = List.of("mean", "std");

    private WeightFolder() {}

    /** The file with the weights. */
    static Path weights(Path folder) {
        return FILES.stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(
                        () -> new DataException("%s: a folder without %s".formatted(folder, String.join(", ", FILES))));
    }

    /** What the configuration says; an empty object where there is none. */
    static JsonNode config(Path folder) {
        Path file = folder.resolve(CONFIG);
        return Files.exists(file) ? Json.read(file) : new JsonNode(file.toString(), "", Map.of());
    }

    /** The architecture, mean and std of a configuration, as Hoag's own files have them in their metadata. */
    static Map<String, String> metadata(JsonNode config) {
        var metadata = new LinkedHashMap<String, String>();
        config.find("architecture").ifPresent(name -> metadata.put("architecture", name.string()));
        var preprocess = config.find("pretrained_cfg").orElse(config);
        for (String key : NORMALISATION)
            preprocess
                    .find(key)
                    .ifPresent(list -> metadata.put(
                            key,
                            Arrays.stream(list.numbers())
                                    .mapToObj(Double::toString)
                                    .collect(Collectors.joining(","))));
        return metadata;
    }

    static void write(Path folder, Collection<TensorData> tensors, Map<String, String> metadata) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(folder, e);
        }
        var config = new LinkedHashMap<String, Object>();
        if (metadata.containsKey("architecture")) config.put("architecture", metadata.get("architecture"));
        var preprocess = new LinkedHashMap<String, Object>();
        for (String key : NORMALISATION)
            if (metadata.containsKey(key)) preprocess.put(key, numbers(folder, metadata.get(key)));
        if (!preprocess.isEmpty()) config.put("pretrained_cfg", preprocess);
        Safetensors.write(folder.resolve(MODEL), tensors, metadata);
        Json.write(folder.resolve(CONFIG), config);
    }

    private static List<Double> numbers(Path folder, String text) {
        try {
            return Arrays.stream(text.split(",")).map(Double::valueOf).toList();
        } catch (NumberFormatException e) {
            throw new FormatException("%s: '%s' is no list of numbers".formatted(folder, JsonPrinter.plain(text)), e);
        }
    }
}
