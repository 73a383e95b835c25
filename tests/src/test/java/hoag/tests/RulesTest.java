package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.image.Augment;
import hoag.galaxy.learn.Checkpoint;
import hoag.galaxy.learn.Learner;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.Rule;
import hoag.galaxy.learn.TrainSettings;
import hoag.kernels.cpu.CpuBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every optimizer and schedule trains, goes its own way, and is taken up again to the same bits. */
class RulesTest {
    @TempDir
    Path folder;

    private Learner.Result run(Path out, TrainSettings settings, Progress progress) {
        Path pictures = folder.resolve("pictures");
        try (var cpu = new CpuBackend(2);
                var learner = new Learner(
                        cpu,
                        Small.model(32, 5),
                        Small.examples(pictures, 0, 8),
                        Small.examples(pictures, 100, 4),
                        settings,
                        Augment.GALAXY,
                        new Checkpoint(out, settings.toString(), true),
                        2)) {
            return learner.fit(progress);
        }
    }

    private static final class After implements Progress {
        private final int steps;
        private int seen;

        After(int steps) {
            this.steps = steps;
        }

        @Override
        public void at(String what, long done, long total, String note) {
            seen += what.startsWith("epoch") ? 1 : 0;
        }

        @Override
        public boolean stopping() {
            return seen >= steps;
        }
    }

    @ParameterizedTest
    @EnumSource(Rule.Method.class)
    void everyOptimizerResumes(Rule.Method method) throws IOException {
        resumes(Small.settings(2, 0).rate(3e-4).rule(new Rule(method, Rule.Course.STEP)), 3);
    }

    /** A rate that leads nowhere better for so long falls, and a run that was stopped after that knows. */
    @Test
    void thePlateauRemembers() throws IOException {
        TrainSettings settings = Small.settings(9, 0)
                .rate(1e-6)
                .norm(TrainSettings.Norm.FROZEN)
                .rule(new Rule(Rule.Method.SGD, Rule.Course.PLATEAU));
        double[] rates = resumes(settings, 17);
        assertEquals(rates[3] * 0.1, rates[rates.length - 1], 1e-12, () -> Arrays.toString(rates));
    }

    private double[] resumes(TrainSettings settings, int stop) throws IOException {
        Path straight = folder.resolve("straight.hoag");
        Path stopped = folder.resolve("stopped.hoag");
        assertTrue(run(straight, settings, Progress.NONE).finished());
        assertFalse(run(stopped, settings, new After(stop)).finished());
        assertTrue(run(stopped, settings, Progress.NONE).finished());
        assertEquals(-1, Files.mismatch(straight, stopped), "the models that were kept differ");
        Map<String, byte[]> wanted = Bits.ofFile(folder.resolve("straight.hoag.last"));
        Map<String, byte[]> got = Bits.ofFile(folder.resolve("stopped.hoag.last"));
        assertEquals(wanted.keySet(), got.keySet());
        wanted.forEach((key, bytes) -> assertEquals(-1, Arrays.mismatch(bytes, got.get(key)), key));
        return rates(straight);
    }

    private static double[] rates(Path out) throws IOException {
        return Files.readAllLines(out.resolveSibling(out.getFileName() + ".metrics.csv")).stream()
                .skip(1)
                .mapToDouble(row -> Double.parseDouble(row.split(",")[3]))
                .toArray();
    }

    @Test
    void schedulesDiffer() throws IOException {
        Set<String> seen = new HashSet<>();
        for (Rule.Course course : Rule.Course.values()) {
            TrainSettings settings = Small.settings(4, 0).warmup(0.1).rule(new Rule(Rule.Method.ADAMW, course));
            Path out = folder.resolve(course + ".hoag");
            run(out, settings, Progress.NONE);
            double[] rates = rates(out);
            boolean stays = course == Rule.Course.CONSTANT || course == Rule.Course.PLATEAU;
            assertEquals(stays, rates[1] == rates[3], course + " " + Arrays.toString(rates));
            seen.add(Arrays.toString(rates));
        }
        assertEquals(3, seen.size(), "a plateau that is not reached is a constant: " + seen);
    }
}
