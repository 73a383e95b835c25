package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.image.Augment;
import hoag.galaxy.learn.Checkpoint;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Learner;
import hoag.galaxy.learn.Progress;
import hoag.kernels.DataException;
import hoag.kernels.cpu.CpuBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A label beyond all measure stops the training: the message says which galaxies and which node, and what was kept stays. */
class NotFiniteTest {
    @TempDir
    Path folder;

    private GalaxyModel train(Examples examples, int epochs) {
        GalaxyModel model = Small.model(32, 5);
        try (var cpu = new CpuBackend(2);
                var learner = new Learner(
                        cpu,
                        model,
                        examples,
                        Small.examples(folder, 100, 4),
                        Small.settings(epochs, 0.9),
                        Augment.GALAXY,
                        new Checkpoint(folder.resolve("m.hoag"), "same", true),
                        2)) {
            learner.fit(Progress.NONE);
        }
        return model;
    }

    @Test
    void theStepIsNamedAndTheFilesStay() throws IOException {
        Examples good = Small.examples(folder, 0, 4);
        train(good, 1);
        byte[] best = Files.readAllBytes(folder.resolve("m.hoag"));
        byte[] last = Files.readAllBytes(folder.resolve("m.hoag.last"));

        float[] labels = good.labels().clone();
        labels[5] = 1e30f; // its square is infinite
        Examples bad = new Examples(good.ids(), good.images(), labels);
        String message = assertThrows(DataException.class, () -> train(bad, 2)).getMessage();
        assertEquals(1, message.lines().count(), message);
        for (String part :
                List.of("loss became Infinity", "epoch 2, step 1", "g2", "the first that is not finite", "E29")) {
            assertTrue(message.contains(part), part + " is not in: " + message);
        }
        assertArrayEquals(best, Files.readAllBytes(folder.resolve("m.hoag")));
        assertArrayEquals(last, Files.readAllBytes(folder.resolve("m.hoag.last")));
    }

    /** Every step is finite, the validation after them is not. */
    @Test
    void aValidationThatIsNotFiniteIsNamed() throws IOException {
        Examples good = Small.examples(folder, 0, 4);
        train(good, 1);
        byte[] best = Files.readAllBytes(folder.resolve("m.hoag"));
        byte[] last = Files.readAllBytes(folder.resolve("m.hoag.last"));
        Examples unseen = Small.examples(folder, 100, 4);
        unseen.labels()[1] = 1e30f; // its square is infinite
        try (var cpu = new CpuBackend(2);
                var learner = new Learner(
                        cpu,
                        Small.model(32, 5),
                        good,
                        unseen,
                        Small.settings(2, 0.9),
                        Augment.GALAXY,
                        new Checkpoint(folder.resolve("m.hoag"), "same", true),
                        2)) {
            String message = assertThrows(DataException.class, () -> learner.fit(Progress.NONE))
                    .getMessage();
            assertEquals(1, message.lines().count(), message);
            for (String part :
                    List.of("validation became Infinity after epoch 2", "galaxies g", "the largest weight is")) {
                assertTrue(message.contains(part), part + " is not in: " + message);
            }
        }
        assertArrayEquals(best, Files.readAllBytes(folder.resolve("m.hoag")));
        assertArrayEquals(last, Files.readAllBytes(folder.resolve("m.hoag.last")));
    }

    @Test
    void theWeightsOfTheRunStayToo() {
        Examples good = Small.examples(folder, 0, 4);
        GalaxyModel model = Small.model(32, 5);
        Map<String, float[]> before = Small.weights(model);
        float[] labels = {0, 1e30f, 1, 1e30f, 0, 1e30f, 1, 1e30f};
        try (var cpu = new CpuBackend(1);
                var learner = new Learner(
                        cpu,
                        model,
                        new Examples(good.ids(), good.images(), labels),
                        new Examples(List.of(), List.of(), new float[0]),
                        Small.settings(1, 0),
                        Augment.GALAXY,
                        new Checkpoint(folder.resolve("n.hoag"), "same", false),
                        1)) {
            assertThrows(DataException.class, () -> learner.fit(Progress.NONE));
        }
        before.forEach(
                (key, values) -> assertArrayEquals(values, Small.weights(model).get(key), key));
    }
}
