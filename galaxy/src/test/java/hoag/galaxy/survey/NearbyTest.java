package hoag.galaxy.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.Backend;
import hoag.kernels.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Codes and graph find what looking at everything finds, but for a few, and are made anew when the survey grows. */
class NearbyTest {
    private static final int WIDTH = 75;

    @TempDir
    Path folder;

    /** Rows in groups, as representations lie. */
    private static float[][] rows(int count, int seed) {
        Random random = new Random(7);
        float[][] centres = new float[30][WIDTH];
        for (float[] centre : centres) {
            for (int j = 0; j < WIDTH; j++) {
                centre[j] = 2 * (float) random.nextGaussian();
            }
        }
        random = new Random(seed);
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = centres[random.nextInt(30)].clone();
            for (int j = 0; j < WIDTH; j++) {
                rows[i][j] += (float) random.nextGaussian();
            }
        }
        return rows;
    }

    private static Rows of(float[][] rows) {
        float[] all = new float[rows.length * WIDTH];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, all, i * WIDTH, WIDTH);
        }
        return Rows.of(all, WIDTH);
    }

    private static double shared(List<List<Hit>> found, List<List<Hit>> truth) {
        double shared = 0;
        for (int i = 0; i < truth.size(); i++) {
            var wanted = new HashSet<>(truth.get(i));
            shared += found.get(i).stream().filter(wanted::contains).count() / (double) wanted.size();
        }
        return shared / truth.size();
    }

    @ParameterizedTest
    @EnumSource
    void codesAndGraphFindTheSame(Metric metric) {
        Rows rows = of(rows(3000, 1));
        List<Examples> wanted = new ArrayList<>();
        for (float[] query : rows(40, 2)) {
            wanted.add(Examples.of(query));
        }
        IntPredicate third = row -> row % 3 == 0;
        try (Backend backend = Backends.open("cpu", 2);
                Codes codes = Codes.of(rows)) {
            var exact = new ExactSearch(rows, metric, backend);
            var byCodes = new CodeSearch(rows, codes, metric);
            var byGraph = new GraphSearch(
                    rows, codes, Graph.of(codes, metric, done -> {}), metric, GraphSearch.walk(rows.size()));
            var truth = exact.nearest(wanted, 10, Neighbours.ANY);
            assertTrue(shared(byCodes.nearest(wanted, 10, Neighbours.ANY), truth) > 0.999);
            assertTrue(shared(byGraph.nearest(wanted, 10, Neighbours.ANY), truth) > 0.95);
            var some = exact.nearest(wanted, 10, third);
            assertTrue(some.stream().flatMap(List::stream).allMatch(hit -> hit.row() % 3 == 0));
            assertTrue(shared(byCodes.nearest(wanted, 10, third), some) > 0.999);
            assertTrue(shared(byGraph.nearest(wanted, 10, third), some) > 0.999);
            Examples mixed = new Examples(
                    List.of(wanted.get(0).at(0), wanted.get(1).at(0)),
                    List.of(wanted.get(2).at(0)));
            assertEquals(exact.nearest(mixed, 5), byCodes.nearest(mixed, 5, Neighbours.ANY));
            for (int i = 0; i < 8; i++) { // one by one is looked at in another way than many at once
                assertEquals(truth.get(i), exact.nearest(wanted.get(i), 10, Neighbours.ANY));
            }
        }
    }

    /** What finds 97% among 50,000 finds 93% among twice as many: the walk grows with them. */
    @Test
    void amongMoreTheWalkIsLonger() {
        assertEquals(24, GraphSearch.walk(1000));
        assertEquals(24, GraphSearch.walk(50_000));
        assertEquals(36, GraphSearch.walk(100_000));
        assertTrue(GraphSearch.walk(1_000_000) > 70, GraphSearch.walk(1_000_000) + "");
    }

    @Test
    void threadsDoNotMatter() throws Exception {
        Rows rows = of(rows(1500, 3));
        Examples query = Examples.of(rows(1, 4)[0]);
        try (Codes codes = Codes.of(rows)) {
            List<int[]> seen = new ArrayList<>();
            for (int threads : new int[] {1, 3}) {
                try (ForkJoinPool pool = new ForkJoinPool(threads)) {
                    Graph graph = pool.submit(() -> Graph.of(codes, Metric.EUCLIDEAN, done -> {}))
                            .get();
                    Graph.Walk walk = graph.near(query.at(0), 40);
                    seen.add(java.util.stream.IntStream.range(0, walk.size())
                            .map(walk::row)
                            .toArray());
                }
            }
            assertTrue(Arrays.equals(seen.get(0), seen.get(1)));
        }
    }

    private static void write(Path file, float[][] rows, int from) {
        try (var writer = new SurveyWriter(file, new SurveyInfo(WIDTH, "sha256:one", "m", 1), 500)) {
            for (int i = 0; i < rows.length; i++) {
                writer.append(new Entry("g" + (from + i), rows[i]));
            }
        }
    }

    @Test
    void areKeptAndMadeAnewWhenTheSurveyGrows() throws IOException {
        Path file = folder.resolve("s.hoag");
        write(file, rows(1200, 1), 0);
        Examples query = Examples.of(rows(1, 9)[0]);
        try (Backend backend = Backends.open("cpu", 2)) {
            for (int grown = 0; grown < 2; grown++) {
                try (Survey survey = Survey.open(file)) {
                    assertFalse(Codes.current(survey) || Graph.current(survey, Metric.EUCLIDEAN));
                    List<Hit> exact = new ExactSearch(survey, Metric.EUCLIDEAN, backend).nearest(query, 5);
                    for (Way way : new Way[] {Way.GRAPH, Way.AUTO, Way.CODES}) {
                        try (Nearby nearby = Nearby.of(survey, Metric.EUCLIDEAN, way, backend)) {
                            assertEquals(exact, nearby.search().nearest(query, 5, Neighbours.ANY), way.name());
                            assertEquals(way != Way.CODES, nearby.search() instanceof GraphSearch);
                        }
                    }
                    assertTrue(Codes.current(survey) && Graph.current(survey, Metric.EUCLIDEAN));
                }
                Files.write(Codes.beside(file), Arrays.copyOf(Files.readAllBytes(Codes.beside(file)), 5000));
                try (Survey survey = Survey.open(file)) {
                    assertFalse(Codes.current(survey), "cut off");
                }
                write(file, new float[][] {query.at(0)}, 1200 + grown);
            }
        }
    }
}
