package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import hoag.engine.Tensor;
import hoag.engine.nn.Modules;
import hoag.engine.onnx.Onnx;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Predictor;
import hoag.kernels.ConfigException;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written as .onnx gives in ONNX Runtime what it gives here. */
class OnnxTest {
    private static final int BATCH = 2;
    private static final double NEAR = 1e-4;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "tf_efficientnet_lite0, 64", "efficientnet_b0, 64", "tf_efficientnetv2_s, 64", "resnet18, 64", "resnet50, 64",
        "vgg16_bn, 64", "densenet121, 64", "convnext_pico, 64", "convnext_tiny, 64", "vit_tiny_patch16_224, 224",
        "maxvit_rmlp_pico_rw_256, 256", "bayesian_cnn, 128", "test_vit, 160", "test_convnext, 64"
    })
    void theSameAnswers(String architecture, int size) throws OrtException {
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
