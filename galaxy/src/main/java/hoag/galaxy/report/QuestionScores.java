package hoag.galaxy.report;

import hoag.galaxy.metrics.ConfusionMatrix;
import hoag.galaxy.metrics.Coverage;
import hoag.galaxy.metrics.FractionScores;
import hoag.galaxy.tree.DirichletMultinomial;
import hoag.galaxy.tree.Question;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How well one question of a tree is answered.
 *
 * @param asked galaxies on which at least half of the volunteers were asked, (rows) of the evaluation
 * @param guesses the most likely answer on each of them
 * @param truths the answer most volunteers gave on each of them
 * @param confusion of these; null where there is none
 * @param confident of those among them on whom more than 80% of the volunteers who were asked gave one answer; null where there is none
 * @param curves of the answers on the galaxies asked; null where there is none
 * @param fractions errors of the fractions on galaxies with enough votes; null where there is none
 * @param likelihood mean of -ln p(votes) over galaxies with votes, nats
 * @param coverage (masses) share of vote counts inside the regions of {@link #MASSES} of the predicted counts; null where no galaxy has enough
 *     votes
 */
record QuestionScores(
        Question question,
        int[] asked,
        int[] guesses,
        int[] truths,
        ConfusionMatrix confusion,
        ConfusionMatrix confident,
        Curves curves,
        FractionScores fractions,
        double likelihood,
        int voted,
        double[] coverage) {
    /** What the regions of predicted counts should hold. */
    static final double[] MASSES = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99};

    private static final int NINETY = 8;
    private static final double CONFIDENT = 0.8;

    /**
     * @param votes (galaxies, answers of this question)
     * @param share (galaxies) votes on this question over votes on the root; 0 where the root has too few
     * @param predicted (galaxies, answers) expected fractions
     * @param passes (galaxies, passes, answers) concentrations
     */
    static QuestionScores of(
            Question question, double[][] votes, double[] share, double[][] predicted, double[][][] passes) {
        double[] totals = Arrays.stream(votes)
                .mapToDouble(row -> Arrays.stream(row).sum())
                .toArray();
        int[] asked = rows(votes.length, i -> totals[i] > 0 && share[i] >= 0.5);
        int[] guesses = Arrays.stream(asked).map(i -> most(predicted[i])).toArray();
        int[] truths = Arrays.stream(asked).map(i -> most(votes[i])).toArray();
        int[] sure = rows(asked.length, n -> votes[asked[n]][truths[n]] > CONFIDENT * totals[asked[n]]);
        int[] enough = rows(votes.length, i -> totals[i] >= FractionScores.MINIMUM_VOTES);
        int[] voted = rows(votes.length, i -> totals[i] > 0);
        double[][] said = Arrays.stream(asked).mapToObj(i -> predicted[i]).toArray(double[][]::new);
        return new QuestionScores(
                question,
                asked,
                guesses,
                truths,
                confusion(question, truths, guesses),
                confusion(question, picked(truths, sure), picked(guesses, sure)),
                asked.length == 0 ? null : new Curves(question.answers(), truths, said),
                enough.length == 0 ? null : FractionScores.of(votes, predicted, FractionScores.MINIMUM_VOTES),
                IntStream.of(voted)
                        .mapToDouble(i -> -logProb(passes[i], votes[i]))
                        .average()
                        .orElse(Double.NaN),
                voted.length,
                coverage(enough, votes, totals, passes));
    }

    private static int[] rows(int count, IntPredicate wanted) {
        return IntStream.range(0, count).filter(wanted).toArray();
    }

    private static int[] picked(int[] values, int[] rows) {
        return Arrays.stream(rows).map(row -> values[row]).toArray();
    }

    private static ConfusionMatrix confusion(Question question, int[] truths, int[] guesses) {
        return truths.length == 0
                ? null
                : ConfusionMatrix.of(truths, guesses, question.answers().size());
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

    private static double[] coverage(int[] rows, double[][] votes, double[] totals, double[][][] passes) {
        if (rows.length == 0) {
            return null;
        }
        double[] mean = new double[MASSES.length];
        int answers = votes[0].length;
        for (int a = 0; a < answers; a++) {
            double[] of = counted(a, rows, votes, totals, passes).highestDensity(MASSES);
            for (int m = 0; m < mean.length; m++) {
                mean[m] += of[m] / answers;
            }
        }
        return mean;
    }

    private static Coverage counted(int answer, int[] rows, double[][] votes, double[] totals, double[][][] passes) {
        double[][] probability = Arrays.stream(rows)
                .parallel()
                .mapToObj(i -> counts(passes[i], answer, (int) Math.round(totals[i])))
                .toArray(double[][]::new);
        int[] counts = Arrays.stream(rows)
                .map(i -> (int) Math.clamp(Math.round(votes[i][answer]), 0, Math.round(totals[i])))
                .toArray();
        return new Coverage(probability, counts);
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

    /** Share of counts inside their 90% region. */
    double ninety() {
        return coverage == null ? Double.NaN : coverage[NINETY];
    }

    /** Accuracy, precision and F1 of some, weighted by the true answer; NaN where there is none. */
    static double[] row(ConfusionMatrix of) {
        return of == null
                ? new double[] {Double.NaN, Double.NaN, Double.NaN}
                : new double[] {of.accuracy(), of.weightedPrecision(), of.weightedF1()};
    }

    /** How many galaxies; 0 where there is none. */
    static int count(ConfusionMatrix of) {
        return of == null ? 0 : of.total();
    }

    private static Map<String, Object> map(ConfusionMatrix of) {
        double[] row = row(of);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("galaxies", count(of));
        map.put("accuracy", TaskReport.json(row[0]));
        map.put("precision", TaskReport.json(row[1]));
        map.put("f1", TaskReport.json(row[2]));
        map.put("confusion", of == null ? null : of.counts());
        return map;
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
        metrics.put("coverage_90", TaskReport.json(ninety()));
        metrics.put("coverage", coverage == null ? null : Map.of("mass", MASSES, "inside", coverage));
        metrics.put("answers", question.answers());
        metrics.put("confusion", confusion == null ? null : confusion.counts());
        metrics.put("all", map(confusion));
        metrics.put("confident", map(confident));
        metrics.put("each", curves == null ? null : curves.metrics());
        return metrics;
    }
}
