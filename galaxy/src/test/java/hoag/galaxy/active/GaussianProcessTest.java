package hoag.galaxy.active;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.Golden;
import hoag.kernels.DataException;
import hoag.kernels.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** scikit-learn's numbers: likelihood, gradient, posterior, expected improvement, and what is asked for next. */
class GaussianProcessTest {
    private static final String CASES = """
        1, rational_quadratic, RATIONAL_QUADRATIC
        1, matern_1.5, MATERN
        2, rational_quadratic, RATIONAL_QUADRATIC
        2, matern_1.5, MATERN
        """;

    private static Map<?, ?> set(int number) {
        return Golden.map("gp/set" + number + ".json");
    }

    @ParameterizedTest
    @CsvSource(textBlock = CASES)
    void givenHyperParameters(int number, String name, Covariance covariance) {
        Map<?, ?> set = set(number);
        double[][] x = Golden.matrix(set, "x");
        double[] y = Golden.vector(set, "y");
        for (String at : List.of("at_one", "at_given", "fitted")) {
            Map<?, ?> wanted = Golden.map(set.get(name), at);
            GaussianProcess process = new GaussianProcess(covariance, Golden.vector(wanted, "theta_ln"), x, y);
            String what = name + " " + at;
            Golden.close(Golden.number(wanted, "log_marginal_likelihood"), process.logLikelihood(), 1e-8, 1e-8, what);
            Golden.close(Golden.vector(wanted, "gradient_wrt_ln_hyper"), process.gradient(), 1e-8, 1e-8, what);
            posterior(wanted, process, Golden.matrix(set, "pool"), max(y), 1e-8, what);
        }
    }

    private static void posterior(
            Map<?, ?> wanted, GaussianProcess process, double[][] pool, double best, double allowed, String what) {
        GaussianProcess.Posterior posterior = process.predict(pool);
        Golden.close(Golden.vector(wanted, "mean"), posterior.mean(), allowed, allowed, what + " mean");
        Golden.close(Golden.vector(wanted, "std_with_noise"), posterior.std(), allowed, allowed, what + " std");
        double[] improvement = Improvement.expected(posterior, best, 0.5);
        Golden.close(
                Golden.vector(wanted, "expected_improvement_xi0.5"),
                improvement,
                allowed,
                allowed,
                what + " improvement");
    }

    @ParameterizedTest
    @CsvSource(textBlock = CASES)
    void fitted(int number, String name, Covariance covariance) {
        Map<?, ?> set = set(number);
        double[] y = Golden.vector(set, "y");
        Map<?, ?> wanted = Golden.map(set.get(name), "fitted");
        GaussianProcess process = GaussianProcess.fit(covariance, Golden.matrix(set, "x"), y, 0, 1);
        double likelihood = Golden.number(wanted, "log_marginal_likelihood");
        assertTrue(process.logLikelihood() >= likelihood - 1e-4, process.logLikelihood() + " < " + likelihood);
        posterior(wanted, process, Golden.matrix(set, "pool"), max(y), 2e-3, name);
        GaussianProcess more = GaussianProcess.fit(covariance, Golden.matrix(set, "x"), y, 3, 1);
        assertTrue(more.logLikelihood() >= process.logLikelihood());
    }

    @ParameterizedTest
    @CsvSource(textBlock = CASES)
    void asksForTheSameGalaxies(int number, String name, Covariance covariance) {
        Map<?, ?> set = set(number);
        Map<?, ?> of = Golden.map(set, name);
        double[] given = Golden.vector(of.get("at_given"), "theta_ln");
        loop(set, Golden.list(of, "loop_fixed_hyper_at_given"), (x, y) -> new GaussianProcess(covariance, given, x, y));
        loop(set, Golden.list(of, "loop_refitted"), (x, y) -> GaussianProcess.fit(covariance, x, y, 0, 1));
    }

    private interface Maker {
        GaussianProcess make(double[][] x, double[] y);
    }

    private static void loop(Map<?, ?> set, List<?> steps, Maker maker) {
        double[][] x = Golden.matrix(set, "x");
        double[] y = Golden.vector(set, "y");
        List<Integer> known = new ArrayList<>(
                Arrays.stream(Golden.integers(set, "loop_start")).boxed().toList());
        for (Object step : steps) {
            double[] seen = known.stream().mapToDouble(i -> y[i]).toArray();
            GaussianProcess process = maker.make(known.stream().map(i -> x[i]).toArray(double[][]::new), seen);
            int[] rest =
                    IntStream.range(0, x.length).filter(i -> !known.contains(i)).toArray();
            double[] improvement = Improvement.expected(
                    process.predict(Arrays.stream(rest).mapToObj(i -> x[i]).toArray(double[][]::new)), max(seen), 0.5);
            int[] first = Arrays.stream(Improvement.largest(improvement, 10))
                    .map(i -> rest[i])
                    .toArray();
            assertEquals((int) Golden.number(step, "picked"), first[0], "step " + (known.size() - 20));
            Golden.close(
                    Golden.vector(step, "top10_expected_improvement")[0],
                    improvement[Improvement.largest(improvement, 1)[0]],
                    0,
                    1e-3,
                    "improvement");
            known.add(first[0]);
        }
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }

    @Test
    void whatCannotBeIsTold() {
        double[][] x = {{1, 2}, {3, 4}};
        double[] ln = {0, 0};
        assertThrows(ShapeException.class, () -> new GaussianProcess(Covariance.MATERN, ln, x, new double[1]));
        assertThrows(
                ShapeException.class, () -> new GaussianProcess(Covariance.RATIONAL_QUADRATIC, ln, x, new double[2]));
        assertThrows(
                DataException.class, () -> new GaussianProcess(Covariance.MATERN, ln, x, new double[] {1, Double.NaN}));
        assertThrows(
                DataException.class,
                () -> GaussianProcess.fit(Covariance.MATERN, new double[0][], new double[0], 0, 1));
        assertArrayEquals(new int[] {2, 0, 1}, Improvement.largest(new double[] {1, 1, 3}, 5));
    }

    /** The climb ends where nothing is gained any more: a person waits for it after every rating. */
    @Test
    void theBestIsFoundInFewSteps() {
        java.util.Random random = new java.util.Random(1);
        double[][] x = new double[200][40];
        for (double[] point : x) {
            Arrays.setAll(point, i -> random.nextGaussian());
        }
        double[] y = Arrays.stream(x)
                .mapToDouble(p -> Math.round(5 / (1 + Math.exp(-2 * p[0] - p[1]))))
                .toArray();
        int[] asked = new int[1];
        Covariance covariance = Covariance.RATIONAL_QUADRATIC;
        double[] found = BoundedBfgs.minimise(new double[3], -11.5, 11.5, 200, (at, gradient) -> {
            asked[0]++;
            GaussianProcess process = new GaussianProcess(covariance, at, x, y);
            Arrays.setAll(gradient, i -> -process.gradient()[i]);
            return -process.logLikelihood();
        });
        assertEquals(-311.085, new GaussianProcess(covariance, found, x, y).logLikelihood(), 1e-3);
        assertTrue(asked[0] < 60, asked[0] + " steps");
    }
}
