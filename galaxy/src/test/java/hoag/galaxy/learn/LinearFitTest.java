package hoag.galaxy.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.nn.Init;
import hoag.engine.nn.Linear;
import hoag.kernels.Backend;
import hoag.kernels.Uniform;
import hoag.kernels.cpu.CpuBackend;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearFitTest {
    /** Rosenbrock's valley has its floor at (1, 1). */
    @Test
    void minimumOfACurvedValley() {
        double[] at = Lbfgs.minimise(new double[] {-1.2, 1}, 500, (x, g) -> {
            double a = 1 - x[0];
            double b = x[1] - x[0] * x[0];
            g[0] = -2 * a - 400 * x[0] * b;
            g[1] = 200 * b;
            return a * a + 100 * b * b;
        });
        assertEquals(1, at[0], 1e-3);
        assertEquals(1, at[1], 1e-3);
    }

    /** Ridge regression has a closed form; with features of length one, independent and standard, weight = correlation / (1 + penalty / 2). */
    @Test
    void ridgeRegressionMeetsItsClosedForm() {
        int n = 4000;
        int width = 3;
        float[] features = new float[n * width];
        float[] labels = new float[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < width; j++) {
                features[i * width + j] = 5 + 2 * (Uniform.at(j + 1, i) - 0.5f);
            }
            labels[i] = 3 * features[i * width] - features[i * width + 2] + 7;
        }
        Linear head = Linear.of(new Init(1), width, 1);
        try (Backend cpu = new CpuBackend(2)) {
            double loss = LinearFit.fit(cpu, List.of(new Task.Number("y", 17, 1.8)), features, labels, n, 1e-6, head);
            assertTrue(loss < 1e-5, "loss " + loss);
        }
        float[] weight = head.weight().values();
        assertEquals(3 / 1.8, weight[0], 1e-3);
        assertEquals(0, weight[1], 1e-3);
        assertEquals(-1 / 1.8, weight[2], 1e-3);
    }

    /** At the minimum no small step in any direction lowers the loss; and classes that can be told apart are. */
    @Test
    void classesAreToldApart() {
        int n = 600;
        int width = 40;
        float[] features = new float[n * width];
        float[] labels = new float[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i % 3;
            for (int j = 0; j < width; j++) {
                features[i * width + j] = Uniform.at(j + 1, i) + (j % 3 == i % 3 ? 0.3f : 0);
            }
        }
        var task = new Task.Classes("kind", List.of("a", "b", "c"), 0);
        Linear head = Linear.of(new Init(1), width, 3);
        try (Backend cpu = new CpuBackend(2)) {
            double strong = LinearFit.fit(cpu, List.of(task), features, labels, n, 1, head);
            double weak = LinearFit.fit(cpu, List.of(task), features, labels, n, 1e-3, head);
            assertTrue(weak < strong && weak < 0.05, weak + " and " + strong);
            assertEquals(weak, LinearFit.loss(cpu, List.of(task), head, features, labels, n), 1e-4);
        }
    }
}
