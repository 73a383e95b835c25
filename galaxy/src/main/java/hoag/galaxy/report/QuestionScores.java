package hoag.galaxy.report;

import hoag.galaxy.metrics.ConfusionMatrix;
import hoag.galaxy.metrics.Coverage;
import hoag.galaxy.metrics.FractionScores;
import hoag.galaxy.tree.DirichletMultinomial;
import hoag.galaxy.tree.Question;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How well one question of a tree is answered.
 *
 * @param asked galaxies on which at least half of the volunteers were asked, (rows) of the evaluation
 * @param guesses the most likely answer on each of them
 * @param truths the answer most volunteers gave on each of them
 * @param confusion of these; null where there is none
 * @param fractions errors of the fractions on galaxies with enough votes; null where there is none
 * @param likelihood mean of -ln p(votes) over galaxies with votes, nats
 * @param coverage share of vote counts inside the 90% region of the predicted counts; NaN where there is no galaxy with enough votes
 */
record QuestionScores(
        Question question,
        int[] asked,
        int[] guesses,
        int[] truths,
        ConfusionMatrix confusion,
        FractionScores fractions,
        double likelihood,
        int voted,
        double coverage) {
    private static final double MASS = 0.9;

    /**
     * @param votes (galaxies, answers of this question)
     * @param share (galaxies) votes on this question over votes on the root
     * @param predicted (galaxies, answers) expected fractions
     * @param passes (galaxies, passes, answers) concentrations
     */
    static QuestionScores of(
            Question question, double[][] votes, double[] share, double[][] predicted, double[][][] passes) {
        double[] totals = Arrays.stream(votes)
                .mapToDouble(row -> Arrays.stream(row).sum())
                .toArray();
        int[] asked = IntStream.range(0, votes.length)
                .filter(i -> totals[i] > 0 && share[i] >= 0.5)
                .toArray();
        int[] guesses = Arrays.stream(asked).map(i -> most(predicted[i])).toArray();
        int[] truths = Arrays.stream(asked).map(i -> most(votes[i])).toArray();
        int[] enough = IntStream.range(0, votes.length)
                .filter(i -> totals[i] >= FractionScores.MINIMUM_VOTES)
                .toArray();
        int[] voted =
                IntStream.range(0, votes.length).filter(i -> totals[i] > 0).toArray();
        return new QuestionScores(
                question,
                asked,
                guesses,
                truths,
                asked.length == 0
                        ? null
                        : ConfusionMatrix.of(truths, guesses, question.answers().size()),
                enough.length == 0 ? null : FractionScores.of(votes, predicted, FractionScores.MINIMUM_VOTES),
                IntStream.of(voted)
                        .mapToDouble(i -> -logProb(passes[i], votes[i]))
                        .average()
                        .orElse(Double.NaN),
                voted.length,
                coverage(enough, votes, totals, passes));
    }

    /** Of the equal mixture of the passes. */
    static double logProb(double[][] passes, double[] votes) {
        double[] each = Arrays.stream(passes)
                .mapToDouble(pass -> DirichletMultinomial.logProb(pass, votes))
                .toArray();
        double most = Arrays.stream(each).max().orElse(0);
        return most
                + Math.log(Arrays.stream(each)
                        .map(v -> Math.exp(v - most))
                        .average()
                        .orElse(1));
    }

    private static double coverage(int[] rows, double[][] votes, double[] totals, double[][][] passes) {
        if (rows.length == 0) {
            return Double.NaN;
        }
        double sum = 0;
        int answers = votes[0].length;
        for (int a = 0; a < answers; a++) {
            int answer = a;
            double[][] probability = Arrays.stream(rows)
                    .parallel()
                    .mapToObj(i -> counts(passes[i], answer, (int) Math.round(totals[i])))
                    .toArray(double[][]::new);
            int[] counts = Arrays.stream(rows)
                    .map(i -> (int) Math.clamp(Math.round(votes[i][answer]), 0, Math.round(totals[i])))
                    .toArray();
            sum += new Coverage(probability, counts).highestDensity(MASS);
        }
        return sum / answers;
    }

    /** The probability of 0, 1 ... n votes for one answer: beta-binomial, mixed over passes. */
    private static double[] counts(double[][] passes, int answer, int n) {
        double[] probability = new double[n + 1];
        for (double[] pass : passes) {
            double[] pair = {pass[answer], Arrays.stream(pass).sum() - pass[answer]};
            for (int k = 0; k <= n; k++) {
                probability[k] += Math.exp(DirichletMultinomial.logProb(pair, new double[] {k, n - k})) / passes.length;
            }
        }
        return probability;
    }

    private static int most(double[] values) {
        int best = 0;
        for (int k = 1; k < values.length; k++) {
            best = values[k] > values[best] ? k : best;
        }
        return best;
    }

    double accuracy() {
        return confusion == null ? Double.NaN : confusion.accuracy();
    }

    double macroF1() {
        return confusion == null ? Double.NaN : confusion.macroF1();
    }

    double mae() {
        return fractions == null ? Double.NaN : fractions.mae();
    }

    double rmse() {
        return fractions == null ? Double.NaN : fractions.rmse();
    }

    Map<String, Object> metrics() {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("galaxies_asked", asked.length);
        metrics.put("accuracy", TaskReport.json(accuracy()));
        metrics.put("macro_f1", TaskReport.json(macroF1()));
        metrics.put("weighted_f1", confusion == null ? null : confusion.weightedF1());
        metrics.put("galaxies_with_20_votes", fractions == null ? 0 : fractions.galaxies());
        metrics.put("mae", TaskReport.json(mae()));
        metrics.put("rmse", TaskReport.json(rmse()));
        metrics.put("galaxies_with_votes", voted);
        metrics.put("negative_log_likelihood", TaskReport.json(likelihood));
        metrics.put("coverage_90", TaskReport.json(coverage));
        metrics.put("answers", question.answers());
        metrics.put("confusion", confusion == null ? null : confusion.counts());
        return metrics;
    }
}
