package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.image.Augment;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.Batches;
import hoag.galaxy.learn.Checkpoint;
import hoag.galaxy.learn.Descent;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Learner;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.Rule;
import hoag.galaxy.learn.TrainSettings;
import hoag.kernels.cpu.CpuBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How galaxies are put before a model, when a run ends, and what it leaves. */
class BatchesTest {
    private static final TrainSettings PLAIN = TrainSettings.DEFAULT
            .descent(new Descent(1e-2, 0, 0, 0, 0))
            .epochs(1)
            .patience(0)
            .batch(8)
            .norm(TrainSettings.Norm.FROZEN)
            .rule(new Rule(Rule.Method.SGD, Rule.Course.CONSTANT))
            .seed(11);

    @TempDir
    Path folder;

    /** Lite0 without dropout or stochastic depth: a step is a function of its galaxies. */
    private static GalaxyModel model() {
        return GalaxyModel.create("tf_efficientnet_lite0", Small.TASKS, Preprocess.of(32, Channels.RGB), 0, 0, 5);
    }

    private Learner.Result train(GalaxyModel model, TrainSettings settings, Examples train, int keep) {
        try (var cpu = new CpuBackend(2);
                var learner = new Learner(
                        cpu,
                        model,
                        train,
                        Small.examples(folder, 100, 4),
                        settings,
                        Augment.NONE,
                        new Checkpoint(folder.resolve("m.safetensors"), "same", false, keep),
                        2)) {
            return learner.fit(Progress.NONE);
        }
    }

    private List<String[]> epochs() throws IOException {
        return Files.readAllLines(folder.resolve("m.safetensors.metrics.csv")).stream()
                .skip(1)
                .map(row -> row.split(","))
                .toList();
    }

    @Test
    void fourBatchesOfTwoAreAStepOfEight() {
        Examples examples = Small.examples(folder, 0, 8);
        GalaxyModel whole = model();
        Map<String, float[]> before = Small.weights(whole);
        train(whole, PLAIN, examples, 1);
        GalaxyModel parts = model();
        train(parts, PLAIN.batch(2).batches(Batches.PLAIN.accumulate(4)), examples, 1);
        GalaxyModel one = model();
        train(one, PLAIN.batch(2), examples, 1);
        Map<String, float[]> wanted = Small.weights(whole);
        double moved = 0;
        double other = 0;
        for (String key : wanted.keySet()) {
            assertArrayEquals(wanted.get(key), Small.weights(parts).get(key), 2e-5f, key);
            moved = Math.max(moved, most(wanted.get(key), before.get(key)));
            other = Math.max(other, most(wanted.get(key), Small.weights(one).get(key)));
        }
        assertTrue(moved > 1e-3 && other > 1e-3, moved + " " + other);
    }

    private static double most(float[] a, float[] b) {
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }

    /** Eight galaxies are soon learnt by heart; when each comes mixed with another there is nothing to learn by heart. */
    @Test
    void mixedGalaxiesAreHarder() throws IOException {
        Examples examples = Small.examples(folder, 0, 8);
        TrainSettings settings = PLAIN.epochs(12)
                .rate(3e-3)
                .norm(TrainSettings.Norm.BATCH)
                .rule(new Rule(Rule.Method.ADAMW, Rule.Course.CONSTANT));
        train(model(), settings, examples, 1);
        double plain = lastTrainLoss();
        train(model(), settings.batches(Batches.PLAIN.mixup(1)), examples, 1);
        double mixed = lastTrainLoss();
        train(model(), settings.batches(Batches.PLAIN.cutmix(1)), examples, 1);
        double cut = lastTrainLoss();
        assertTrue(mixed > plain + 0.1 && cut > plain + 0.1, plain + " " + mixed + " " + cut);
    }

    private double lastTrainLoss() throws IOException {
        return Double.parseDouble(epochs().getLast()[4]);
    }

    @Test
    void patienceEndsARunThatLeadsNowhere() throws IOException {
        TrainSettings settings = PLAIN.epochs(30).rate(3).patience(2).clip(1);
        var result = train(model(), settings, Small.examples(folder, 0, 8), 1);
        assertTrue(result.finished() && result.epochs() < 30, "epochs " + result.epochs());
        double best = epochs().stream()
                .mapToDouble(row -> Double.parseDouble(row[5]))
                .min()
                .orElseThrow();
        assertEquals(best, result.validLoss(), 1e-5);
        assertEquals(best, Double.parseDouble(epochs().get(result.epochs() - 3)[5]), "the third last was the best");
    }

    @Test
    void theBestThreeEpochsAreKept() throws IOException {
        TrainSettings settings = PLAIN.epochs(7).rate(1e-2).clip(1).norm(TrainSettings.Norm.BATCH);
        train(model(), settings, Small.examples(folder, 0, 8), 3);
        List<String> wanted = epochs().stream()
                .sorted((a, b) -> Double.compare(Double.parseDouble(a[5]), Double.parseDouble(b[5])))
                .limit(3)
                .map(row -> "m.epoch" + row[0] + ".safetensors")
                .toList();
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    wanted.stream().sorted().toList(),
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.startsWith("m.epoch"))
                            .sorted()
                            .toList());
        }
        assertEquals(-1, Files.mismatch(folder.resolve(wanted.getFirst()), folder.resolve("m.safetensors")));
        assertFalse(-1 == Files.mismatch(folder.resolve(wanted.getLast()), folder.resolve("m.safetensors")));
    }

    /** Lin et al.'s rate: times 0.9 every five epochs. */
    @Test
    void stepsComeAfterSoManyEpochs() throws IOException {
        Rule rule = new Rule(Rule.Method.SGD, Rule.Course.STEP).steps(2, 0.9);
        train(model(), PLAIN.epochs(5).rule(rule), Small.examples(folder, 0, 8), 1);
        double[] rates =
                epochs().stream().mapToDouble(row -> Double.parseDouble(row[3])).toArray();
        assertArrayEquals(new double[] {1e-2, 1e-2, 9e-3, 9e-3, 8.1e-3}, rates, 1e-9);
    }
}
