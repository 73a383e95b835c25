package hoag.galaxy.metrics;

import static hoag.galaxy.Golden.integers;
import static hoag.galaxy.Golden.map;
import static hoag.galaxy.Golden.matrix;
import static hoag.galaxy.Golden.number;
import static hoag.galaxy.Golden.vector;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hoag.galaxy.Golden;
import hoag.galaxy.tree.BetaMixture;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import hoag.kernels.ShapeException;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test
    void classes() {
        var golden = map("metrics/multiclass.json");
        var scores = ClassScores.ofLogits(integers(golden, "y"), matrix(golden, "logits"));
        var confusion = scores.confusion();
        assertArrayEquals(integers(golden, "argmax"), scores.guesses());
        for (int k = 0; k < 4; k++)
            assertArrayEquals(
                    matrix(golden, "confusion_rows_true")[k], doubles(confusion.counts()[k]));
        close(golden, "accuracy", confusion.accuracy());
        close(golden, "precision", byClass(confusion::precision));
        close(golden, "recall", byClass(confusion::recall));
        close(golden, "f1", byClass(confusion::f1));
        assertArrayEquals(vector(golden, "support"), byClass(confusion::support));
        close(golden, "macro_f1", confusion.macroF1());
        close(golden, "weighted_f1", confusion.weightedF1());
        double precision = 0;
        for (int k = 0; k < 4; k++) precision += vector(golden, "precision")[k] * vector(golden, "support")[k];
        assertEquals(precision / confusion.total(), confusion.weightedPrecision(), 1e-12);
        close(golden, "balanced_accuracy", confusion.balancedAccuracy());
        close(golden, "cohen_kappa", confusion.kappa());
        close(golden, "matthews", confusion.matthews());
        close(golden, "log_loss", scores.logLoss());
        close(golden, "brier_sum_over_classes", scores.brier());
        close(golden, "roc_auc_ovr_macro", scores.rocAuc());
        close(golden, "top2_accuracy", scores.topAccuracy(2));
        calibration(map(golden, "calibration"), scores.calibration());
    }

    private static void calibration(Object golden, Calibration calibration) {
        close(golden, "edges", calibration.edges());
        assertArrayEquals(integers(golden, "count"), calibration.count());
        close(golden, "mean_confidence", calibration.meanConfidence());
        close(golden, "accuracy", calibration.accuracy());
        close(golden, "ece", calibration.expectedError());
        close(golden, "mce", calibration.maximumError());
    }

    @Test
    void binary() {
        var golden = map("metrics/binary.json");
        var scores = new BinaryScores(positives(golden), vector(golden, "score"));
        close(golden, "roc_auc", scores.rocAuc());
        close(golden, "average_precision", scores.averagePrecision());
        close(golden, "pr_auc_trapezium", scores.precisionRecallArea());
        var roc = map(golden, "roc");
        close(roc, "fpr", scores.roc().falsePositiveRate());
        close(roc, "tpr", scores.roc().truePositiveRate());
        assertEquals(Double.POSITIVE_INFINITY, scores.roc().threshold()[0]);
        var thresholds = vector(roc, "threshold");
        assertArrayEquals(
                Arrays.copyOfRange(thresholds, 1, thresholds.length),
                tail(scores.roc().threshold()));
        var curve = map(golden, "pr");
        close(curve, "precision", scores.precisionRecall().precision());
        close(curve, "recall", scores.precisionRecall().recall());
        close(curve, "threshold", scores.precisionRecall().threshold());
        for (int k : new int[] {10, 20, 50}) close(golden, "precision_at_" + k, scores.precisionAt(k));
        for (int k : new int[] {10, 50}) close(map(golden, "rank_weighted_score"), "N=" + k, scores.rankWeighted(k));
        assertThrows(ConfigException.class, () -> scores.precisionAt(151));
    }

    private static boolean[] positives(Object golden) {
        var y = integers(golden, "y");
        var positive = new boolean[y.length];
        for (int i = 0; i < y.length; i++) positive[i] = y[i] == 1;
        return positive;
    }

    @Test
    void fractions() {
        var golden = map("metrics/fractions.json");
        var scores = FractionScores.of(
                matrix(golden, "votes_by_answer"), matrix(golden, "predicted_fraction"), FractionScores.MINIMUM_VOTES);
        assertEquals(number(golden, "galaxies"), scores.galaxies());
        close(golden, "mae_by_answer", scores.maeByAnswer());
        close(golden, "rmse_by_answer", scores.rmseByAnswer());
        close(golden, "mae", scores.mae());
        close(golden, "rmse", scores.rmse());
        assertThrows(
                DataException.class, () -> FractionScores.of(new double[][] {{1, 2}}, new double[][] {{.5, .5}}, 20));
    }

    @Test
    void coverage() {
        var golden = map("metrics/coverage.json");
        double[][] a = matrix(golden, "a_galaxy_pass"), b = matrix(golden, "b_galaxy_pass");
        var n = integers(golden, "votes");
        var predictions = IntStream.range(0, n.length)
                .mapToObj(g -> new BetaMixture(a[g], b[g]).votes(n[g]))
                .toArray(double[][]::new);
        var coverage = new Coverage(predictions, integers(golden, "k"));
        close(golden, "expected_k", coverage.expected());
        for (int w : new int[] {1, 2, 5, 10}) {
            var wanted = map(map(golden, "within_w_votes"), "w=" + w);
            close(wanted, "predicted", coverage.withinVotes(w).predicted());
            close(wanted, "observed", coverage.withinVotes(w).observed());
        }
        for (var mass : map(golden, "hpd_coverage").keySet())
            close(
                    map(golden, "hpd_coverage"),
                    mass.toString(),
                    coverage.highestDensity(Double.parseDouble(mass.toString().substring(5))));
    }

    @Test
    void regression() {
        var golden = map("metrics/regression.json");
        var scores = new RegressionScores(vector(golden, "y"), vector(golden, "mean"));
        var sd = vector(golden, "sd");
        close(golden, "mae", scores.mae());
        close(golden, "rmse", scores.rmse());
        close(golden, "r2", scores.r2());
        close(golden, "spearman", scores.spearman());
        close(golden, "pearson", scores.pearson());
        close(golden, "crps_normal", scores.crpsNormal(sd));
        close(golden, "nll_normal", scores.negativeLogLikelihoodNormal(sd));
        close(
                golden,
                "coverage_68_95_997",
                Arrays.stream(new double[] {0.6827, 0.9545, 0.9973})
                        .map(mass -> scores.coverageNormal(sd, mass))
                        .toArray());
    }

    @Test
    void ranking() {
        var golden = map("metrics/ranking.json");
        double[][] relevance = matrix(golden, "relevance"), score = matrix(golden, "score");
        close(golden, "ndcg_at_10_by_query", byQuery(q -> Ranking.ndcg(relevance[q], score[q], 10), score.length));
        close(golden, "dcg_at_10", byQuery(q -> Ranking.dcg(relevance[q], score[q], 10), score.length));
        close(golden, "ndcg_at_10", Ranking.ndcg(relevance, score, 10));
    }

    @Test
    void itemsOfEqualScoreShareTheirGain() {
        double shared = Ranking.dcg(new double[] {3, 0}, new double[] {1, 1}, 1);
        assertEquals(1.5, shared, 1e-15);
        assertEquals(shared, Ranking.dcg(new double[] {0, 3}, new double[] {1, 1}, 1), 1e-15);
        assertEquals(0, Ranking.ndcg(new double[] {0, 0}, new double[] {1, 2}, 2));
    }

    @Test
    void clusterings() {
        var golden = map("metrics/clusterings.json");
        var scores = new Clusterings(integers(golden, "a"), integers(golden, "b"));
        close(golden, "nmi_arithmetic", scores.normalisedMutualInformation());
        close(golden, "ari", scores.adjustedRand());
        close(golden, "hungarian_accuracy", scores.matchedAccuracy());
        close(golden, "homogeneity", scores.homogeneity());
        close(golden, "completeness", scores.completeness());
    }

    @Test
    void aGreedyMatchIsNotTheBest() {
        assertEquals(11, Assignment.most(new double[][] {{6, 5}, {6, 1}}));
        assertEquals(9, Assignment.most(new double[][] {{1, 9, 2}}));
        assertEquals(14, Assignment.most(new double[][] {{7, 5, 1}, {6, 1, 1}, {8, 4, 2}}));
    }

    @Test
    void badInputIsNamed() {
        assertThrows(ShapeException.class, () -> new RegressionScores(new double[2], new double[3]));
        assertThrows(DataException.class, () -> new RegressionScores(new double[0], new double[0]));
        assertThrows(DataException.class, () -> new BinaryScores(new boolean[] {true, true}, new double[2]));
        assertThrows(
                DataException.class, () -> new BinaryScores(new boolean[] {true, false}, new double[] {1, Double.NaN}));
        var e = assertThrows(DataException.class, () -> ConfusionMatrix.of(new int[] {0, 4}, new int[] {0, 1}, 3));
        assertEquals("label of row 1 is 4; want 0..2", e.getMessage());
    }

    private static double[] byClass(IntToDoubleFunction score) {
        return byQuery(score, 4);
    }

    private static double[] byQuery(IntToDoubleFunction score, int queries) {
        return IntStream.range(0, queries).mapToDouble(score).toArray();
    }

    private static double[] doubles(int[] values) {
        return Arrays.stream(values).asDoubleStream().toArray();
    }

    private static double[] tail(double[] values) {
        return Arrays.copyOfRange(values, 1, values.length);
    }

    private static void close(Object golden, String key, double got) {
        Golden.close(number(golden, key), got, 1e-10, 1e-14, key);
    }

    private static void close(Object golden, String key, double[] got) {
        Golden.close(vector(golden, key), got, 1e-10, 1e-14, key);
    }
}
