package hoag.galaxy.metrics;

import hoag.kernels.DataException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Are predicted vote counts as uncertain as they claim? Two questions that must not be mixed: {@link #withinVotes} (Walmsley et al. 2020) and
 * {@link #highestDensity} (GZ DECaLS).
 *
 * @param probability per galaxy, the predicted probability of 0, 1, ... n votes
 * @param votes (galaxies) how many there were
 */
public record Coverage(double[][] probability, int[] votes) {
    /** @throws DataException when a galaxy has more votes than its distribution foresees */
    public Coverage {
        Check.sameLength("predictions", probability.length, "votes", votes.length);
        for (int g = 0; g < votes.length; g++)
            if (votes[g] < 0 || votes[g] >= probability[g].length)
                throw new DataException("galaxy %d has %d votes; its prediction covers 0..%d"
                        .formatted(g, votes[g], probability[g].length - 1));
    }

    /** How often the count should lie within w votes of its expectation, and how often it did; alike when the model knows what it does not know. */
    public record Within(double predicted, double observed) {}

    /** Expected number of votes: (galaxies). */
    public double[] expected() {
        return galaxies().mapToDouble(this::expected).toArray();
    }

    private double expected(int galaxy) {
        double sum = 0;
        for (int k = 0; k < probability[galaxy].length; k++) sum += k * probability[galaxy][k];
        return sum;
    }

    /** How often the truth lies within so many votes of the answer, and how often it was expected to. */
    public Within withinVotes(double w) {
        double predicted = 0, observed = 0;
        for (int g = 0; g < votes.length; g++) {
            double centre = expected(g);
            for (int k = 0; k < probability[g].length; k++)
                if (Math.abs(k - centre) <= w) predicted += probability[g][k];
            if (Math.abs(votes[g] - centre) <= w) observed++;
        }
        return new Within(predicted / votes.length, observed / votes.length);
    }

    /**
     * Share of galaxies whose count is among the most likely counts that together reach the mass; of equally likely ones the smaller first.
     * Well calibrated: the mass, or a little above, since counts are whole.
     */
    public double highestDensity(double mass) {
        return galaxies()
                        .filter(g -> massBefore(probability[g], votes[g]) < mass)
                        .count()
                / (double) votes.length;
    }

    /** {@link #highestDensity(double)} for several masses. */
    public double[] highestDensity(double[] masses) {
        var before = galaxies()
                .parallel()
                .mapToDouble(g -> massBefore(probability[g], votes[g]))
                .toArray();
        return Arrays.stream(masses)
                .map(mass -> Arrays.stream(before).filter(b -> b < mass).count() / (double) votes.length)
                .toArray();
    }

    private static double massBefore(double[] probability, int k) {
        double sum = 0;
        for (int j : Order.falling(probability)) {
            if (j == k) break;
            sum += probability[j];
        }
        return sum;
    }

    private IntStream galaxies() {
        return IntStream.range(0, votes.length);
    }
}
