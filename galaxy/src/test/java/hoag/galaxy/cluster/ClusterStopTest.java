package hoag.galaxy.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.Cluster;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.map.SurveyMap;
import hoag.galaxy.survey.Entry;
import hoag.galaxy.survey.SurveyInfo;
import hoag.galaxy.survey.SurveyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups that somebody stops go on where they were, to the same groups. */
class ClusterStopTest {
    private static final int GALAXIES = 2500;

    @TempDir
    Path folder;

    private Cluster cluster(Grouping.Method method) {
        Path file = folder.resolve("s.hoag");
        Random random = new Random(5);
        if (!Files.exists(file)) {
            try (SurveyWriter writer =
                    new SurveyWriter(file, new SurveyInfo(4, "sha256:one", "m.safetensors", 1), 1000)) {
                for (int i = 0; i < GALAXIES; i++) {
                    float[] features = new float[4];
                    for (int j = 0; j < 4; j++) {
                        features[j] = (float) random.nextGaussian() + (j == i % 4 ? 3 : 0);
                    }
                    writer.append(new Entry("g" + i, features));
                }
            }
        }
        Grouping grouping = new Grouping(
                method,
                method == Grouping.Method.GMM ? java.util.List.of(2, 4) : java.util.List.of(4),
                Grouping.Covariance.FULL,
                6,
                20,
                0);
        return new Cluster(file).grouping(grouping);
    }

    /** Stops when it was asked so often whether to; counts what it hears. */
    private static final class Listener implements Progress {
        private final int most;
        private int asked;
        private int heard;

        Listener(int most) {
            this.most = most;
        }

        @Override
        public void at(String what, String unit, long done, long total, String note) {
            heard++;
        }

        @Override
        public boolean stopping() {
            return ++asked > most;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoStopsGoesOnToTheSameGroups(Grouping.Method method) throws IOException {
        Cluster cluster = cluster(method);
        Path map = SurveyMap.beside(folder.resolve("s.hoag"));
        Path part = folder.resolve("s.hoag.cluster.part");
        Listener all = new Listener(Integer.MAX_VALUE);
        var wanted = cluster.run(all);
        byte[] whole = Files.readAllBytes(map);
        for (int share = 1; share < 4; share++) {
            Files.delete(map);
            assertFalse(cluster.run(new Listener(all.asked * share / 4)).finished());
            assertFalse(Files.exists(map), "no half of a map");
            assertTrue(Files.exists(part));
            Listener rest = new Listener(Integer.MAX_VALUE);
            assertEquals(wanted, cluster.run(rest));
            assertTrue(rest.heard < all.heard, rest.heard + " of " + all.heard + " again");
            assertArrayEquals(whole, Files.readAllBytes(map));
            assertFalse(Files.exists(part));
        }
    }

    /** What was kept of other settings is not gone on with. */
    @Test
    void otherSettingsBeginAnew() {
        Cluster cluster = cluster(Grouping.Method.KMEANS);
        assertFalse(cluster.run(new Listener(20)).finished());
        var other = cluster.grouping(Grouping.DEFAULT.k(3));
        var fresh = other.run(Progress.NONE);
        assertEquals(3, fresh.sizes().size());
        assertEquals(fresh, other.run(Progress.NONE));
    }
}
