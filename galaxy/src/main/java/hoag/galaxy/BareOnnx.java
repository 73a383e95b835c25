package hoag.galaxy;

import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.files.Weights;
import hoag.engine.nn.Init;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Loading;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.onnx.Onnx;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.OnnxInput;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.Backbones;
import hoag.galaxy.models.Guess;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Published weights as an ONNX file (opset 18), as {@code hoag convert timm.safetensors timm.onnx}: outputs {@code features} (batch, features), the
 * representation, and, if the file has a classifier, {@code logits} (batch, classes). Architecture, size and normalisation stand in its metadata.
 *
 * @param weights a file with timm's keys
 * @param bare architecture, size and normalisation where the file does not say them
 * @param input what the ONNX file takes
 */
public record BareOnnx(Path weights, Bare bare, OnnxInput input) {
    /**
     * What was written.
     *
     * @param classes of the classifier, whose logits are the second output; 0: there is none
     * @param normalised whether mean and deviation are known; else pictures are the user's to prepare
     */
    public record Result(String architecture, Preprocess preprocess, int features, int classes, boolean normalised) {}

    /**
     * Reads the weights and writes the file, to a temporary name first.
     *
     * @throws hoag.kernels.ConfigException when the architecture is not known, or bytes are wanted and nothing says how they are normalised
     * @throws hoag.kernels.FormatException when the file cannot be read, or does not fit the architecture
     */
    public Result write(Path out) {
        Outputs.file(out);
        String name = bare.name(weights);
        try (Weights file = Weights.open(weights)) {
            Weights network = GalaxyModel.encoder(file);
            int channels = Guess.of(network).map(Guess::channels).orElse(3);
            int classes = classes(name, network);
            Backbone backbone = Backbones.create(name, Init.zeros(), channels, classes, 0, 0);
            Map<String, Variable> variables = Modules.variables(backbone);
            new Loading(false, false, Loading.BACKBONE.ignored()).into(variables, network, weights);
            boolean normalised = channels == 3 && (input.pixels() || bare.normalised(file));
            Preprocess preprocess = normalised
                    ? bare.preprocess(weights, file, name)
                    : Preprocess.of(bare.side(name), channels == 1 ? Channels.LUMINANCE : Channels.RGB_OR_GREY);
            var result = new Result(name, preprocess, backbone.features(), classes, normalised);
            Onnx.write(out, outputs(backbone, preprocess), variables, metadata(result), input.bytes());
            return result;
        }
    }

    /** Rows of the classifier in the file; 0 where it has none. */
    private static int classes(String name, Weights network) {
        Backbone one = Backbones.create(name, Init.zeros(), 3, 1, 0, 0);
        Linear classifier = one.classifier();
        return Modules.variables(one).entrySet().stream()
                .filter(entry -> classifier != null && entry.getValue() == classifier.weight())
                .flatMap(entry -> network.find(entry.getKey()).stream())
                .mapToInt(found -> (int) found.shape()[0])
                .findFirst()
                .orElse(0);
    }

    private Map<String, Tensor> outputs(Backbone backbone, Preprocess preprocess) {
        Tensor features = backbone.pooled(input.image(preprocess), Trace.eval());
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("features", features);
        if (backbone.classifier() != null) {
            outputs.put("logits", backbone.classifier().apply(features, Trace.eval()));
        }
        return outputs;
    }

    private static Map<String, String> metadata(Result result) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("architecture", result.architecture);
        metadata.put("size", String.valueOf(result.preprocess.size()));
        if (result.normalised) {
            metadata.put("mean", text(result.preprocess.mean()));
            metadata.put("std", text(result.preprocess.deviation()));
        }
        return metadata;
    }

    private static String text(List<Double> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
