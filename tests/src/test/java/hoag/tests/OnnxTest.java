package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Workspace;
import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.onnx.Onnx;
import hoag.engine.onnx.OnnxModel;
import hoag.galaxy.Bare;
import hoag.galaxy.BareOnnx;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.OnnxInput;
import hoag.galaxy.learn.Predictor;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.Backbones;
import hoag.kernels.ConfigException;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written as .onnx gives in ONNX Runtime what it gives here. */
class OnnxTest {
    private static final int BATCH = 2;
    private static final double NEAR = 1e-4;
    /** vgg16_bn's 553 MB thrice are more than the tests' memory; its operations are those of the others. */
    private static final long LARGE = 300L << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "tf_efficientnet_lite0, 64", "efficientnet_b0, 64", "tf_efficientnetv2_s, 64", "resnet18, 64", "resnet50, 64",
        "vgg16_bn, 64", "densenet121, 64", "convnext_pico, 64", "convnext_tiny, 64", "vit_tiny_patch16_224, 224",
        "maxvit_rmlp_pico_rw_256, 256", "bayesian_cnn, 128", "test_vit, 160", "test_convnext, 64"
    })
    void theSameAnswers(String architecture, int size) throws OrtException, IOException {
        GalaxyModel model = model(architecture, size);
        float[] image = Recipe.values("image", BATCH * 3 * size * size, 0, 1);
        Path file = folder.resolve("model.onnx");
        model.writeOnnx(file, BATCH);
        var there = OrtEnvironment.getEnvironment();
        long[] shape = {BATCH, 3, size, size};
        try (var session = there.createSession(file.toString());
                var given = OnnxTensor.createTensor(there, FloatBuffer.wrap(image), shape);
                var result = session.run(Map.of("image", given));
                var cpu = new CpuBackend(2);
                var predictor = new Predictor(cpu, model, BATCH, false)) {
            float[] features = predictor.features(image, BATCH);
            same(features, result, "features");
            same(predictor.answers(features, 0, 0), result, "answers");
            String hoag = session.getMetadata().getCustomMetadata().get("hoag");
            assertTrue(hoag.contains("\"architecture\":\"" + architecture + "\""), hoag);
            if (Files.size(file) < LARGE) {
                readBack(file, cpu, image, features);
                loaded(file, model);
            }
        }
    }

    /** The file is the model that was written. */
    private static void loaded(Path file, GalaxyModel model) {
        GalaxyModel again = GalaxyModel.load(file);
        Modules.variables(model.net())
                .forEach((key, variable) -> assertArrayEquals(
                        variable.values(),
                        Modules.variables(again.net()).get(key).values(),
                        key));
    }

    /** The file's own program gives here what the model gave that was written. */
    private static void readBack(Path file, CpuBackend cpu, float[] image, float[] features) {
        OnnxModel read = Onnx.read(file);
        assertEquals(List.of("features", "answers"), read.outputs());
        try (Workspace memory = Program.compile(cpu, read.nodes(1)).workspace()) {
            float[] got = memory.feed("image", image).run().output("features");
            assertEquals(features.length, got.length);
            double largest = 0;
            for (float value : features) largest = Math.max(largest, Math.abs(value));
            for (int i = 0; i < got.length; i++) assertEquals(features[i], got[i], NEAR * largest, "feature " + i);
        }
    }

    /** One file for any number of pictures, which takes their bytes. */
    @ParameterizedTest
    @CsvSource({"resnet18, 64", "vit_tiny_patch16_224, 96", "maxvit_rmlp_pico_rw_256, 256", "convnext_pico, 64"})
    void anyNumberOfPicturesAsBytes(String architecture, int size) throws OrtException {
        GalaxyModel made = model(architecture, size);
        GalaxyModel model = new GalaxyModel(
                architecture,
                made.net(),
                made.tasks(),
                made.preprocess().normalise(List.of(0.5, 0.4, 0.3), List.of(0.2, 0.3, 0.25)),
                made.about());
        Path file = folder.resolve("bytes.onnx");
        model.writeOnnx(file, 0, true);
        var there = OrtEnvironment.getEnvironment();
        try (var session = there.createSession(file.toString());
                var cpu = new CpuBackend(2)) {
            for (int count : new int[] {1, 3}) {
                byte[] pixels = new byte[count * size * size * 3];
                float[] prepared = new float[pixels.length];
                for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) (i * 31 + i / 977 * 7);
                for (int n = 0; n < count; n++) {
                    var picture = new Picture.Bytes(
                            size, size, 3, Arrays.copyOfRange(pixels, n * size * size * 3, (n + 1) * size * size * 3));
                    System.arraycopy(
                            model.preprocess().apply(picture), 0, prepared, n * size * size * 3, size * size * 3);
                }
                long[] shape = {count, size, size, 3};
                try (var given = OnnxTensor.createTensor(there, ByteBuffer.wrap(pixels), shape, OnnxJavaType.UINT8);
                        var result = session.run(Map.of("pixels", given));
                        var predictor = new Predictor(cpu, model, count, false);
                        Workspace memory = Program.compile(cpu, Onnx.read(file).nodes(count))
                                .workspace()) {
                    float[] features = predictor.features(prepared, count);
                    same(features, result, "features");
                    same(predictor.answers(features, 0, 0), result, "answers");
                    float[] floats = new float[pixels.length];
                    for (int i = 0; i < floats.length; i++) floats[i] = pixels[i] & 255;
                    same(memory.feed("pixels", floats).run().output("features"), result, "features");
                }
            }
        }
    }

    /** Published weights, which are no Hoag model: features and logits as the network gives them, from bytes normalised in the file. */
    @ParameterizedTest
    @CsvSource({
        "efficientnet_lite0, 64, 12",
        "resnet18, 64, 0",
        "convnext_pico, 64, 12",
        "test_vit, 160, 12",
        "test_efficientnet, 64, 3",
        "test_resnet, 64, 3",
        "linformer_gz2, 224, 8"
    })
    void bareWeights(String architecture, int size, int classes) throws OrtException {
        Backbone backbone = Backbones.create(architecture, 5, 3, classes, 0);
        List<TensorData> tensors = Modules.variables(backbone).entrySet().stream()
                .map(entry -> TensorData.of(
                        "module." + entry.getKey(),
                        entry.getValue().shape(),
                        entry.getValue().values()))
                .toList();
        Path weights = folder.resolve("timm.safetensors");
        Safetensors.write(weights, tensors, Map.of());
        Path file = folder.resolve("timm.onnx");
        var made = new BareOnnx(weights, new Bare(architecture, size, Bare.Normalise.HALF), new OnnxInput(0, true))
                .write(file);
        assertEquals(classes, made.classes());
        byte[] pixels = new byte[BATCH * size * size * 3];
        float[] image = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 31 + i / 977 * 7);
            int channel = i % 3;
            int place = i / 3 % (size * size);
            image[(i / (3 * size * size) * 3 + channel) * size * size + place] =
                    ((pixels[i] & 255) / 255f - 0.5f) / 0.5f;
        }
        Map<String, Tensor> outputs = new java.util.LinkedHashMap<>();
        Tensor x = Tensor.input("image", Shape.of(BATCH, 3, size, size));
        outputs.put("features", backbone.pooled(x, Trace.eval()));
        if (classes > 0) {
            outputs.put("logits", backbone.forward(x, Trace.eval()));
        }
        var there = OrtEnvironment.getEnvironment();
        long[] shape = {BATCH, size, size, 3};
        try (var session = there.createSession(file.toString());
                var given = OnnxTensor.createTensor(there, ByteBuffer.wrap(pixels), shape, OnnxJavaType.UINT8);
                var result = session.run(Map.of("pixels", given));
                var cpu = new CpuBackend(2);
                Workspace memory = Program.compile(cpu, outputs).workspace()) {
            assertEquals(outputs.keySet(), session.getOutputNames());
            memory.feed("image", image).run();
            for (String output : outputs.keySet()) {
                same(memory.output(output), result, output);
            }
            assertEquals(
                    "0.5,0.5,0.5", session.getMetadata().getCustomMetadata().get("mean"));
        }
    }

    /** Weights as initialised, but norms that are not the identity, so that none can be left out unseen. */
    private static GalaxyModel model(String architecture, int size) {
        GalaxyModel model = GalaxyModel.create(architecture, Small.TASKS, Preprocess.of(size, Channels.RGB), 0, 0, 3);
        Modules.variables(model.net()).forEach((key, variable) -> {
            if (variable.shape().rank() == 1) {
                float[] values = variable.values();
                float[] dice = Recipe.values(key, values.length, 0, 0.1);
                for (int i = 0; i < values.length; i++) {
                    values[i] += dice[i];
                }
                variable.set(values);
            }
        });
        return model;
    }

    private static void same(float[] wanted, OrtSession.Result result, String output) {
        float[] got =
                ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer().array();
        assertEquals(wanted.length, got.length, output);
        double largest = 0;
        double off = 0;
        for (int i = 0; i < wanted.length; i++) {
            largest = Math.max(largest, Math.abs(wanted[i]));
            off = Math.max(off, Math.abs(wanted[i] - got[i]));
        }
        assertTrue(largest > 0 && off <= NEAR * largest, output + " off by " + off + ", the largest is " + largest);
    }

    @Test
    void whatOnnxLacks() {
        Tensor x = Tensor.input("x", Shape.of(2, 3));
        Path file = folder.resolve("lacks.onnx");
        var error = assertThrows(
                ConfigException.class,
                () -> Onnx.write(file, Map.of("y", x.map(hoag.kernels.Unary.LGAMMA)), Map.of(), Map.of()));
        assertTrue(error.getMessage().contains("ONNX has no lgamma"), error.getMessage());
        assertTrue(Files.notExists(file));
    }
}
