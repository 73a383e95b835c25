package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import hoag.cuda.CudaBackend;
import hoag.cuda.StandIn;
import hoag.galaxy.image.Augment;
import hoag.galaxy.learn.Checkpoint;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.Learner;
import hoag.galaxy.learn.Predictor;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.Room;
import hoag.galaxy.learn.TrainSettings;
import hoag.kernels.Backend;
import hoag.kernels.DeviceException;
import hoag.kernels.cpu.CpuBackend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --batch auto}: what is chosen runs, twice as much does not; on the stand-in for a driver, with little memory. */
class RoomTest {
    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        assumeFalse(StandIn.real(), "skipped: a real device has more memory");
        StandIn.reset();
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, StandIn.held(), "things that were not given back");
    }

    @Test
    void predictionTakesAsManyAsFit() {
        var model = Small.model(64, 3);
        try (Backend cuda = new CudaBackend()) {
            StandIn.memory(38 << 20);
            int chosen = Predictor.Programs.fitting(cuda, model, false);
            assertTrue(chosen > 1 && chosen < 256 && Integer.bitCount(chosen) == 1, chosen + " at once");
            new Predictor(cuda, model, Room.AUTO, false).close();
            assertThrows(DeviceException.class, () -> new Predictor(cuda, model, 2 * chosen, false));
            StandIn.memory(4L << 30);
            assertEquals(256, Predictor.Programs.fitting(cuda, model, false), "more give no more speed");
        }
    }

    private Learner learner(Backend backend, Examples galaxies, int batch) {
        return new Learner(
                backend,
                Small.model(64, 3),
                galaxies,
                new Examples(List.of(), List.of(), new float[0]),
                Small.settings(1, 0).batch(batch),
                Augment.NONE,
                new Checkpoint(folder.resolve("model.hoag"), "", false),
                1);
    }

    @Test
    void trainingTakesAsManyAsFitAndSaysSo() {
        Examples galaxies = Small.examples(folder, 0, 40);
        StandIn.memory(90 << 20);
        try (Backend cuda = new CudaBackend()) {
            TrainSettings auto = Small.settings(1, 0).batch(Room.AUTO);
            int chosen = Learner.sized(cuda, Small.model(64, 3), galaxies, auto).batch();
            assertTrue(chosen >= 2 && chosen < 40, chosen + " at once");
            List<String> said = new ArrayList<>();
            try (Learner learner = learner(cuda, galaxies, Room.AUTO)) {
                learner.fit(new Progress() {
                    private int asked;

                    @Override
                    public void say(String line) {
                        said.add(line);
                    }

                    @Override
                    public boolean stopping() {
                        return asked++ > 0; // a step will do: they take long here
                    }
                });
            }
            assertTrue(
                    said.getFirst()
                            .matches("memory: \\d+ MiB for " + chosen
                                    + " galaxies at once, \\d+ MiB are free; about \\d+ would fit \\(--batch\\)"),
                    said.getFirst());
            assertThrows(DeviceException.class, () -> learner(cuda, galaxies, 2 * chosen));
        }
    }

    @Test
    void theHostsMemoryIsNotAsked() {
        try (Backend cpu = new CpuBackend(1)) {
            assertEquals(32, Predictor.Programs.fitting(cpu, Small.model(32, 3), false));
        }
    }
}
