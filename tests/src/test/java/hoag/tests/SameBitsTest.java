package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import hoag.engine.Variable;
import hoag.galaxy.image.Augment;
import hoag.galaxy.learn.Checkpoint;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Learner;
import hoag.galaxy.learn.Predictor;
import hoag.galaxy.learn.Progress;
import hoag.kernels.cpu.CpuBackend;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same seed gives the same bits, whatever the number of threads. */
class SameBitsTest {
    @TempDir
    static Path folder;

    private static Map<String, byte[]> once;

    @BeforeAll
    static void train() {
        once = trained(2);
    }

    private static Map<String, byte[]> trained(int threads) {
        GalaxyModel model = Small.model(64, 3);
        try (var cpu = new CpuBackend(threads);
                var learner = new Learner(
                        cpu,
                        model,
                        Small.examples(folder, 0, 12),
                        new Examples(List.of(), List.of(), new float[0]),
                        Small.settings(1, 0),
                        Augment.GALAXY,
                        new Checkpoint(folder.resolve("model.hoag"), "", false),
                        threads)) {
            learner.fit(Progress.NONE);
        }
        Map<String, byte[]> bits = new LinkedHashMap<>();
        Small.weights(model).forEach((key, values) -> bits.put(key, Bits.of(values)));
        return bits;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void threeStepsOfTraining(int threads) {
        Map<String, byte[]> again = trained(threads);
        assertEquals(once.keySet(), again.keySet());
        once.forEach((key, bits) -> assertArrayEquals(bits, again.get(key), key));
        Map<String, float[]> before = Small.weights(Small.model(64, 3));
        before.forEach((key, values) ->
                assertFalse(java.util.Arrays.equals(Bits.of(values), once.get(key)), key + " did not move"));
    }

    @Test
    void monteCarloDropout() {
        GalaxyModel model = Small.model(32, 3);
        float[] features = new float[4 * model.net().encoder().features()];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) Math.sin(i);
        }
        Variable weight = model.net().head().linear().weight();
        float[] large = new float[weight.shape().size()];
        for (int i = 0; i < large.length; i++) {
            large[i] = (float) Math.cos(3 * i);
        }
        weight.set(large);
        byte[][] first = answers(model, features, 1);
        byte[][] again = answers(model, features, 2);
        assertArrayEquals(first[0], again[0]);
        assertArrayEquals(first[1], again[1]);
        assertFalse(java.util.Arrays.equals(first[0], first[1]), "samples 0 and 1 drop the same units");
        assertFalse(java.util.Arrays.equals(first[0], first[2]), "seeds 5 and 6 drop the same units");
    }

    /** Samples 0 and 1 of seed 5, sample 0 of seed 6. */
    private static byte[][] answers(GalaxyModel model, float[] features, int threads) {
        try (var cpu = new CpuBackend(threads);
                var predictor = new Predictor(cpu, model, 4, true)) {
            return new byte[][] {
                Bits.of(predictor.answers(features, 5, 0)),
                Bits.of(predictor.answers(features, 5, 1)),
                Bits.of(predictor.answers(features, 6, 0))
            };
        }
    }
}
