package hoag.galaxy.serve;

import hoag.galaxy.active.Covariance;
import hoag.galaxy.active.GaussianProcess;
import hoag.galaxy.active.Improvement;
import hoag.galaxy.active.Spread;
import hoag.galaxy.survey.Pca;
import hoag.galaxy.survey.Survey;
import java.util.Arrays;
import java.util.Map;

/**
 * Ranks a survey by ratings as {@link hoag.galaxy.Anomalies} does, keeping the principal components between calls, so that ratings are learnt from
 * at once. Any number of threads may call it; one works, the others wait.
 */
final class Ranker {
    private static final int ROWS = 20_000;
    private static final int COMPONENTS = 40;
    private static final double TRADEOFF = 0.5;

    private final Survey survey;
    private double[][] points;

    Ranker(Survey survey) {
        this.survey = survey;
    }

    /**
     * What is expected.
     *
     * @param rating (rows) given, NaN for none
     * @param mean (rows) expected, NaN without any ratings
     * @param std (rows) its deviation
     * @param next rows to rate next, the most promising first
     */
    record Ranked(double[] rating, double[] mean, double[] std, int[] next) {
        /** The best rows by what was given, failing that by what is expected; fewer where there are no ratings. */
        int[] best(int count) {
            double[] score = new double[rating.length];
            Arrays.setAll(score, row -> Double.isNaN(rating[row]) ? mean[row] : rating[row]);
            return Double.isNaN(mean[0]) ? new int[0] : Improvement.largest(score, Math.min(count, score.length));
        }
    }

    /**
     * Learns from ratings.
     *
     * @param ratings by row, 0..5
     * @param next how many to propose
     */
    synchronized Ranked rank(Map<Integer, Double> ratings, int next) {
        if (points == null) {
            int count = Math.min(COMPONENTS, Math.min(survey.width(), Math.min(survey.size(), ROWS) - 1));
            points = Pca.fit(survey, count, ROWS).whiten(survey);
        }
        int rows = points.length;
        double[] rating = new double[rows];
        double[] unknown = new double[rows];
        Arrays.fill(rating, Double.NaN);
        Arrays.fill(unknown, Double.NaN);
        ratings.forEach((row, stars) -> rating[row] = stars);
        if (ratings.isEmpty()) {
            return new Ranked(rating, unknown, unknown, Spread.over(points, next));
        }
        int[] known =
                ratings.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
        double[] y = Arrays.stream(known).mapToDouble(row -> rating[row]).toArray();
        double[][] x = Arrays.stream(known).mapToObj(row -> points[row]).toArray(double[][]::new);
        var posterior =
                GaussianProcess.fit(Covariance.RATIONAL_QUADRATIC, x, y, 2, 1).predict(points);
        double[] promise =
                Improvement.expected(posterior, Arrays.stream(y).max().orElseThrow(), TRADEOFF);
        Arrays.stream(known).forEach(row -> promise[row] = Double.NEGATIVE_INFINITY);
        int[] best = Improvement.largest(promise, Math.min(next, rows - known.length));
        return new Ranked(rating, posterior.mean(), posterior.std(), best);
    }
}
