package hoag.galaxy.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Npy;
import hoag.galaxy.Golden;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.survey.Metric;
import hoag.galaxy.survey.Rows;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.cpu.CpuBackend;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** The map of a thousand galaxies, beside umap-learn's. */
class UmapTest {
    private static final Rows ROWS =
            Rows.of(Npy.read(Golden.path("representations/representations.npy")).floats(), 64);
    private static final Knn KNN = knn(ROWS, 14);

    /** Of umap-learn 0.5.12 at its defaults, seed 0. */
    private static final double CONTINUITY = 0.9553;

    private static final int SEEDS = 4;

    private static Knn knn(Rows rows, int k) {
        try (Backend cpu = new CpuBackend(2)) {
            return Knn.among(rows, Metric.EUCLIDEAN, k, cpu, Progress.NONE);
        }
    }

    private static float[][] components(Rows rows) {
        return Reduction.of(rows, 2).plane(rows);
    }

    @Test
    void keepsNeighboursAsUmapLearnDoes() {
        double wanted = Golden.number(
                Golden.map(Golden.map("representations/maps.json").get("umap"), "mean"), "trustworthiness_15");
        double continuity = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            MapQuality got = MapQuality.of(
                    ROWS, new Umap(15, 0.1, 0, seed).fit(KNN, components(ROWS), Halfway.none(), Progress.NONE), 15);
            assertTrue(got.trustworthiness() > wanted - 0.005, got + " wanted " + wanted);
            continuity += got.continuity() / SEEDS;
        }
        assertEquals(CONTINUITY, continuity, 0.004);
    }

    /** t-SNE of scikit-learn 1.9.1 at its defaults, perplexity 30: 0.9474; continuity 0.9506. */
    @Test
    void tsneKeepsNeighboursAsScikitLearnDoes() {
        MapQuality got = MapQuality.of(
                ROWS, new Tsne(30, 0).fit(knn(ROWS, 90), components(ROWS), Halfway.none(), Progress.NONE), 15);
        assertTrue(got.trustworthiness() > 0.942 && got.continuity() > 0.94, got.toString());
    }

    /** The far points of a tree taken together, beside all of them one by one. */
    @Test
    void theTreeRepelsAsThePointsDo() {
        var random = new java.util.SplittableRandom(5);
        double[] at = random.doubles(2000, -3, 3).toArray();
        at[10] = at[12];
        at[11] = at[13]; // two on each other
        Quadtree tree = new Quadtree(at);
        double[] got = new double[3];
        for (int i = 0; i < 1000; i += 5) {
            double[] wanted = new double[3];
            for (int j = 0; j < 1000; j++) {
                double dx = at[2 * i] - at[2 * j];
                double dy = at[2 * i + 1] - at[2 * j + 1];
                double q = 1 / (1 + dx * dx + dy * dy);
                wanted[0] += q * q * dx;
                wanted[1] += q * q * dy;
                wanted[2] += j == i ? 0 : q;
            }
            tree.repel(at[2 * i], at[2 * i + 1], 0, got);
            assertArrayEquals(wanted, got, 1e-9 * wanted[2]);
            tree.repel(at[2 * i], at[2 * i + 1], 0.25, got);
            assertArrayEquals(wanted, got, 0.02 * wanted[2]);
        }
    }

    @Test
    void qualityAgrees() {
        MapQuality got = MapQuality.of(ROWS, components(ROWS), 15);
        Object wanted = Golden.map("representations/maps.json").get("pca_2");
        assertEquals(Golden.number(wanted, "trustworthiness_15"), got.trustworthiness(), 1e-6);
        assertEquals(Golden.number(wanted, "neighbour_recall_15"), got.recall(), 1e-9);
    }

    @Test
    void theSameForAnyNumberOfThreads() {
        Umap umap = new Umap(15, 0.1, 20, 3);
        float[][] one = within(1, umap);
        float[][] three = within(3, umap);
        for (int i = 0; i < one.length; i++) {
            assertArrayEquals(one[i], three[i]);
        }
    }

    private static float[][] within(int threads, Umap umap) {
        try (ForkJoinPool pool = new ForkJoinPool(threads)) {
            return pool.submit(() -> umap.fit(KNN, components(ROWS), Halfway.none(), Progress.NONE))
                    .join();
        }
    }

    @Test
    void theCurveIsUmapLearns() {
        Falloff curve = Falloff.of(0.1, 1);
        assertEquals(1.5769434603, curve.a(), 1e-3);
        assertEquals(0.8950608779, curve.b(), 1e-3);
    }

    @Test
    void settingsAreChecked() {
        assertThrows(ConfigException.class, () -> new Umap(1, 0.1, 0, 1));
        assertThrows(ConfigException.class, () -> new Umap(15, 1, 0, 1));
        assertThrows(ConfigException.class, () -> new Umap(15, 0.1, -1, 1));
    }
}
