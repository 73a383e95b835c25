package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.Activation;
import hoag.engine.Gradients;
import hoag.engine.Program;
import hoag.engine.Recompute;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.Workspace;
import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.engine.files.Safetensors;
import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Module;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.train.AdamW;
import hoag.engine.train.Losses;
import hoag.engine.train.Optimizer;
import hoag.engine.train.Sgd;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.Backbones;
import hoag.kernels.Backend;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backbones against PyTorch and timm: outputs, every intermediate map, gradients, running statistics, five steps of training. */
class GoldenModelsTest {
    private static final Backend CPU = new CpuBackend();

    @AfterAll
    static void close() {
        CPU.close();
    }

    private static Path golden(String name) throws URISyntaxException {
        return Path.of(
                GoldenModelsTest.class.getResource("/golden/models/" + name).toURI());
    }

    private static Tensor images(JsonNode input) {
        return Tensor.input(
                "image",
                Shape.of(java.util.Arrays.stream(input.get("shape").wholes())
                        .mapToInt(Math::toIntExact)
                        .toArray()));
    }

    /** The model that {@code run} was made with; {@code img_size} is where timm was asked for another picture size. */
    private static Backbone model(JsonNode golden, JsonNode run, int classes) {
        int size = run.get("create")
                .find("img_size")
                .map(JsonNode::number)
                .orElse(0.0)
                .intValue();
        boolean headless = golden.get("config").get("num_classes").number() == 0;
        Backbone model = Backbones.create(golden.get("model").string(), 1, 3, headless ? 0 : classes, 0, size);
        Recipe.fill(
                golden.get("prefix").string(),
                golden.get("tensors"),
                run.get("tensors_changed"),
                Modules.variables(model));
        return model;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "efficientnet_b0",
                "resnet18",
                "resnet50",
                "vgg19_bn",
                "efficientnetv2_rw_t",
                "tf_efficientnetv2_s",
                "convnext_nano",
                "convnext_pico",
                "vit_tiny_patch16_224",
                "vit_small_patch14_dinov2",
                "maxvit_rmlp_nano_rw_256"
            })
    void inference(String name) throws URISyntaxException {
        JsonNode golden = Json.read(golden(name + ".json"));
        try (Safetensors arrays = Safetensors.open(golden(name + ".safetensors"))) {
            for (JsonNode run : golden.get("runs").items()) {
                inference(name + " " + run.get("key").string(), model(golden, run, 1000), run, arrays);
            }
        }
    }

    private static void inference(String what, Backbone model, JsonNode run, Safetensors arrays) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        Trace trace = Trace.eval();
        Tensor pooled = model.pooled(images(run.get("input")), trace);
        outputs.put("features", pooled);
        outputs.put(
                "logits",
                model.classifier() == null ? pooled : model.classifier().apply(pooled, trace));
        Map<String, JsonNode> stages = stages(model, run, trace, outputs);
        try (Workspace workspace = Program.compile(CPU, outputs).workspace()) {
            workspace.feed("image", Recipe.image(run.get("input"))).run();
            stages.forEach((stage, truth) -> stage(what + " " + stage, truth, workspace.output(stage)));
            for (String part : List.of("features", "logits")) {
                near(
                        what + " " + part,
                        arrays.get(run.get("key").string() + "/" + part).doubles(),
                        workspace.output(part),
                        outputs.get(part).shape().dim(0),
                        run.get(part));
            }
        }
    }

    /** Layer-wise learning rates and weight decay as timm gives them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "efficientnet_b0",
                "resnet18",
                "resnet50",
                "efficientnetv2_rw_t",
                "tf_efficientnetv2_s",
                "convnext_nano",
                "convnext_pico",
                "vit_tiny_patch16_224",
                "vit_small_patch14_dinov2",
                "maxvit_rmlp_nano_rw_256"
            })
    void layerDecay(String name) throws URISyntaxException {
        JsonNode golden = Json.read(golden(name + ".json"));
        JsonNode truth = golden.get("layer_decay");
        boolean headless = golden.get("config").get("num_classes").number() == 0;
        Backbone model = Backbones.create(name, 1, 3, headless ? 0 : 1000, 0);
        Map<String, Variable> parameters = Modules.parameters(model);
        assertEquals(truth.get("parameters").members().keySet(), parameters.keySet());
        for (var group :
                model.layers().groups(parameters, truth.get("layer_decay").number(), 0.05)) {
            for (String key : group.weights().keySet()) {
                double[] both = truth.get("parameters").get(key).numbers();
                assertEquals(both[0], group.rateScale(), 1e-9 * both[0], key);
                assertEquals(both[1], group.weightDecay(), key);
            }
        }
    }

    /** Where a golden stage is a module here, its result becomes an output. */
    private static Map<String, JsonNode> stages(
            Backbone model, JsonNode run, Trace trace, Map<String, Tensor> outputs) {
        Map<String, JsonNode> stages = new LinkedHashMap<>();
        Map<String, Module> modules = Modules.modules(model);
        for (JsonNode stage : run.get("stages").items()) {
            String name = stage.get("name").string();
            Module module = modules.get(name);
            boolean withActivation = module instanceof BatchNorm2d norm
                    && norm.activation() != Activation.IDENTITY
                    && stage.get("class").string().equals("BatchNorm2d");
            if (module != null && trace.result(module) != null && !withActivation) {
                stages.put("stage " + name, stage);
                outputs.put("stage " + name, trace.result(module));
            }
        }
        assertTrue(stages.size() >= 12, "only " + stages.keySet() + " are compared");
        return stages;
    }

    /** The truth may hold the first numbers of each picture only. */
    private static void near(String what, double[] truth, float[] got, int pictures, JsonNode bound) {
        double allowed =
                4 * bound.get("error").number() + 1e-6 * bound.get("max_abs").number();
        int stored = truth.length / pictures;
        int all = got.length / pictures;
        assertTrue(stored == all || stored == 64, what + ": " + stored + " of " + all);
        for (int i = 0; i < truth.length; i++) {
            assertEquals(truth[i], got[i / stored * all + i % stored], allowed, what + " [" + i + "]");
        }
    }

    private static void stage(String what, JsonNode truth, float[] got) {
        double max = truth.get("max_abs").number();
        double allowed = 4 * truth.get("error").number() + 1e-6 * max;
        double[] first = truth.get("first8").numbers();
        double[] last = truth.get("last8").numbers();
        for (int i = 0; i < first.length; i++) {
            assertEquals(first[i], got[i], allowed, what + " first8 [" + i + "]");
            assertEquals(last[i], got[got.length - last.length + i], allowed, what + " last8 [" + i + "]");
        }
        double mean = 0;
        double largest = 0;
        for (float value : got) {
            mean += value / (double) got.length;
            largest = Math.max(largest, Math.abs(value));
        }
        assertEquals(truth.get("mean").number(), mean, allowed, what + " mean");
        assertEquals(max, largest, allowed, what + " largest");
    }

    private record Training(Backbone model, Trace trace, Tensor loss, float[] image, float[] target, JsonNode golden) {
        static Training of(String name) throws URISyntaxException {
            JsonNode all = Json.read(GoldenModelsTest.golden(name + ".json"));
            JsonNode train = all.get("train");
            Backbone model = GoldenModelsTest.model(all, train, 10);
            Trace trace = Trace.train();
            double[] target = train.get("target").get("values").numbers();
            float[] classes = new float[target.length];
            for (int i = 0; i < classes.length; i++) {
                classes[i] = (float) target[i];
            }
            Tensor loss = Losses.crossEntropy(
                    model.forward(images(train.get("input")), trace),
                    Tensor.input("target", Shape.of(classes.length)),
                    null,
                    0);
            return new Training(model, trace, loss, Recipe.image(train.get("input")), classes, train);
        }

        Workspace feed(Workspace workspace) {
            return workspace.feed("image", image).feed("target", target);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "efficientnet_b0, 1e-5, 4",
        "resnet18, 0.1, 0",
        "convnext_nano, 1e-5, 4",
        "vit_tiny_patch16_224, 1e-5, 4"
    })
    void gradients(String name, double ofNorm, double ofError) throws URISyntaxException {
        Training training = Training.of(name);
        Map<String, Variable> parameters = Modules.parameters(training.model);
        List<Tensor> gradients = Gradients.of(
                training.loss,
                parameters.values().stream().map(Variable::tensor).toList());
        Map<String, Tensor> outputs = new LinkedHashMap<>(Map.of("loss", training.loss));
        int next = 0;
        for (String key : parameters.keySet()) {
            outputs.put(key, gradients.get(next++));
        }
        try (Workspace workspace = Program.compile(CPU, outputs, training.trace.updates(), Recompute.ALWAYS)
                .workspace()) {
            training.feed(workspace).run();
            assertEquals(
                    training.golden.get("loss").number(),
                    workspace.scalar("loss"),
                    4 * training.golden.get("loss_error").number() + 2e-6);
            for (JsonNode truth : training.golden.get("gradients").items()) {
                gradient(truth, workspace.output(truth.get("name").string()), ofNorm, ofError);
            }
        }
        running(training);
    }

    /** The norm and eight entries; entries may be off by what the norm of the difference may be. */
    private static void gradient(JsonNode truth, float[] got, double ofNorm, double ofError) {
        double norm = 0;
        for (float value : got) {
            norm += (double) value * value;
        }
        double allowed = ofError * truth.get("error").number()
                + ofNorm * truth.get("norm").number()
                + 1e-7;
        String name = truth.get("name").string();
        assertEquals(
                truth.get("norm").number(), Math.sqrt(norm), truth.find("zero").isPresent() ? 1e-4 : allowed, name);
        if (truth.find("index").isEmpty()) {
            return; // zero on paper: the norm says all
        }
        long[] index = truth.get("index").wholes();
        double[] values = truth.get("values").numbers();
        for (int i = 0; i < index.length; i++) {
            assertEquals(
                    values[i],
                    got[(int) index[i]],
                    truth.find("zero").isPresent() ? 1e-4 : allowed,
                    name + " [" + index[i] + "]");
        }
    }

    private static void running(Training training) {
        Map<String, Variable> variables = Modules.variables(training.model);
        for (JsonNode truth : training.golden.get("running_after_one_forward").items()) {
            float[] values = variables.get(truth.get("name").string()).values();
            double sum = 0;
            for (float value : values) {
                sum += value;
            }
            assertEquals(
                    truth.get("sum").number(),
                    sum,
                    1e-5 * Math.max(1, values.length),
                    truth.get("name").string());
            double[] first = truth.get("first4").numbers();
            for (int i = 0; i < first.length; i++) {
                assertEquals(
                        first[i],
                        values[i],
                        1e-5 * Math.max(1, Math.abs(first[i])),
                        truth.get("name").string());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "efficientnet_b0, adamw, 1e-4",
        "efficientnet_b0, sgd, 1e-4",
        "resnet18, adamw, 5e-3",
        "resnet18, sgd, 5e-3",
        "convnext_nano, adamw, 1e-4",
        "convnext_nano, sgd, 1e-4",
        "vit_tiny_patch16_224, adamw, 1e-4",
        "vit_tiny_patch16_224, sgd, 1e-4"
    })
    void fiveSteps(String name, String rule, double slack) throws URISyntaxException {
        Training training = Training.of(name);
        JsonNode golden = training.golden.get("steps").get(rule);
        JsonNode settings = golden.get("settings");
        Optimizer optimizer = rule.equals("adamw")
                ? new AdamW(0.9, 0.999, 1e-8, settings.get("weight_decay").number())
                : new Sgd(
                        settings.get("momentum").number(),
                        settings.find("weight_decay").map(JsonNode::number).orElse(0.0));
        var group = new Optimizer.Group(Modules.parameters(training.model), 1, optimizer.weightDecay());
        List<Tensor> updates = new ArrayList<>(optimizer
                .minimize(training.loss, List.of(group), Optimizer.Options.NONE)
                .updates());
        updates.addAll(training.trace.updates());
        double[] losses = golden.get("losses").numbers();
        double[] errors = golden.get("losses_error").numbers();
        try (Workspace workspace =
                Program.compile(CPU, Map.of("loss", training.loss), updates).workspace()) {
            training.feed(workspace)
                    .feed(Optimizer.RATE, (float) settings.get("lr").number());
            for (int step = 0; step < losses.length; step++) {
                optimizer.feed(step + 1, (key, value) -> workspace.feed(key, (float) value));
                workspace.run();
                assertEquals(
                        losses[step],
                        workspace.scalar("loss"),
                        4 * errors[step] + slack,
                        name + " " + rule + " step " + step);
            }
        }
    }
}
