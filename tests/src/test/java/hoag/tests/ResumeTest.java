package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.image.Augment;
import hoag.galaxy.learn.Checkpoint;
import hoag.galaxy.learn.Learner;
import hoag.galaxy.learn.Progress;
import hoag.kernels.ConfigException;
import hoag.kernels.FormatException;
import hoag.kernels.cpu.CpuBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was interrupted, politely or not, ends with the bits of one that was not: the weights, their averages, and the model that is kept. */
class ResumeTest {
    private static final int EPOCHS = 2;
    private static final int STEPS = 3;

    @TempDir
    static Path folder;

    private static Path straight;

    @BeforeAll
    static void withoutStop() {
        straight = folder.resolve("straight.hoag");
        assertTrue(run(straight, "same", 5, Progress.NONE).finished());
    }

    /** Twelve galaxies in batches of four, four to validate on; weights, dropout, stochastic depth, augmentation, averages: all that is random or carried along. */
    private static Learner.Result run(Path out, String fingerprint, long seed, Progress progress) {
        Path pictures = folder.resolve("pictures");
        try (var cpu = new CpuBackend(2);
                var learner = new Learner(
                        cpu,
                        Small.model(32, seed),
                        Small.examples(pictures, 0, 4 * STEPS),
                        Small.examples(pictures, 100, 4),
                        Small.settings(EPOCHS, 0.9),
                        Augment.GALAXY,
                        new Checkpoint(out, fingerprint, true),
                        2)) {
            return learner.fit(progress);
        }
    }

    /** Calls {@code then} after so many steps. */
    private static final class After implements Progress {
        private final int steps;
        private final Runnable then;
        private int seen;

        After(int steps, Runnable then) {
            this.steps = steps;
            this.then = then;
        }

        @Override
        public void at(String what, long done, long total, String note) {
            if (what.startsWith("epoch") && ++seen == steps) {
                then.run();
            }
        }

        @Override
        public boolean stopping() {
            return seen >= steps;
        }
    }

    @Test
    void stoppedInTheMiddleOfEpochs() throws IOException {
        Path out = folder.resolve("stopped.hoag");
        assertFalse(run(out, "same", 5, new After(2, () -> {})).finished());
        assertFalse(run(out, "same", 6, new After(2, () -> {})).finished(), "stopped again, one step into epoch 2");
        assertTrue(run(out, "same", 7, Progress.NONE).finished());
        same(out);
    }

    @Test
    void stoppedAtTheEndOfAnEpoch() throws IOException {
        Path out = folder.resolve("between.hoag");
        assertFalse(run(out, "same", 5, new After(STEPS, () -> {})).finished());
        assertTrue(run(out, "same", 6, Progress.NONE).finished());
        same(out);
    }

    @Test
    void killed() throws IOException, InterruptedException {
        Path out = folder.resolve("killed.hoag");
        Jvm.Ran ran = Jvm.run(List.of(), Jvm.classPath(), Killed.class, folder.toString(), out.toString());
        assertEquals(3, ran.code(), ran.said());
        assertTrue(run(out, "same", 6, Progress.NONE).finished());
        same(out);
    }

    /** Run in a JVM of its own, which ends without any ceremony in the middle of epoch 2. */
    static final class Killed {
        private Killed() {}

        public static void main(String[] args) {
            folder = Path.of(args[0]);
            After kill = new After(STEPS + 2, () -> Runtime.getRuntime().halt(3));
            run(Path.of(args[1]), "same", 5, kill);
        }
    }

    @Test
    void finishedRunsStayAsTheyAre() throws IOException {
        Path out = folder.resolve("again.hoag");
        Files.copy(straight, out);
        Files.copy(last(straight), last(out));
        assertTrue(run(out, "same", 8, new After(1, () -> {
                    throw new AssertionError("a step was taken");
                }))
                .finished());
        same(out);
    }

    @Test
    void otherSettings() throws IOException {
        Path out = folder.resolve("other.hoag");
        Files.copy(last(straight), last(out));
        var error = assertThrows(ConfigException.class, () -> run(out, "other", 5, Progress.NONE));
        assertTrue(error.getMessage().startsWith(last(out).toString()), error.getMessage());
        assertTrue(
                error.getMessage().contains("other data or settings")
                        && error.getMessage().contains("--fresh"),
                error.getMessage());
    }

    @Test
    void damaged() throws IOException {
        Path out = folder.resolve("damaged.hoag");
        byte[] whole = Files.readAllBytes(last(straight));
        Files.write(last(out), java.util.Arrays.copyOf(whole, whole.length / 2));
        var error = assertThrows(FormatException.class, () -> run(out, "same", 5, Progress.NONE));
        assertTrue(error.getMessage().startsWith(last(out).toString()), error.getMessage());
    }

    private static Path last(Path out) {
        return out.resolveSibling(out.getFileName() + ".last");
    }

    private static void same(Path out) throws IOException {
        assertEquals(-1, Files.mismatch(straight, out), "the models that were kept differ");
        Map<String, byte[]> wanted = Bits.ofFile(last(straight));
        Map<String, byte[]> got = Bits.ofFile(last(out));
        assertEquals(wanted.keySet(), got.keySet());
        wanted.forEach((key, bytes) -> assertEquals(-1, java.util.Arrays.mismatch(bytes, got.get(key)), key));
    }
}
