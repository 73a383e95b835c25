package hoag.galaxy.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.engine.files.Weights;
import hoag.engine.nn.Init;
import hoag.engine.nn.Modules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuessTest {
    @TempDir
    Path folder;

    private Path written(String architecture, int channels, int classes, int size) {
        List<TensorData> tensors = new ArrayList<>();
        Modules.variables(Backbones.create(architecture, Init.zeros(), channels, classes, 0, size))
                .forEach((key, variable) -> tensors.add(TensorData.of(key, variable.shape(), variable.values())));
        Path file = folder.resolve("w.safetensors");
        Safetensors.write(file, tensors, Map.of());
        return file;
    }

    @ParameterizedTest
    @CsvSource({
        "tf_efficientnet_lite0, 3, 0, 0",
        "efficientnet_b0, 1, 10, 0",
        "test_efficientnet, 3, 5, 0",
        "resnet18, 3, 1000, 0",
        "resnet34, 5, 0, 0",
        "resnet50, 3, 0, 0",
        "densenet121, 3, 0, 0",
        "test_convnext, 3, 0, 0",
        "convnext_pico, 1, 0, 0",
        "vit_tiny_patch16_96, 3, 3, 0",
        "vit_tiny_patch28_224, 3, 3, 0",
        "vit_tiny_patch14_avg_56, 3, 0, 0",
        "vit_tiny_patch16_gap_64, 1, 0, 0",
        "vit_tiny_patch16_cls_avg_64, 3, 0, 0",
        "vit_tiny_patch14_dinov2_70, 3, 0, 0",
        "test_vit, 3, 0, 0",
        "maxvit_rmlp_pico_rw_256, 3, 0, 0",
        "linformer_gz2, 3, 8, 0",
        "bayesian_cnn, 1, 0, 0"
    })
    void byNamesAndShapes(String architecture, int channels, int classes, int size) {
        try (Weights weights = Weights.open(written(architecture, channels, classes, size))) {
            assertEquals(
                    architecture.startsWith("linformer")
                            ? Optional.of(new Guess(architecture, 3))
                            : Optional.of(new Guess(architecture, channels)),
                    Guess.of(weights));
        }
    }

    @Test
    void otherWeightsAreOfNone() {
        Path file = folder.resolve("other.safetensors");
        Safetensors.write(
                file, List.of(TensorData.of("conv_stem.weight", hoag.kernels.Shape.of(4), new float[4])), Map.of());
        try (Weights weights = Weights.open(file)) {
            assertEquals(Optional.empty(), Guess.of(weights));
        }
    }
}
