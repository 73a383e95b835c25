package hoag.galaxy.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.nn.Init;
import hoag.engine.nn.Linear;
import hoag.galaxy.image.Bands;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.image.Scratch;
import hoag.galaxy.image.Transform;
import hoag.kernels.Backend;
import hoag.kernels.Uniform;
import hoag.kernels.cpu.CpuBackend;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProbeTest {
    private static final int N = 300;
    private static final int WIDTH = 24;

    /** Features of which each holds much of the one before: slow to descend on. */
    private static float[] entangled() {
        float[] features = new float[N * WIDTH];
        for (int i = 0; i < N; i++) {
            double before = 0;
            for (int j = 0; j < WIDTH; j++) {
                before = 0.95 * before + Uniform.at(j + 1, i) - 0.5;
                features[i * WIDTH + j] = (float) before;
            }
        }
        return features;
    }

    /** At the minimum the derivative of the objective in every weight is 0: computed here in float64. */
    @Test
    void ridgeIsTheMinimum() {
        float[] x = entangled();
        double[] y = new double[N];
        for (int i = 0; i < N; i++) {
            y[i] = i % 7 == 0 ? Double.NaN : 2 * x[i * WIDTH + 3] - x[i * WIDTH + 20] + Uniform.at(99, i) + 4;
        }
        Linear head = Linear.of(new Init(1), WIDTH, 1);
        double penalty = 0.02;
        new Ridge(x, y).solve(penalty, head);
        float[] w = head.weight().values();
        double[] slope = new double[WIDTH + 1];
        int known = 0;
        for (int i = 0; i < N; i++) {
            if (!Double.isNaN(y[i])) {
                known++;
                double miss = head.bias().values()[0] - y[i];
                for (int j = 0; j < WIDTH; j++) {
                    miss += w[j] * x[i * WIDTH + j];
                }
                for (int j = 0; j < WIDTH; j++) {
                    slope[j] += 2 * miss * x[i * WIDTH + j];
                }
                slope[WIDTH] += 2 * miss;
            }
        }
        for (int j = 0; j < WIDTH; j++) {
            assertEquals(0, slope[j] / known + penalty * w[j], 1e-5);
        }
        assertEquals(0, slope[WIDTH] / known, 1e-5);
    }

    /** A feature that repeats another, and one that never varies, are no obstacle, not even without a penalty. */
    @Test
    void featuresThatSayNothingGetNoWeight() {
        float[] x = {1, 1, 5, 2, 2, 5, 3, 3, 5, 5, 5, 5};
        Linear head = Linear.of(new Init(1), 3, 1);
        new Ridge(x, new double[] {2, 4, 6, 10}).solve(0, head);
        float[] w = head.weight().values();
        assertEquals(2, w[0] + w[1], 1e-4);
        assertEquals(0, w[2], 1e-4);
        assertEquals(0, head.bias().values()[0] + 5 * w[2], 1e-4);
    }

    @Test
    void logisticRegressionConverges() {
        float[] x = entangled();
        float[] labels = new float[N];
        for (int i = 0; i < N; i++) {
            labels[i] = x[i * WIDTH + 5] - x[i * WIDTH + 18] + 0.5f * Uniform.at(77, i) > 0.2 ? 1 : 0;
        }
        Task task = new Task.Classes("kind", List.of("a", "b"), 0);
        try (Backend cpu = new CpuBackend(1)) {
            Linear head = Linear.of(new Init(1), WIDTH, 2);
            try (var problem = new LinearFit(cpu, List.of(task), x, labels, N, head)) {
                var soon = problem.solve(1e-3, false, head);
                var converged = problem.solve(1e-3, true, head);
                assertTrue(converged.slope() < 1e-5 && converged.slope() <= soon.slope(), soon + " " + converged);
            }
        }
    }

    /** Where what was learnt misleads, saying nothing is best, however strong the penalty that takes; where it holds, a weak one is. */
    @Test
    void aPenaltyBeyondTheListWhereTheStrongestIsTooWeak() {
        assertTrue(penalty(false) > 10, "validation labels that contradict");
        assertTrue(penalty(true) < 3, "labels that follow from the features");
    }

    private static double penalty(boolean sense) {
        var model = GalaxyModel.create(
                "test_resnet", List.of(new Task.Flag("heads")), Preprocess.of(32, Channels.RGB), 0, 0, 1);
        int width = model.net().encoder().features();
        float[] x = new float[40 * width];
        for (int i = 0; i < x.length; i++) {
            x[i] = Uniform.at(5, i) - 0.5f;
        }
        float[] labels = new float[40];
        for (int i = 0; i < 40; i++) {
            boolean large = x[i * width] > 0;
            labels[i] = large == (sense || i < 20) ? 1 : 0;
            x[i * width + 1] = large ? 4 : 0;
        }
        Examples half = new Examples(
                java.util.Collections.nCopies(20, "g"),
                java.util.Collections.nCopies(20, java.nio.file.Path.of("g")),
                Arrays.copyOf(labels, 20));
        Examples rest = new Examples(half.ids(), half.images(), Arrays.copyOfRange(labels, 20, 40));
        try (Backend cpu = new CpuBackend(1)) {
            return HeadFit.fit(
                            cpu,
                            model,
                            half,
                            Arrays.copyOf(x, 20 * width),
                            rest,
                            Arrays.copyOfRange(x, 20 * width, x.length),
                            false,
                            Progress.NONE)
                    .penalties()
                    .get("heads");
        }
    }

    @Test
    void eightViewsAndEachADifferentOne() {
        Transform ramp = new Transform() {
            @Override
            public int channels() {
                return 2;
            }

            @Override
            public int size() {
                return 3;
            }

            @Override
            public Bands bands() {
                return Bands.SINGLE;
            }

            @Override
            public void apply(Picture picture, long epoch, int index, float[] out, int offset, Scratch scratch) {
                for (int i = 0; i < 18; i++) {
                    out[offset + i] = i;
                }
            }
        };
        Set<List<Float>> seen = new HashSet<>();
        for (int view = 0; view < 8; view++) {
            float[] out = new float[19];
            Dihedral.of(ramp, view).apply(null, 0, 0, out, 1, null);
            assertEquals(4, out[1 + 4], "the middle stays");
            assertEquals(36, out[1] + out[1 + 2] + out[1 + 6] + out[1 + 8] + 20, "corners stay corners");
            seen.add(List.of(out[1], out[2], out[3], out[10], out[11]));
        }
        assertEquals(8, seen.size());
        float[] out = new float[18];
        Dihedral.of(ramp, 1).apply(null, 0, 0, out, 0, null);
        assertArrayEquals(new float[] {2, 1, 0, 5, 4, 3, 8, 7, 6}, Arrays.copyOf(out, 9));
    }
}
