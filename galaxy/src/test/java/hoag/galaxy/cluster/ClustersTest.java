package hoag.galaxy.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Npy;
import hoag.galaxy.Golden;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.map.MapQuality;
import hoag.galaxy.survey.Rows;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** Clusters beside scikit-learn's: of a thousand galaxies, and of sets that {@code golden/cluster/make.py} draws. */
class ClustersTest {
    private static final Points GALAXIES =
            new Points(Npy.read(Golden.path("representations/whitened10.npy")).doubles(), 10);
    private static final Map<?, ?> WANTED = Golden.map("representations/clusters.json");
    private static final Map<?, ?> SETS = Golden.map("cluster/expected.json");

    private static Points set(Object name) {
        double[][] rows = Golden.matrix(Golden.map(SETS, "sets").get(name));
        return new Points(Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray(), rows[0].length);
    }

    private static double[] flat(Object map, String key) {
        return Arrays.stream(Golden.matrix(map, key))
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    @Test
    void lloydIsScikitLearns() {
        Map<?, ?> wanted = Golden.map(WANTED, "lloyd");
        int[] rows = Golden.integers(wanted, "start_rows");
        double[] start = new double[rows.length * 10];
        for (int c = 0; c < rows.length; c++) {
            System.arraycopy(GALAXIES.values(), rows[c] * 10, start, c * 10, 10);
        }
        KMeans.Fitted got = KMeans.lloyd(GALAXIES, start, Progress.NONE);
        assertArrayEquals(Golden.integers(wanted, "labels"), got.labels());
        assertArrayEquals(flat(wanted, "centres"), got.centres(), 1e-9);
        assertEquals(Golden.number(wanted, "inertia"), got.inertia(), 1e-8 * got.inertia());
    }

    @Test
    void startsAreAsGoodAsScikitLearns() {
        double inertia = Golden.number(Golden.map(WANTED, "yardstick_kmeans_inertia_n_init_10"), "mean");
        double likelihood =
                Golden.number(Golden.map(WANTED, "yardstick_gmm_diag_mean_log_likelihood_n_init_3"), "mean");
        for (int seed = 0; seed < 3; seed++) {
            double got = new KMeans(12, 10, seed).fit(GALAXIES, Progress.NONE).inertia();
            assertTrue(got < 1.01 * inertia, got + " wanted " + inertia);
            double fitted =
                    new Mixture(12, false, 3, seed).fit(GALAXIES, Progress.NONE).likelihood();
            assertTrue(fitted > 1.01 * likelihood, fitted + " wanted " + likelihood);
        }
    }

    @Test
    void roundsOfAMixtureAreScikitLearns() {
        Map<?, ?> wanted = Golden.map(WANTED, "em_20_rounds");
        double[] start = flat(Golden.map(WANTED, "lloyd"), "centres");
        Mixture.Fitted got = new Mixture(12, false, 1, 0).from(GALAXIES, start, 20);
        Golden.close(Golden.vector(wanted, "weights"), got.weights(), 1e-6, 1e-9, "weights");
        Golden.close(flat(wanted, "means"), got.means(), 1e-6, 1e-6, "means");
        Golden.close(flat(wanted, "variances"), got.covariances(), 1e-6, 1e-9, "variances");
        assertEquals(Golden.number(wanted, "mean_log_likelihood"), got.likelihood(), 1e-8);

        Map<?, ?> full = Golden.map(SETS, "full");
        Mixture.Fitted other = new Mixture(4, true, 1, 0).from(set("blobs"), flat(full, "start"), 15);
        Golden.close(Golden.vector(full, "weights"), other.weights(), 1e-8, 1e-9, "weights");
        Golden.close(flat(full, "means"), other.means(), 1e-8, 1e-8, "means");
        Golden.close(flat(full, "covariances"), other.covariances(), 1e-7, 1e-8, "covariances");
        assertEquals(Golden.number(full, "likelihood"), other.likelihood(), 1e-9);
        assertEquals(Golden.number(full, "bic"), other.bic(), 1e-6);
    }

    @Test
    void denseGroupsAreScikitLearns() {
        for (Object each : (List<?>) SETS.get("hdbscan")) {
            Map<?, ?> wanted = (Map<?, ?>) each;
            int[] labels = Golden.integers(wanted, "labels");
            var hdbscan = new Hdbscan((int) Golden.number(wanted, "least"), (int) Golden.number(wanted, "samples"));
            int[] got = hdbscan.fit(set(wanted.get("set")), Progress.NONE).labels();
            String what = wanted.get("set") + " " + hdbscan;
            Map<Integer, Integer> name = new HashMap<>(Map.of(-1, -1));
            for (int i = 0; i < labels.length; i++) {
                assertEquals(name.computeIfAbsent(labels[i], label -> -2), name.get(labels[i]));
                if (name.get(labels[i]) == -2) {
                    name.put(labels[i], got[i]);
                }
                assertEquals(name.get(labels[i]), got[i], what + ": point " + i);
            }
            assertEquals(name.size(), name.values().stream().distinct().count(), what);
        }
    }

    @Test
    void bicFindsTheNumberOfGroups() {
        Grouping grouping = new Grouping(Grouping.Method.GMM, List.of(2, 3, 4, 6), Grouping.Covariance.FULL, 3, 10, 0);
        Grouping.Groups got = grouping.fit(set("blobs"), 1, Progress.NONE);
        assertEquals(4, got.sizes().length);
        assertTrue(got.sizes()[0] >= got.sizes()[3] && got.probability()[0] > 0.5);
        assertEquals(
                got.sizes()[0],
                Arrays.stream(got.labels()).filter(label -> label == 0).count());
    }

    @Test
    void mapQualityIsScikitLearns() {
        Points blobs = set("blobs");
        float[] values = new float[blobs.values().length];
        float[][] places = new float[blobs.size()][2];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) blobs.values()[i];
            if (i % 5 < 2) {
                places[i / 5][i % 5] = values[i];
            }
        }
        for (Object each : (List<?>) SETS.get("maps")) {
            MapQuality got = MapQuality.of(Rows.of(values, 5), places, (int) Golden.number(each, "k"));
            assertEquals(Golden.number(each, "trustworthiness"), got.trustworthiness(), 1e-5);
            assertEquals(Golden.number(each, "continuity"), got.continuity(), 1e-5);
        }
    }

    @Test
    void theSameForAnyNumberOfThreads() {
        for (Grouping.Method method : Grouping.Method.values()) {
            Grouping grouping = new Grouping(method, List.of(5), Grouping.Covariance.FULL, 2, 8, 0);
            assertArrayEquals(within(1, grouping), within(3, grouping), method.text());
        }
    }

    private static int[] within(int threads, Grouping grouping) {
        double[] twice = Arrays.copyOf(GALAXIES.values(), 2 * GALAXIES.values().length); // more than one piece
        for (int i = 0; i < GALAXIES.values().length; i++) {
            twice[GALAXIES.values().length + i] = GALAXIES.values()[i] + 1e-3 * (i % 7);
        }
        try (ForkJoinPool pool = new ForkJoinPool(threads)) {
            return pool.submit(() -> grouping.fit(new Points(twice, 10), 1, Progress.NONE)
                            .labels())
                    .join();
        }
    }

    @Test
    void whatCannotBeIsTold() {
        Points three = new Points(new double[] {1, 2, 3}, 1);
        assertTrue(assertThrows(ConfigException.class, () -> new KMeans(4, 1, 0).fit(three, Progress.NONE))
                .getMessage()
                .contains("--k 4 is more than the 3 galaxies"));
        assertThrows(ConfigException.class, () -> new Hdbscan(2, 4).fit(three, Progress.NONE));
        assertThrows(ConfigException.class, () -> new Hdbscan(1, 1));
        assertThrows(ConfigException.class, () -> new KMeans(0, 1, 0));
        assertThrows(ConfigException.class, () -> Grouping.DEFAULT.k(2, 3));
        assertThrows(DataException.class, () -> new Points(new double[] {1, Double.NaN}, 1));
        Points copies = new Points(new double[40], 2);
        assertEquals(0, new KMeans(3, 2, 1).fit(copies, Progress.NONE).inertia());
        assertEquals(0, new Hdbscan(5, 5).fit(copies, Progress.NONE).clusters());
        assertTrue(Double.isFinite(
                new Mixture(2, true, 1, 1).fit(copies, Progress.NONE).likelihood()));
    }
}
