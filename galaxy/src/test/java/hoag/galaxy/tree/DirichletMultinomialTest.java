package hoag.galaxy.tree;

import static hoag.galaxy.Golden.close;
import static hoag.galaxy.Golden.map;
import static hoag.galaxy.Golden.matrix;
import static hoag.galaxy.Golden.number;
import static hoag.galaxy.Golden.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hoag.galaxy.Golden;
import hoag.galaxy.tree.DirichletMultinomial.Reduction;
import hoag.kernels.DataException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirichletMultinomialTest {
    private static final double RELATIVE = 1e-11, ABSOLUTE = 1e-10;

    @ParameterizedTest
    @ValueSource(strings = {"gz2_ortho", "decals_dr5_ortho", "hubble_ortho"})
    void likelihoodAndGradients(String tree) {
        var schema = Schema.fromMap(map("schemas/" + tree + ".json"));
        var golden = map("dirichlet/likelihood-" + tree + ".json");
        var votes = matrix(golden, "votes");
        agrees(schema, golden, map(golden, "votes_as_given"), votes);
        agrees(schema, golden, map(golden, "votes_truncated"), truncate(votes));
    }

    private static void agrees(Schema schema, Object golden, Object wanted, double[][] votes) {
        var logits = matrix(golden, "logits");
        var a = Arrays.stream(logits)
                .map(DirichletMultinomialTest::concentrations)
                .toArray(double[][]::new);
        for (int g = 0; g < votes.length; g++) {
            var galaxy = schema.name() + " galaxy " + g + " "
                    + Golden.list(golden, "case").get(g);
            close(matrix(golden, "concentrations")[g], a[g], 1e-15, 0, galaxy);
            var logProbs = DirichletMultinomial.logProbs(schema, a[g], votes[g]);
            close(matrix(wanted, "log_prob")[g], logProbs, RELATIVE, ABSOLUTE, galaxy);
            close(vector(wanted, "total")[g], Arrays.stream(logProbs).sum(), RELATIVE, ABSOLUTE, galaxy);
            close(
                    matrix(wanted, "grad_concentration")[g],
                    DirichletMultinomial.gradient(schema, a[g], votes[g]),
                    RELATIVE,
                    ABSOLUTE,
                    galaxy);
            close(
                    matrix(wanted, "grad_logit")[g],
                    DirichletMultinomial.gradientByLogit(schema, logits[g], votes[g]),
                    RELATIVE,
                    ABSOLUTE,
                    galaxy);
        }
        close(
                number(wanted, "loss_sum_over_questions"),
                DirichletMultinomial.loss(schema, a, votes, Reduction.SUM_OVER_QUESTIONS),
                RELATIVE,
                ABSOLUTE,
                "sum");
        close(
                number(wanted, "loss_mean_over_questions"),
                DirichletMultinomial.loss(schema, a, votes, Reduction.MEAN_OVER_QUESTIONS),
                RELATIVE,
                ABSOLUTE,
                "mean");
    }

    private static double[] concentrations(double[] logits) {
        return Arrays.stream(logits).map(DirichletMultinomial::concentration).toArray();
    }

    private static double[][] truncate(double[][] votes) {
        return Arrays.stream(votes)
                .map(row -> Arrays.stream(row).map(Math::floor).toArray())
                .toArray(double[][]::new);
    }

    @Test
    void concentrationsFromAThousandthToAMillion() {
        for (var row : (List<?>) Golden.json("dirichlet/free-concentrations.json")) {
            double[] a = vector(row, "concentrations"), k = vector(row, "votes");
            close(number(row, "log_prob"), DirichletMultinomial.logProb(a, k), RELATIVE, ABSOLUTE, row.toString());
            close(
                    vector(row, "grad_concentration"),
                    DirichletMultinomial.gradient(a, k),
                    RELATIVE,
                    ABSOLUTE,
                    row.toString());
        }
    }

    @Test
    void noVotesGiveExactlyNothing() {
        for (double scale : new double[] {1e-3, 1, 101, 1e6}) {
            double[] a = {scale, 2.5 * scale, 0.3 * scale}, none = {0, 0, 0};
            assertEquals(0, DirichletMultinomial.logProb(a, none));
            assertArrayEquals(none, DirichletMultinomial.gradient(a, none));
        }
    }

    @Test
    void impossibleVotesAreNamed() {
        var e = assertThrows(
                DataException.class,
                () -> DirichletMultinomial.logProb(new double[] {1, 2}, new double[] {1, Double.NaN}));
        assertEquals("votes for answer 1 are NaN; want 0 or more", e.getMessage());
        assertThrows(DataException.class, () -> DirichletMultinomial.logProb(new double[] {1, 0}, new double[] {1, 1}));
    }

    @Test
    void binomial() {
        var golden = map("bald/binomial-loss.json");
        double[] rho = vector(golden, "rho"), k = vector(golden, "k"), n = vector(golden, "N");
        double sum = 0;
        for (int i = 0; i < rho.length; i++) {
            sum += Binomial.loss(rho[i], k[i], n[i]);
            close(vector(golden, "loss")[i], Binomial.loss(rho[i], k[i], n[i]), 1e-10, 1e-12, "loss " + i);
            close(vector(golden, "grad_rho")[i], Binomial.gradient(rho[i], k[i], n[i]), 1e-10, 1e-12, "gradient " + i);
            close(
                    vector(golden, "log_likelihood_with_coefficient_no_epsilon")[i],
                    Binomial.logProb(rho[i], k[i], n[i]),
                    1e-10,
                    1e-12,
                    "ln p " + i);
        }
        close(number(golden, "mean_loss"), sum / rho.length, 1e-10, 1e-12, "mean");
    }
}
