package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.HeadFit;
import hoag.galaxy.learn.Predictor;
import hoag.galaxy.learn.Progress;
import hoag.kernels.cpu.CpuBackend;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A linear layer on a frozen backbone, even one with random weights, tells red galaxies from blue ones it has not seen. */
class FrozenHeadTest {
    @Test
    void separable(@TempDir Path folder) {
        GalaxyModel model = GalaxyModel.create("resnet18", Small.TASKS, Preprocess.of(32, Channels.RGB), 0, 0, 1);
        var before = Small.weights(model);
        Examples test = Small.examples(folder, 200, 20);
        try (var cpu = new CpuBackend(2)) {
            var result = HeadFit.fit(
                    cpu, model, Small.examples(folder, 0, 24), Small.examples(folder, 100, 8), 8, 2, Progress.NONE);
            assertEquals(2, result.penalties().size());
            assertTrue(Double.isFinite(result.validLoss()), () -> "valid loss " + result.validLoss());
            try (var predictor = new Predictor(cpu, model, 8, false)) {
                assertEquals(20, right(predictor, test));
            }
        }
        Small.weights(model)
                .forEach((key, values) ->
                        assertEquals(!key.startsWith("head"), Arrays.equals(before.get(key), values), key));
    }

    /** How many galaxies get their own class. */
    private static int right(Predictor predictor, Examples test) {
        var all = predictor.represent(
                test.images(), predictor.model().preprocess(), 2, true, failure -> {}, Progress.NONE);
        int width = predictor.model().width();
        int right = 0;
        for (var one : all) {
            float[] answers =
                    predictor.answers(Arrays.copyOf(one.features(), predictor.batch() * one.features().length), 0, 0);
            assertEquals(1, answers[0] + answers[1], 1e-5, "probabilities of " + width + " answers");
            right += (answers[1] > answers[0] ? 1 : 0) == (int) test.labels()[2 * one.row()] ? 1 : 0;
        }
        return right;
    }
}
