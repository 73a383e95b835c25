package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.Gradients;
import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.Workspace;
import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.engine.nn.Dropout;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.Backbones;
import hoag.galaxy.models.LinformerVit;
import hoag.galaxy.models.VisionTransformer;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import hoag.kernels.cpu.CpuBackend;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every architecture by name: as many weights as timm's, the same answer from the same weights (tests/golden/backbones.py), and errors that say what is wrong. */
class BackbonesTest {
    private static final Backend CPU = new CpuBackend();

    /** Above this many weights a model is compared only with {@code -Dhoag.slow=true}: filling it takes longer than running it. */
    private static final double MANY = 30e6;

    @AfterAll
    static void close() {
        CPU.close();
    }

    private static JsonNode golden() throws URISyntaxException {
        return Json.read(Path.of(
                BackbonesTest.class.getResource("/golden/backbones.json").toURI()));
    }

    /** All, or those whose names contain system property {@code hoag.models}. */
    static Stream<String> golds() throws URISyntaxException {
        String part = System.getProperty("hoag.models", "");
        return golden().members().keySet().stream().filter(name -> name.contains(part));
    }

    @ParameterizedTest
    @MethodSource("golds")
    void answersAsTimm(String name) throws URISyntaxException {
        JsonNode truth = golden().get(name);
        Assumptions.assumeTrue(
                truth.get("parameters").number() < MANY || Boolean.getBoolean("hoag.slow"),
                name + " is large; run with -Dhoag.slow=true");
        int classes = name.endsWith("dinov2") ? 0 : 1000;
        assertEquals(truth.get("parameters").whole(), parameters(Backbones.create(name, 1, 3, classes, 0)), name);
        int size = truth.get("size").integer();
        Backbone model = Backbones.create(name, 1, 3, classes, 0, size);
        Modules.variables(model)
                .forEach(
                        (key, variable) -> fill(key, variable, truth.get("gain").number()));
        float[] logits = run(model, size, Recipe.values("image", 3 * size * size, 0.5, 0.5));
        double[] first = truth.get("logits").numbers();
        double allowed =
                4 * truth.get("error").number() + 1e-6 * truth.get("max_abs").number();
        for (int i = 0; i < first.length; i++) {
            assertEquals(first[i], logits[i], allowed, name + " [" + i + "]");
        }
    }

    private static long parameters(Backbone model) {
        return Modules.parameters(model).values().stream()
                .mapToLong(variable -> variable.shape().size())
                .sum();
    }

    /** The rule of backbones.py. */
    private static void fill(String key, Variable variable, double gain) {
        Shape shape = variable.shape();
        double shift = 0;
        double scale = 0.1;
        if (key.endsWith("cls_token") || key.endsWith("pos_embed")) {
            scale = 0.5;
        } else if (shape.rank() > 1) {
            double fan = (double) shape.size() / shape.dim(0);
            scale = (shape.rank() == 4 ? gain : 1) * Math.sqrt(3 / fan);
        } else if (key.endsWith("gamma")) {
            shift = 0.5;
            scale = 0.25;
        } else if (key.endsWith("running_var")) {
            shift = 1;
            scale = 0.5;
        } else if (key.endsWith("weight")) {
            shift = 1;
        }
        variable.set(Recipe.values(key, shape.size(), shift, scale));
    }

    private static float[] run(Backbone model, int size, float[] image) {
        Tensor x = Tensor.input("image", Shape.of(1, 3, size, size));
        try (Workspace workspace = Program.compile(CPU, Map.of("logits", model.forward(x, Trace.eval())))
                .workspace()) {
            workspace.feed("image", image).run();
            return workspace.output("logits");
        }
    }

    /**
     * PyTorch's EfficientNet-Lite0 is TensorFlow's, which timm's answers pin, but for the padding and BatchNorm's epsilon, 1e-5 and not 1e-3. On
     * pictures whose sides stay odd down to the last map both pad alike; with 64 pixels TensorFlow's pad at one end only.
     */
    @Test
    void litePaddedAsPyTorchPads() {
        float[] same = difference(65);
        float[] other = difference(64);
        assertTrue(same[0] < 1e-4 * same[1], "65 pixels: " + Arrays.toString(same));
        assertTrue(other[0] > 1e-2 * other[1], "64 pixels: " + Arrays.toString(other));
    }

    /** The largest difference between the logits of the two, and the largest logit. */
    private static float[] difference(int size) {
        Backbone tensorFlow = Backbones.create("tf_efficientnet_lite0", 1, 3, 10, 0);
        Backbone pyTorch = Backbones.create("efficientnet_lite0", 1, 3, 10, 0);
        Modules.variables(tensorFlow).forEach((key, variable) -> fill(key, variable, 1.6));
        Map<String, Variable> copies = Modules.variables(pyTorch);
        Modules.variables(tensorFlow).forEach((key, variable) -> {
            float[] values = variable.values().clone();
            for (int i = 0; i < values.length && key.endsWith("running_var"); i++) {
                values[i] += 1e-3f - 1e-5f;
            }
            copies.get(key).set(values);
        });
        float[] image = Recipe.values("image", 3 * size * size, 0.5, 0.5);
        float[] there = run(tensorFlow, size, image);
        float[] here = run(pyTorch, size, image);
        float off = 0;
        float largest = 0;
        for (int i = 0; i < here.length; i++) {
            off = Math.max(off, Math.abs(here[i] - there[i]));
            largest = Math.max(largest, Math.abs(there[i]));
        }
        return new float[] {off, largest};
    }

    /** Walmsley et al. 2020: six convolutions of 3 x 3 with biases, four pools, a layer of 128, on grey pictures of 128 pixels. */
    @Test
    void theBayesianNetworkHasAsManyWeightsAsPublished() {
        int[] widths = {1, 32, 32, 64, 64, 128, 128};
        int wanted = (128 / 16) * (128 / 16) * 128 * 128 + 128 + 128 * 2 + 2;
        for (int i = 1; i < widths.length; i++) {
            wanted += 9 * widths[i - 1] * widths[i] + widths[i];
        }
        assertEquals(wanted, parameters(Backbones.create("bayesian_cnn", 1, 1, 2, 0)));
    }

    /** What is listed is compared with timm's answers, here or in {@link GoldenModelsTest}, or has a check of its own that is named here. */
    @Test
    void everyBackboneHasItsCheck() throws URISyntaxException {
        var unchecked = new TreeSet<>(Backbones.names());
        unchecked.removeAll(golden().members().keySet());
        unchecked.removeAll(Set.of("vgg19_bn")); // GoldenModelsTest
        unchecked.removeAll(Set.of("efficientnet_lite0", "bayesian_cnn", "linformer_gz2")); // timm has not the last two
        assertEquals(Set.of(), unchecked);
    }

    /** Names of Lin et al. 2021's layers, and their count of weights with eight classes. */
    @Test
    void linformerHasAsManyWeightsAsPublished() {
        Backbone model = Backbones.create("linformer_gz2", 1, 3, 8, 0);
        assertEquals(2_785_416, parameters(model));
        assertTrue(Modules.variables(model).containsKey("transformer.net.layers.11.0.fn.proj_k"));
        assertTrue(Modules.variables(model).containsKey("to_patch_embedding.1.weight"));
    }

    /** The attention of Wang et al. 2020 and the gradient of every weight, as computed in float64 by PyTorch. */
    @Test
    void linearAttentionAndItsGradients() throws URISyntaxException {
        JsonNode truth = Json.read(Path.of(
                BackbonesTest.class.getResource("/golden/linformer.json").toURI()));
        JsonNode in = truth.get("inputs");
        var attention = new LinformerVit.LinearAttention(
                truth.get("heads").integer(),
                variable(in, "E", false),
                variable(in, "F", false),
                new Linear(variable(in, "wq", true), null),
                new Linear(variable(in, "wk", true), null),
                new Linear(variable(in, "wv", true), null),
                new Linear(variable(in, "wo", true), variable(in, "bo", false)),
                new Dropout(0.1));
        Map<String, Variable> weights = new LinkedHashMap<>();
        weights.put("E", attention.proj_k());
        weights.put("F", attention.proj_v());
        weights.put("wq", attention.to_q().weight());
        weights.put("wk", attention.to_k().weight());
        weights.put("wv", attention.to_v().weight());
        weights.put("wo", attention.to_out().weight());
        weights.put("bo", attention.to_out().bias());
        Tensor x = Tensor.input("x", Shape.of(2, 9, 12));
        Tensor output = attention.apply(x, Trace.eval());
        Tensor loss = output.mul(Tensor.constant(Shape.of(2, 9, 12), flat(truth.get("weight"))))
                .sum()
                .reshape(Shape.SCALAR);
        List<Tensor> gradients = Gradients.of(
                loss, weights.values().stream().map(Variable::tensor).toList());
        Map<String, Tensor> outputs = new LinkedHashMap<>(Map.of("output", output));
        int next = 0;
        for (String name : weights.keySet()) {
            outputs.put(name, gradients.get(next++));
        }
        JsonNode wanted = truth.get("linformer");
        try (Workspace workspace = Program.compile(CPU, outputs).workspace()) {
            workspace.feed("x", flat(in.get("x"))).run();
            near("output", flat(wanted.get("output")), workspace.output("output"));
            for (String name : weights.keySet()) {
                float[] gradient = flat(wanted.get("gradients").get(name));
                near(name, name.startsWith("w") ? turned(gradient) : gradient, workspace.output(name));
            }
        }
    }

    private static void near(String what, float[] wanted, float[] got) {
        assertEquals(wanted.length, got.length, what);
        for (int i = 0; i < got.length; i++) {
            assertEquals(wanted[i], got[i], 2e-5, what + " [" + i + "]");
        }
    }

    /** Numbers of a nested list; {@code turned} where weights act from the right there and from the left here. */
    private static Variable variable(JsonNode in, String name, boolean turned) {
        JsonNode node = in.get(name);
        float[] values = flat(node);
        int rows = node.items().size();
        Shape shape = values.length == rows ? Shape.of(rows) : Shape.of(rows, values.length / rows);
        return Variable.parameter(name, shape).set(turned ? turned(values) : values);
    }

    private static float[] flat(JsonNode node) {
        var numbers = new ArrayList<Double>();
        flat(node, numbers);
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers.get(i).floatValue();
        }
        return values;
    }

    private static void flat(JsonNode node, List<Double> into) {
        if (node.value() instanceof List<?>) {
            node.items().forEach(item -> flat(item, into));
        } else {
            into.add(node.number());
        }
    }

    private static float[] turned(float[] square) {
        int side = (int) Math.round(Math.sqrt(square.length));
        float[] turned = new float[square.length];
        for (int i = 0; i < square.length; i++) {
            turned[i % side * side + i / side] = square[i];
        }
        return turned;
    }

    /** Other patches, and the mean of the tokens instead of a class token. */
    @Test
    void transformersThatAreNotListed() {
        Backbone token = Backbones.create("vit_tiny_patch28_56", 1, 3, 5, 0);
        Backbone mean = Backbones.create("vit_tiny_patch28_avg_56", 1, 3, 5, 0);
        assertEquals(
                Shape.of(1, 5, 192), Modules.variables(token).get("pos_embed").shape());
        assertEquals(
                Shape.of(1, 4, 192), Modules.variables(mean).get("pos_embed").shape());
        assertTrue(Modules.variables(mean).containsKey("fc_norm.weight"));
        assertFalse(Modules.variables(mean).containsKey("cls_token"));
        for (Backbone model : List.of(token, mean)) {
            assertEquals(5, run(model, 56, Recipe.values("image", 3 * 56 * 56, 0.5, 0.5)).length);
        }
        assertEquals(
                parameters(Backbones.create("vit_small_patch16_224", 1, 3, 0, 0)),
                parameters(Backbones.create("vit_small_patch16_0224", 1, 3, 0, 0)));
        assertThrows(ConfigException.class, () -> Backbones.create("vit_tiny_patch15_224", 1, 3, 0, 0));
        assertThrows(ConfigException.class, () -> Backbones.create("vit_tiny_patch28_20", 1, 3, 0, 0));
    }

    /** What stands for a picture: the mean of normed tokens, or the normed mean of the patches, whatever the class token says. */
    @Test
    void transformersThatTakeTheMean() {
        float[] picture = Recipe.values("image", 3 * 56 * 56, 0.5, 0.5);
        for (String pooling : List.of("gap", "cls_avg")) {
            var vit = (VisionTransformer) Backbones.create("vit_tiny_patch28_" + pooling + "_56", 1, 3, 0, 0);
            boolean token = pooling.equals("cls_avg");
            assertEquals(token, vit.cls_token() != null && vit.norm() == null && vit.fc_norm() != null);
            Tensor image = Tensor.input("image", Shape.of(1, 3, 56, 56));
            Tensor tokens = vit.tokens(image, Trace.eval());
            Tensor features = vit.pooled(image, Trace.eval());
            try (Workspace memory = Program.compile(CPU, Map.of("tokens", tokens, "features", features))
                    .workspace()) {
                memory.feed("image", picture).run();
                float[] all = memory.output("tokens");
                float[] said = memory.output("features");
                assertEquals((token ? 5 : 4) * 192, all.length);
                double[] mean = new double[192];
                for (int i = token ? 192 : 0; i < all.length; i++) {
                    mean[i % 192] += all[i] / 4;
                }
                double centre = token ? Arrays.stream(mean).average().orElseThrow() : 0;
                double spread = token
                        ? Math.sqrt(Arrays.stream(mean)
                                .map(v -> (v - centre) * (v - centre))
                                .average()
                                .orElseThrow())
                        : 1;
                for (int i = 0; i < 192; i++) {
                    assertEquals((mean[i] - centre) / spread, said[i], 1e-4);
                }
            }
        }
    }

    /** Traced for training the small network drops, for evaluation it does not. */
    @Test
    void theBayesianNetworkDrawsFromItsPosterior() {
        Backbone model = Backbones.create("bayesian_cnn", 1, 1, 2, 0, 64);
        Tensor x = Tensor.input("image", Shape.of(1, 1, 64, 64));
        Map<String, Tensor> outputs =
                Map.of("sure", model.forward(x, Trace.eval()), "drawn", model.forward(x, Trace.sample()));
        try (Workspace workspace = Program.compile(CPU, outputs).workspace()) {
            workspace.feed("image", Recipe.values("image", 64 * 64, 0.5, 0.5));
            workspace.run(1, 0);
            float first = workspace.output("drawn")[0];
            float sure = workspace.output("sure")[0];
            workspace.run(1, 1);
            assertTrue(first != workspace.output("drawn")[0], "two draws are the same");
            assertEquals(sure, workspace.output("sure")[0]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"linformer_gz2", "bayesian_cnn", "vit_tiny_patch16_224", "maxvit_rmlp_pico_rw_256"})
    void picturesThatDoNotFitAreRefused(String name) {
        Backbone model = Backbones.create(name, 1, 3, 0, 0);
        Tensor odd = Tensor.input("image", Shape.of(1, 3, 100, 100));
        assertThrows(ShapeException.class, () -> model.forward(odd, Trace.eval()));
    }

    /** Pictures of another size than the position embedding's: it is resized as timm does it. */
    @Test
    void positionsAreResizedForOtherPictures() throws URISyntaxException {
        JsonNode truth = golden().get("test_vit").get("resized");
        Backbone model = Backbones.create("test_vit", 1, 3, 1000, 0);
        Modules.variables(model).forEach((key, variable) -> fill(key, variable, 1.2));
        int size = truth.get("size").integer();
        float[] logits = run(model, size, Recipe.values("image", 3 * size * size, 0.5, 0.5));
        double[] first = truth.get("logits").numbers();
        for (int i = 0; i < first.length; i++) {
            assertEquals(first[i], logits[i], 4 * truth.get("error").number() + 1e-6, "[" + i + "]");
        }
    }

    /** Every weight is in one group and, but for the classifier's, learns; so that freezing and layer decay miss none. */
    @ParameterizedTest
    @MethodSource("small")
    void groupsHoldEveryWeight(String name) {
        Backbone model = Backbones.create(name, 1, 3, 0, 0);
        Modules.parameters(model)
                .keySet()
                .forEach(key -> assertTrue(model.group(key) < model.groups().size(), name + " " + key));
        var layers = model.layers().groups(Modules.parameters(model), 0.5, 0.05);
        assertTrue(layers.getFirst().rateScale() < 0.2, name + " " + layers.getFirst());
    }

    static Stream<String> small() {
        return Stream.of(
                "test_efficientnet",
                "test_resnet",
                "test_convnext",
                "test_vit",
                "densenet121",
                "maxvit_rmlp_pico_rw_256",
                "bayesian_cnn",
                "linformer_gz2");
    }
}
