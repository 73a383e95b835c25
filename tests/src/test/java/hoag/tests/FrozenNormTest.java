package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import hoag.galaxy.image.Augment;
import hoag.galaxy.learn.Checkpoint;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Learner;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.TrainSettings;
import hoag.kernels.cpu.CpuBackend;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With frozen BatchNorm the running statistics stay to the bit, and everything else learns; without, they follow the batches. */
class FrozenNormTest {
    private static final String WEIGHT = "encoder.conv_stem.weight";
    private static final String SCALE = "encoder.bn1.weight";
    private static final String MEAN = "encoder.bn1.running_mean";
    private static final String VARIANCE = "encoder.bn1.running_var";

    @TempDir
    Path folder;

    @Test
    void frozenStatisticsStay() {
        Map<String, float[]> before = Small.weights(Small.model(32, 5));
        Map<String, float[]> after = trained(TrainSettings.Norm.FROZEN);
        assertArrayEquals(before.get(MEAN), after.get(MEAN));
        assertArrayEquals(before.get(VARIANCE), after.get(VARIANCE));
        assertFalse(Arrays.equals(before.get(WEIGHT), after.get(WEIGHT)));
        assertFalse(Arrays.equals(before.get(SCALE), after.get(SCALE)));
    }

    @Test
    void othersFollowTheBatches() {
        Map<String, float[]> before = Small.weights(Small.model(32, 5));
        Map<String, float[]> after = trained(TrainSettings.Norm.BATCH);
        assertFalse(Arrays.equals(before.get(MEAN), after.get(MEAN)));
        assertFalse(Arrays.equals(before.get(VARIANCE), after.get(VARIANCE)));
    }

    private Map<String, float[]> trained(TrainSettings.Norm norm) {
        GalaxyModel model = Small.model(32, 5);
        try (var cpu = new CpuBackend(2);
                var learner = new Learner(
                        cpu,
                        model,
                        Small.examples(folder, 0, 8),
                        Small.examples(folder, 100, 4),
                        Small.settings(1, 0).norm(norm),
                        Augment.NONE,
                        new Checkpoint(folder.resolve(norm + ".hoag"), "same", true),
                        2)) {
            learner.fit(Progress.NONE);
        }
        return Small.weights(model);
    }
}
