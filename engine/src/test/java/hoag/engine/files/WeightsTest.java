package hoag.engine.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.DataException;
import hoag.kernels.FormatException;
import hoag.kernels.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsTest {
    @TempDir
    Path folder;

    @Test
    void aFolderOfWeightsAndConfigurationGoesBothWays() {
        Path model = folder.resolve("model");
        Weights.writeFolder(
                model,
                List.of(TensorData.of("w", Shape.of(2), 1, 2)),
                Map.of("architecture", "resnet18", "mean", "0.5,0.5,0.5", "std", "0.25,0.25,0.25"));
        var config = Json.read(model.resolve("config.json"));
        assertEquals("resnet18", config.get("architecture").string());
        assertArrayEquals(
                new double[] {0.25, 0.25, 0.25},
                config.get("pretrained_cfg").get("std").numbers());
        try (var weights = Weights.open(model)) {
            assertArrayEquals(new float[] {1, 2}, weights.get("w").floats());
            assertEquals("resnet18", weights.metadata().get("architecture"));
        }
    }

    @Test
    void aConfigurationSaysWhatItsWeightsDoNot() throws IOException {
        Files.copy(Golden.file("state-dict.pt"), folder.resolve("pytorch_model.bin"));
        Files.writeString(
                folder.resolve("config.json"),
                "{\"architecture\": \"vit_tiny_patch16_224\", \"pretrained_cfg\": {\"mean\": [0.1, 0.2, 0.3]}}");
        try (var weights = Weights.open(folder)) {
            assertEquals("vit_tiny_patch16_224", weights.metadata().get("architecture"));
            assertEquals("0.1,0.2,0.3", weights.metadata().get("mean"));
            assertTrue(weights.names().contains("conv.weight"));
        }
    }

    @Test
    void aFolderWithoutWeightsAndAFileOfAnotherKindAreRefused() throws IOException {
        var error = assertThrows(DataException.class, () -> Weights.open(folder));
        assertTrue(error.getMessage().contains("model.safetensors"), error.getMessage());
        Path text = Files.writeString(folder.resolve("notes.txt"), "weights, perhaps");
        assertTrue(assertThrows(FormatException.class, () -> Weights.open(text))
                .getMessage()
                .contains("no file of weights"));
        assertThrows(DataException.class, () -> Weights.open(folder.resolve("none.pt")));
    }

    @Test
    void manyArraysGoThroughNpz() {
        Path path = folder.resolve("a.npz");
        Npy.writeAll(path, List.of(TensorData.of("a", Shape.of(2), 1, 2), TensorData.of("b.c", new long[0], 7L)));
        var arrays = Npy.readAll(path);
        assertArrayEquals(new float[] {1, 2}, arrays.get("a").floats());
        assertArrayEquals(new long[] {7}, arrays.get("b.c").longs());
    }

    /** Of what trainings keep, the network: a teacher's weights and not its student's, an average alone, under a name of a user's own. */
    @ParameterizedTest
    @CsvSource({
        "teacher-and-student.pth, teacher., backbone.w",
        "average-only.pth, model_ema., w",
        "net.pth, net., module.w"
    })
    void theNetworkAmongOtherThings(String file, String prefix, String name) {
        try (var weights = Weights.open(Golden.file("../wrapped/" + file))) {
            var model = weights.model();
            assertEquals(prefix, model.prefix());
            assertArrayEquals(new float[] {1, 2}, model.get(name).floats());
        }
    }

    /** Settings of every kind that people keep in a checkpoint: paths, enumerations, slices, partial functions, NumPy's numbers. */
    @Test
    void settingsOfOddTypes() {
        try (var weights = Weights.open(Golden.file("../wrapped/settings.ckpt"))) {
            assertEquals(Weights.Kind.LIGHTNING, weights.kind());
            assertArrayEquals(new float[] {1, 2}, weights.model().get("model.w").floats());
            var settings = weights.values().get("hyper_parameters");
            assertEquals(0.001, settings.get("lr").number());
            assertTrue(settings.get("slice").value().toString().contains("builtins.slice"));
            assertTrue(settings.get("path").value().toString().contains("data"));
        }
    }
}
