package hoag.galaxy.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.engine.nn.Modules;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.models.Backbones;
import hoag.kernels.FormatException;
import hoag.kernels.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights of a network that was a member of something when it was saved. */
class WrappingTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "module.", "model.", "_orig_mod.", "module.model.", "model.encoder.", "net.backbone."})
    void theArchitectureIsKnownAndTheWeightsFit(String wrapper) {
        var weights = Modules.variables(Backbones.create("test_resnet", 3, 3, 10, 0));
        List<TensorData> tensors = new ArrayList<>();
        weights.forEach(
                (key, variable) -> tensors.add(TensorData.of(wrapper + key, variable.shape(), variable.values())));
        Path file = folder.resolve("wrapped.safetensors");
        Safetensors.write(file, tensors, Map.of());
        assertEquals("test_resnet", GalaxyModel.architectureOf(file));
        GalaxyModel other =
                GalaxyModel.of("test_convnext", List.of(new Task.Flag("ring")), Preprocess.of(32, Channels.RGB), 0);
        String message = assertThrows(FormatException.class, () -> other.loadBackbone(file))
                .getMessage();
        assertTrue(message.endsWith("name the right --architecture: test_resnet"), message);
        GalaxyModel model =
                GalaxyModel.of("test_resnet", List.of(new Task.Flag("ring")), Preprocess.of(32, Channels.RGB), 0);
        model.loadBackbone(file);
        Modules.variables(model.net().encoder())
                .forEach((key, variable) -> assertArrayEquals(weights.get(key).values(), variable.values(), key));
    }

    /** A loss with weights of classes, a metric, the count of an average of weights: none of them hides the network. */
    @Test
    void whatStandsBesideTheNetworkIsLeft() {
        var weights = Modules.variables(Backbones.create("test_resnet", 3, 3, 10, 0));
        List<TensorData> tensors = new ArrayList<>();
        tensors.add(TensorData.of("n_averaged", Shape.SCALAR, 3));
        tensors.add(TensorData.of("criterion.weight", Shape.of(3), 1, 2, 3));
        weights.forEach(
                (key, variable) -> tensors.add(TensorData.of("module." + key, variable.shape(), variable.values())));
        Path file = folder.resolve("averaged.safetensors");
        Safetensors.write(file, tensors, Map.of());
        GalaxyModel model = GalaxyModel.of(
                GalaxyModel.architectureOf(file), List.of(new Task.Flag("ring")), Preprocess.of(32, Channels.RGB), 0);
        model.loadBackbone(file);
        Modules.variables(model.net().encoder())
                .forEach((key, variable) -> assertArrayEquals(weights.get(key).values(), variable.values(), key));
    }

    /** What does not belong to the network is named; no other architecture is, for it is the right one. */
    @Test
    void whatIsTooMuchIsNamed() {
        List<TensorData> tensors = new ArrayList<>();
        tensors.add(TensorData.of("queue", Shape.of(2), 1, 2));
        Modules.variables(Backbones.create("test_resnet", 3, 3, 10, 0))
                .forEach((key, variable) -> tensors.add(TensorData.of(key, variable.shape(), variable.values())));
        Path file = folder.resolve("more.safetensors");
        Safetensors.write(file, tensors, Map.of());
        GalaxyModel model =
                GalaxyModel.of("test_resnet", List.of(new Task.Flag("ring")), Preprocess.of(32, Channels.RGB), 0);
        String message = assertThrows(FormatException.class, () -> model.loadBackbone(file))
                .getMessage();
        assertTrue(message.contains("queue [2] is not in the model; a test_resnet it is otherwise"), message);
    }
}
