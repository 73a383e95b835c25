package hoag.galaxy.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.Cluster;
import hoag.galaxy.Compute;
import hoag.galaxy.Mapping;
import hoag.galaxy.cluster.Grouping;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.survey.Entry;
import hoag.galaxy.survey.Rows;
import hoag.galaxy.survey.Survey;
import hoag.galaxy.survey.SurveyInfo;
import hoag.galaxy.survey.SurveyWriter;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import hoag.kernels.HoagException;
import hoag.kernels.cpu.CpuBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Maps of surveys: groups stay together, new galaxies come to their own, and what cannot be mapped is told. */
class MapperTest {
    private static final int WIDTH = 8;

    @TempDir
    Path folder;

    /** Three groups, far from each other, by turns. */
    private static float[] galaxy(int i, Random random) {
        float[] features = new float[WIDTH];
        for (int j = 0; j < WIDTH; j++) {
            features[j] = (float) random.nextGaussian() + (j % 3 == i % 3 ? 12 : 0);
        }
        return features;
    }

    private Path survey(int from, int to) {
        Path file = folder.resolve("s.hoag");
        Random random = new Random(from);
        try (SurveyWriter writer =
                new SurveyWriter(file, new SurveyInfo(WIDTH, "sha256:one", "m.safetensors", 1), 1000)) {
            for (int i = from; i < to; i++) {
                writer.append(new Entry("g" + i, galaxy(i, random)));
            }
        }
        return file;
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void newGalaxiesComeToTheirOwn(Method method) {
        Mapping mapping = new Mapping(survey(0, 300))
                .settings(MapSettings.DEFAULT.method(method))
                .compute(Compute.cpu(2));
        assertEquals(new Mapping.Result(300, 0, method.text(), "", true), mapping.run(Progress.NONE));
        float[][] before = places();
        survey(300, 420);
        assertEquals(120, mapping.placeNew(true).run(Progress.NONE).added());
        float[][] after = places();
        for (int i = 0; i < 420; i++) {
            if (i < 300) {
                assertArrayEquals(before[i], after[i]);
            }
            assertEquals(i % 3, nearest(before, after[i], i) % 3, method + ": galaxy " + i);
        }
        assertEquals(0, mapping.placeNew(true).run(Progress.NONE).added());
    }

    private float[][] places() {
        try (Survey survey = Survey.open(folder.resolve("s.hoag"));
                SurveyMap map = SurveyMap.open(survey).orElseThrow()) {
            assertEquals("", map.behind(survey));
            return map.places();
        }
    }

    private static int nearest(float[][] places, float[] to, int self) {
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < places.length; i++) {
            double d = Math.hypot(places[i][0] - to[0], places[i][1] - to[1]);
            if (i != self && d < least) {
                least = d;
                best = i;
            }
        }
        return best;
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void theSameSeedGivesTheSameFile(Method method) throws IOException {
        Path file = survey(0, 200);
        Mapping mapping = new Mapping(file)
                .settings(MapSettings.DEFAULT.method(method).dims(4).epochs(30))
                .seed(1);
        mapping.compute(Compute.cpu(1)).run(Progress.NONE);
        byte[] one = Files.readAllBytes(SurveyMap.beside(file));
        mapping.compute(Compute.cpu(3)).run(Progress.NONE);
        assertArrayEquals(one, Files.readAllBytes(SurveyMap.beside(file)));
    }

    @ParameterizedTest
    @EnumSource(names = {"TSNE", "UMAP"})
    void whoStopsKeepsTheOldMapAndGoesOn(Method method) throws IOException {
        Path file = survey(0, 200);
        Path map = SurveyMap.beside(file);
        Mapping mapping = new Mapping(file)
                .settings(MapSettings.DEFAULT.method(method).epochs(40))
                .compute(Compute.cpu(2));
        mapping.run(Progress.NONE);
        byte[] whole = Files.readAllBytes(map);
        new Mapping(file).settings(MapSettings.DEFAULT.method(Method.PCA)).run(Progress.NONE);
        byte[] before = Files.readAllBytes(map);
        Heard stopped = new Heard(25);
        assertFalse(mapping.run(stopped).finished());
        assertArrayEquals(before, Files.readAllBytes(map));
        Heard resumed = new Heard(1000);
        assertTrue(mapping.run(resumed).finished());
        assertTrue(stopped.rounds + resumed.rounds < 45, stopped.rounds + " and " + resumed.rounds);
        assertArrayEquals(whole, Files.readAllBytes(map));
        assertFalse(Files.exists(file.resolveSibling("s.hoag.map.part")));
    }

    /** Stops after so many rounds. */
    private static final class Heard implements Progress {
        private final int most;
        private int rounds;

        Heard(int most) {
            this.most = most;
        }

        @Override
        public void at(String what, String unit, long done, long total, String note) {
            rounds += unit.equals("rounds") ? 1 : 0;
        }

        @Override
        public boolean stopping() {
            return rounds >= most;
        }
    }

    @ParameterizedTest
    @EnumSource
    void newGalaxiesJoinTheGroupsOfTheirOwn(Cluster.On on) {
        Path file = survey(0, 300);
        Mapping mapping = new Mapping(file).compute(Compute.cpu(2));
        mapping.run(Progress.NONE);
        new Cluster(file).grouping(Grouping.DEFAULT.k(3)).on(on).name("kind").run(Progress.NONE);
        survey(300, 390);
        mapping.placeNew(true).run(Progress.NONE);
        try (Survey survey = Survey.open(file);
                SurveyMap map = SurveyMap.open(survey).orElseThrow()) {
            Column kind = map.column("kind").orElseThrow();
            assertEquals(390, kind.size());
            for (int i = 0; i < 390; i++) {
                assertEquals(kind.label(i % 3), kind.label(i), "galaxy " + i);
            }
        }
    }

    private static String refused(Class<? extends HoagException> type, float[] values, MapSettings settings) {
        try (Backend cpu = new CpuBackend(1)) {
            Rows rows = Rows.of(values, WIDTH);
            return assertThrows(type, () -> new Mapper(settings, 1, cpu).fit(rows, Progress.NONE))
                    .getMessage();
        }
    }

    @Test
    void whatCannotBeMappedIsTold() {
        MapSettings umap = MapSettings.DEFAULT;
        float[] ten = new float[10 * WIDTH];
        assertTrue(refused(ConfigException.class, ten, umap.neighbours(15))
                .contains("--neighbours 15 is more than the 10 galaxies"));
        MapSettings tsne = new MapSettings(Method.TSNE, 50, umap.metric(), 0, 0.1, 30, 0);
        assertTrue(refused(ConfigException.class, ten, tsne).contains("--perplexity 30.0 is too much"));
        assertTrue(refused(DataException.class, ten, umap.neighbours(5)).contains("are the same"));
        assertTrue(refused(DataException.class, new float[WIDTH], umap)
                .contains("a map wants 3 galaxies or more; there is 1"));
        ten[3] = Float.NaN;
        assertTrue(refused(DataException.class, ten, umap.neighbours(5)).contains("no finite number"));
        assertThrows(ConfigException.class, () -> umap.dims(1));
        Mapping none = new Mapping(survey(0, 5)).placeNew(true);
        assertTrue(assertThrows(ConfigException.class, () -> none.run(Progress.NONE))
                .getMessage()
                .contains("has no map"));
    }

    /** Half of the galaxies are one and the same, and a feature never varies. */
    @ParameterizedTest
    @EnumSource(Method.class)
    void copiesAndConstantFeaturesAreMapped(Method method) {
        float[] values = new float[80 * WIDTH];
        Random random = new Random(1);
        for (int i = 0; i < 40; i++) {
            System.arraycopy(galaxy(i, random), 0, values, i * WIDTH, WIDTH - 1);
        }
        try (Backend cpu = new CpuBackend(1)) {
            MapSettings settings = new MapSettings(method, 0, MapSettings.DEFAULT.metric(), 10, 0.1, 10, 0);
            for (float[] place : new Mapper(settings, 1, cpu)
                    .fit(Rows.of(values, WIDTH), Progress.NONE)
                    .places()) {
                assertTrue(Float.isFinite(place[0]) && Float.isFinite(place[1]));
            }
        }
    }
}
