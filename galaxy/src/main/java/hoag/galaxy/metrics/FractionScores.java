package hoag.galaxy.metrics;

import hoag.kernels.DataException;
import java.util.Arrays;

/**
 * How far predicted vote fractions are from the observed ones, over galaxies with enough votes on the question.
 *
 * @param galaxies how many had enough votes
 * @param maeByAnswer (answers) mean of |predicted - observed|
 * @param rmseByAnswer (answers) root of the mean square
 */
public record FractionScores(int galaxies, double[] maeByAnswer, double[] rmseByAnswer) {
    /** Below this the observed fraction itself is mostly noise. */
    public static final int MINIMUM_VOTES = 20;

    /**
     * One question.
     *
     * @param votes (galaxies, answers)
     * @param predicted (galaxies, answers) fractions
     * @param minimumVotes on the question, for a galaxy to count
     * @throws DataException when no galaxy has that many
     */
    public static FractionScores of(double[][] votes, double[][] predicted, double minimumVotes) {
        Check.sameLength("votes", votes.length, "predictions", predicted.length);
        var absolute = new double[votes[0].length];
        var squared = new double[votes[0].length];
        int used = 0;
        for (int g = 0; g < votes.length; g++) {
            double total = Arrays.stream(votes[g]).sum();
            if (total < minimumVotes || total == 0) continue;
            used++;
            add(votes[g], total, predicted[g], absolute, squared);
        }
        if (used == 0)
            throw new DataException("no galaxy has %s votes on the question; lower the limit".formatted(minimumVotes));
        return new FractionScores(used, over(absolute, used), root(over(squared, used)));
    }

    private static void add(double[] votes, double total, double[] predicted, double[] absolute, double[] squared) {
        Check.sameLength("votes of a galaxy", votes.length, "its predictions", predicted.length);
        for (int i = 0; i < votes.length; i++) {
            double gap = predicted[i] - votes[i] / total;
            absolute[i] += Math.abs(gap);
            squared[i] += gap * gap;
        }
    }

    /** Plain mean over the answers. */
    public double mae() {
        return Arrays.stream(maeByAnswer).average().orElse(Double.NaN);
    }

    /** Plain mean over the answers of their root mean squares. */
    public double rmse() {
        return Arrays.stream(rmseByAnswer).average().orElse(Double.NaN);
    }

    private static double[] over(double[] sums, int count) {
        return Arrays.stream(sums).map(v -> v / count).toArray();
    }

    private static double[] root(double[] squares) {
        return Arrays.stream(squares).map(Math::sqrt).toArray();
    }
}
