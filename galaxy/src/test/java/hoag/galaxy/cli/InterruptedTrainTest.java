package hoag.galaxy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.Compute;
import hoag.galaxy.Labelled;
import hoag.galaxy.Recipe;
import hoag.galaxy.Train;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.Remaking;
import hoag.kernels.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hoag train} that is told to end and then called again ends with the model of one that was left alone. */
class InterruptedTrainTest {
    private static final int EPOCHS = 25;

    @TempDir
    Path folder;

    @Test
    void theSameModel() throws IOException, InterruptedException {
        Hoag.pictures(folder.resolve("images"), 12);
        Hoag.catalogue(folder.resolve("c.csv"), 12);
        Path stopped = folder.resolve("stopped.safetensors");
        Process process = new ProcessBuilder(Child.command(train(stopped)))
                .redirectErrorStream(true)
                .start();
        Path metrics = folder.resolve("stopped.safetensors.metrics.csv");
        while (process.isAlive() && !Files.exists(metrics)) {
            Thread.sleep(20);
        }
        process.toHandle().destroy(); // as Ctrl-C does
        String said = Child.say(process);
        process.waitFor();
        List<String> epochs = Files.readAllLines(metrics);
        assertTrue(epochs.size() < 1 + EPOCHS, "it was over before it could be stopped: " + said);
        assertTrue(said.contains("saved, the same command goes on from here"), said);

        Hoag again = Hoag.run(train(stopped));
        assertEquals(0, again.code(), again.err());
        assertTrue(again.out().contains("trained " + EPOCHS + " epochs"), again.out());
        assertEquals(1 + EPOCHS, Files.readAllLines(metrics).size());
        Path straight = folder.resolve("straight.safetensors");
        assertEquals(0, Hoag.run(train(straight)).code());
        assertEquals(-1, Files.mismatch(straight, stopped));
        assertFalse(Files.mismatch(straight, folder.resolve("straight.safetensors.last")) == -1);
    }

    /** What a run may go on with, and what not. */
    @Test
    void whatDecidesTheWeightsMustBeTheSame() throws IOException {
        Hoag.pictures(folder.resolve("images"), 12);
        Hoag.catalogue(folder.resolve("c.csv"), 12);
        Recipe recipe = Train.RECIPE.settings(Train.SETTINGS.epochs(2).batch(4)).size(32);
        Train train = new Train(
                        Labelled.label(folder.resolve("c.csv"), folder.resolve("images"), "stage"), folder.resolve("m"))
                .architecture("test_resnet")
                .recipe(recipe);
        var afterOne = new Progress() {
            boolean over;

            @Override
            public void say(String line) {
                over |= line.startsWith("epoch 1/");
            }

            @Override
            public boolean stopping() {
                return over;
            }
        };
        assertFalse(train.run(afterOne).finished());
        Compute cpu = Compute.cpu();
        Compute exact = new Compute("cpu", cpu.threads(), true);
        refused(train.compute(exact), "the --exact was false, is true");
        refused(train.compute(cpu.cache(folder.resolve("cache"))), "the --cache was false, is true");
        refused(train.recipe(recipe.dropout(0.4)), "the dropout was 0.2 0.0, is 0.4 0.0");
        refused(train.recipe(recipe.settings(recipe.settings().rate(2e-3))), "the settings differs");
        Recipe lean = recipe.settings(recipe.settings().recompute(Remaking.ALWAYS));
        assertTrue(
                train.recipe(lean).compute(Compute.cpu(1)).run(Progress.NONE).finished(),
                "memory and threads are free");
    }

    private static void refused(Train train, String why) {
        var refusal = assertThrows(ConfigException.class, () -> train.run(Progress.NONE));
        assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
    }

    private Object[] train(Path out) {
        return new Object[] {
            "train",
            "--catalog",
            folder.resolve("c.csv"),
            "--images",
            folder.resolve("images"),
            "--label",
            "stage",
            "--architecture",
            "resnet18",
            "--size",
            32,
            "--epochs",
            EPOCHS,
            "--patience",
            0,
            "--batch",
            4,
            "--threads",
            2,
            "--out",
            out
        };
    }
}
