package hoag.galaxy.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.nn.Init;
import hoag.engine.nn.Linear;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.cpu.CpuBackend;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where features say nothing, the best that a classifier can answer is the share of each class, as it counts. */
class ClassWeightsTest {
    private static final Task.Classes KIND = new Task.Classes("kind", List.of("bent", "compact", "fri"), 0);
    private static final float[] LABELS = {0, 0, 0, 0, 0, 0, 1, 1, 1, 2, Float.NaN, Float.NaN};

    private static Examples examples() {
        return new Examples(
                Collections.nCopies(LABELS.length, "g"), Collections.nCopies(LABELS.length, Path.of("g")), LABELS);
    }

    private static double[] shares(Task task) {
        Linear head = Linear.of(new Init(1), 2, 3);
        try (Backend cpu = new CpuBackend(1)) {
            LinearFit.fit(cpu, List.of(task), new float[2 * LABELS.length], LABELS, LABELS.length, 1, head);
        }
        float[] bias = head.bias().values();
        double sum = 0;
        double[] shares = new double[3];
        for (int i = 0; i < 3; i++) {
            shares[i] = Math.exp(bias[i]);
            sum += shares[i];
        }
        for (int i = 0; i < 3; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    private static Task weighted(String weights) {
        return ClassWeights.parse(weights).of(List.of(KIND), examples()).getFirst();
    }

    @Test
    void uniformAnswersTheShares() {
        double[] shares = shares(weighted("uniform"));
        assertEquals(0.6, shares[0], 2e-3);
        assertEquals(0.1, shares[2], 2e-3);
    }

    @Test
    void balancedAnswersAThirdEach() {
        Task.Classes balanced = (Task.Classes) weighted("balanced");
        assertEquals(List.of(10 / 18.0, 10 / 9.0, 10 / 3.0), balanced.weights());
        for (double share : shares(balanced)) {
            assertEquals(1 / 3.0, share, 2e-3);
        }
    }

    @Test
    void givenWeightsCountAsGiven() {
        double[] shares = shares(weighted("fri=6, compact=2")); // 6 : 3 * 2 : 1 * 6
        for (double share : shares) {
            assertEquals(1 / 3.0, share, 2e-3);
        }
        assertThrows(ConfigException.class, () -> weighted("frii=2"));
        assertThrows(ConfigException.class, () -> weighted("fri=-1"));
        assertThrows(ConfigException.class, () -> weighted("heavy"));
    }

    /** Doubling every weight changes nothing: the mean divides by them. */
    @Test
    void weightsDoNotChangeTheRate() {
        Linear head = Linear.of(new Init(1), 2, 3);
        try (Backend cpu = new CpuBackend(1)) {
            float[] features = new float[2 * LABELS.length];
            double one = LinearFit.loss(cpu, List.of(KIND.weights(List.of(1.0, 2.0, 4.0))), head, features, LABELS, 12);
            double two = LinearFit.loss(cpu, List.of(KIND.weights(List.of(2.0, 4.0, 8.0))), head, features, LABELS, 12);
            assertEquals(one, two, 1e-6);
        }
    }

    /** With smoothing s of K classes nobody should be surer than 1 - s + s / K. */
    @Test
    void smoothingBoundsWhatIsSaid() {
        float[] features = {-1, 1, -1, 1, -1, 1};
        float[] labels = {0, 1, 0, 1, 0, 1};
        var smooth = new Task.Classes("kind", List.of("a", "b"), 0.2);
        var hard = new Task.Classes("kind", List.of("a", "b"), 0);
        assertEquals(0.9, sureness(smooth, features, labels), 1e-3);
        assertTrue(sureness(hard, features, labels) > 0.99);
    }

    private static double sureness(Task task, float[] features, float[] labels) {
        Linear head = Linear.of(new Init(1), 1, 2);
        try (Backend cpu = new CpuBackend(1)) {
            LinearFit.fit(cpu, List.of(task), features, labels, 6, 1e-5, head);
        }
        float[] w = head.weight().values();
        float[] b = head.bias().values();
        return 1 / (1 + Math.exp(-(w[1] - w[0] + b[1] - b[0])));
    }

    @Test
    void theModelFileKeepsThem() {
        Task task = KIND.weights(List.of(1.0, 2.0, 4.0));
        assertEquals(task, Task.fromMap(task.toMap()));
        assertEquals(KIND, Task.fromMap(KIND.toMap()));
    }
}
