package hoag.galaxy.tree;

import static hoag.galaxy.Golden.close;
import static hoag.galaxy.Golden.map;
import static hoag.galaxy.Golden.matrix;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hoag.galaxy.Golden;
import hoag.galaxy.tree.VoteStatistics.Bounds;
import hoag.kernels.ShapeException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoteStatisticsTest {
    private static final double QUANTILE = 1e-9, RELATIVE = 1e-11, ABSOLUTE = 1e-10;

    @ParameterizedTest
    @ValueSource(strings = {"gz2_ortho", "decals_dr5_ortho", "hubble_ortho"})
    void catalogues(String tree) {
        var schema = Schema.fromMap(map("schemas/" + tree + ".json"));
        var golden = map("dirichlet/catalogue-" + tree + ".json");
        var statistics = new VoteStatistics(schema);
        var galaxies = Golden.list(golden, "concentrations_galaxy_answer_pass");
        for (int g = 0; g < galaxies.size(); g++) {
            var passes = transpose(matrix(galaxies.get(g)));
            var median = statistics.summarise(passes, Bounds.MEDIAN_OF_PASSES);
            var mixture = statistics.summarise(passes, Bounds.MIXTURE);
            close(matrix(golden, "fraction")[g], median.fraction(), RELATIVE, ABSOLUTE, "fraction");
            close(matrix(golden, "90pc-lower")[g], median.lower(), 0, QUANTILE, "lower");
            close(matrix(golden, "90pc-upper")[g], median.upper(), 0, QUANTILE, "upper");
            close(matrix(golden, "mixture_quantile_05")[g], mixture.lower(), 0, QUANTILE, "mixture lower");
            close(matrix(golden, "mixture_quantile_95")[g], mixture.upper(), 0, QUANTILE, "mixture upper");
            close(matrix(golden, "proportion-asked_by_question")[g], median.asked(), RELATIVE, ABSOLUTE, "asked");
            close(matrix(golden, "proportion-asked")[g], median.askedByAnswer(), RELATIVE, ABSOLUTE, "asked");
            close(matrix(golden, "friendly_fraction")[g], median.friendly(), RELATIVE, ABSOLUTE, "friendly");
        }
        assertEquals(Golden.list(golden, "columns_advanced"), VoteColumns.ADVANCED.names(schema));
        assertEquals(Golden.list(golden, "columns_friendly"), VoteColumns.FRIENDLY.names(schema));
    }

    @Test
    void everyStyleHasAValueUnderEveryName() {
        var schema = SchemaTest.schema(SchemaTest.question("ring", java.util.List.of("yes", "no")));
        var votes = new VoteStatistics(schema).summarise(new double[][] {{30, 10}}, Bounds.MIXTURE);
        for (var style : VoteColumns.values()) assertEquals(style.names(schema).size(), style.values(votes).length);
        assertEquals("ring_yes_lower", VoteColumns.PLAIN.names(schema).get(1));
        assertEquals(votes.lower()[0], VoteColumns.PLAIN.values(votes)[1]);
    }

    @Test
    void onePassGivesTheSameBoundsByBothRules() {
        var schema = SchemaTest.schema(SchemaTest.question("ring", java.util.List.of("yes", "no")));
        var statistics = new VoteStatistics(schema);
        double[][] onePass = {{1, 101}};
        assertArrayEquals(
                statistics.summarise(onePass, Bounds.MIXTURE).upper(),
                statistics.summarise(onePass, Bounds.MEDIAN_OF_PASSES).upper());
        assertThrows(ShapeException.class, () -> statistics.fractions(new double[0][]));
        assertThrows(ShapeException.class, () -> statistics.fractions(new double[][] {{1, 2, 3}}));
    }

    @Test
    void quantilesInvertTheDistribution() {
        for (double a : new double[] {0.05, 1, 7, 101, 5000}) {
            for (double b : new double[] {1, 3, 40, 606}) {
                for (double p : new double[] {0.001, 0.05, 0.5, 0.95, 0.999}) {
                    double x = BetaMixture.single(a, b).quantile(p);
                    close(p, BetaMixture.single(a, b).cumulative(x), 0, 1e-9, "Beta(" + a + ", " + b + ") at " + x);
                }
            }
        }
    }

    private static double[][] transpose(double[][] m) {
        return IntStream.range(0, m[0].length)
                .mapToObj(j ->
                        IntStream.range(0, m.length).mapToDouble(i -> m[i][j]).toArray())
                .toArray(double[][]::new);
    }
}
