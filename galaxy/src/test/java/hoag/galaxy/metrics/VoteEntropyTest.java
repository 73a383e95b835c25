package hoag.galaxy.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.tree.DirichletMultinomial;
import org.junit.jupiter.api.Test;

class VoteEntropyTest {
    /** Every vector of counts, one by one. */
    private static double enumerated(double[] concentrations, double[] votes, int from, int left) {
        if (from == votes.length - 1) {
            votes[from] = left;
            double log = DirichletMultinomial.logProb(concentrations, votes);
            return -Math.exp(log) * log;
        }
        double sum = 0;
        for (int k = 0; k <= left; k++) {
            votes[from] = k;
            sum += enumerated(concentrations, votes, from + 1, left - k);
        }
        return sum;
    }

    @Test
    void isThatOfAllVoteVectors() {
        for (double[] a : new double[][] {{1, 1}, {3.2, 80.1}, {1.01, 5, 40}, {2, 2, 2, 9, 1.5, 30}}) {
            assertEquals(enumerated(a, new double[a.length], 0, 10), VoteEntropy.of(a, 10), 1e-11);
            assertEquals(enumerated(a, new double[a.length], 0, 1), VoteEntropy.of(a, 1), 1e-12);
        }
    }

    @Test
    void sureVotesHaveLess() {
        assertTrue(VoteEntropy.of(new double[] {1, 101}, 10) < VoteEntropy.of(new double[] {50, 50}, 10));
        assertEquals(Math.log(11), VoteEntropy.of(new double[] {1, 1}, 10), 1e-12); // every count as likely
    }
}
