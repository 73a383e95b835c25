package hoag.galaxy.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Npy;
import hoag.galaxy.Golden;
import hoag.kernels.Backend;
import hoag.kernels.Backends;
import hoag.kernels.ConfigException;
import hoag.kernels.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The neighbours that scikit-learn finds, and those that a plain loop finds. */
class ExactSearchTest {
    @ParameterizedTest
    @EnumSource
    void neighboursOfRealGalaxies(Metric metric) {
        float[] values =
                Npy.read(Golden.path("representations/representations.npy")).floats();
        Rows rows = Rows.of(values, 64);
        String name = "-" + metric.name().toLowerCase(Locale.ROOT) + ".npy";
        int[] wanted =
                whole(Npy.read(Golden.path("representations/neighbours" + name)).longs());
        float[] distances =
                Npy.read(Golden.path("representations/distances" + name)).floats();
        List<Examples> all = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            all.add(Examples.of(rows.row(i)));
        }
        try (Backend backend = Backends.open("cpu", 2)) {
            List<List<Hit>> found = new ExactSearch(rows, metric, backend).nearest(all, 11);
            for (int i = 0; i < rows.size(); i++) {
                int self = i;
                List<Hit> others = found.get(i).stream()
                        .filter(hit -> hit.row() != self)
                        .limit(10)
                        .toList();
                for (int j = 0; j < 10; j++) {
                    Hit hit = others.get(j);
                    Golden.close(distances[i * 10 + j], hit.score(), 1e-6, 1e-6, "row " + i + " neighbour " + j);
                    if (hit.row() != wanted[i * 10 + j]) {
                        double tie = metric.between(rows.row(i), rows.row(wanted[i * 10 + j]));
                        Golden.close(tie, hit.score(), 0, 1e-6, "row " + i + " neighbour " + j);
                    }
                }
            }
        }
    }

    private static int[] whole(long[] values) {
        return java.util.Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }

    /** Rows that do not fill a piece, far from the origin, where float32 loses the differences; several examples. */
    @ParameterizedTest
    @EnumSource
    void manyPiecesAndSeveralExamples(Metric metric) {
        int width = 700;
        Random random = new Random(5);
        float[] values = new float[7001 * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = 30 + (float) random.nextGaussian();
        }
        Rows rows = Rows.of(values, width);
        Examples examples = new Examples(List.of(rows.row(6999), rows.row(3)), List.of(rows.row(4000)));
        List<Hit> plain = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            if (i != 3 && i != 6999) {
                plain.add(new Hit(i, examples.score(rows.row(i), metric)));
            }
        }
        plain.sort(java.util.Comparator.comparingDouble(Hit::score));
        try (Backend backend = Backends.open("cpu", 2)) {
            assertEquals(plain.subList(0, 20), new ExactSearch(rows, metric, backend).nearest(examples, 20, 3, 6999));
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsThatAreNoNumbersAreNeverFound(Metric metric) {
        float[] values = {1, 2, Float.NaN, 1, 3, 4, 0, 0, 5, Float.POSITIVE_INFINITY};
        try (Backend backend = Backends.open("cpu", 1)) {
            ExactSearch search = new ExactSearch(Rows.of(values, 2), metric, backend);
            List<Hit> found = search.nearest(Examples.of(3, 4), 10);
            assertEquals(
                    java.util.Set.of(0, 2, 3),
                    found.stream().map(Hit::row).collect(java.util.stream.Collectors.toSet()));
            assertEquals(2, found.getFirst().row());
            assertThrows(ShapeException.class, () -> search.nearest(Examples.of(3), 1));
            assertThrows(ConfigException.class, () -> search.nearest(Examples.of(3, 4), 0));
            assertTrue(new ExactSearch(Rows.of(new float[0], 2), metric, backend)
                    .nearest(Examples.of(3, 4), 1)
                    .isEmpty());
        }
    }
}
