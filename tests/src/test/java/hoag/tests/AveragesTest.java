package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.galaxy.image.Augment;
import hoag.galaxy.learn.Checkpoint;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Learner;
import hoag.galaxy.learn.Progress;
import hoag.kernels.cpu.CpuBackend;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without galaxies to validate on the model that is kept is still the average of the weights, and the run goes on from the weights themselves. */
class AveragesTest {
    @Test
    void withoutValidation(@TempDir Path folder) {
        Path out = folder.resolve("m.safetensors");
        try (var cpu = new CpuBackend(2);
                var learner = new Learner(
                        cpu,
                        Small.model(32, 5),
                        Small.examples(folder.resolve("pictures"), 0, 8),
                        new Examples(List.of(), List.of(), new float[0]),
                        Small.settings(2, 0.9),
                        Augment.NONE,
                        new Checkpoint(out, "run", true),
                        2)) {
            assertTrue(learner.fit(Progress.NONE).finished());
        }
        int averaged = 0;
        try (Safetensors kept = Safetensors.open(out);
                Safetensors run = Safetensors.open(folder.resolve("m.safetensors.last"))) {
            for (TensorData tensor : kept.tensors()) {
                var average = run.find("ema/" + tensor.name());
                float[] weights = run.get(tensor.name()).floats();
                if (average.isPresent()) {
                    averaged++;
                    assertArrayEquals(average.get().floats(), tensor.floats(), tensor.name());
                    assertFalse(Arrays.equals(weights, tensor.floats()), tensor.name() + " is not averaged");
                } else {
                    assertArrayEquals(weights, tensor.floats(), tensor.name());
                }
            }
        }
        assertTrue(averaged > 50, averaged + " averages");
        assertEquals(2, GalaxyModel.load(out).tasks().size());
    }
}
