package hoag.galaxy.tree;

import hoag.kernels.DataException;
import hoag.kernels.ShapeException;
import java.util.Arrays;

/**
 * The likelihood of votes when every galaxy has its own Dirichlet over answers (Walmsley et al. 2022, MNRAS 509, 3966):
 * for one question with votes k, n = sum k, concentrations a, A = sum a,
 *
 * <pre>  ln p(k|a) = ln n! - sum ln k_i! + ln Gamma(A) - ln Gamma(A + n) + sum [ln Gamma(a_i + k_i) - ln Gamma(a_i)]   (nats)</pre>
 *
 * Votes may be fractions: the formula is defined for them. No votes give exactly 0 with gradient 0.
 * Plain double code, exact to about 1e-14 relative: the truth against which faster implementations are tested.
 */
public final class DirichletMultinomial {
    private DirichletMultinomial() {}

    /** How the questions of one galaxy are put together in the loss. */
    public enum Reduction {
        /** The sum over the questions, as independent likelihoods multiply. */
        SUM_OVER_QUESTIONS,
        /** The mean over the questions. */
        MEAN_OVER_QUESTIONS
    }

    /** ln p of one question. Both arrays are (answers). */
    public static double logProb(double[] concentrations, double[] votes) {
        return logProb(concentrations, votes, 0, concentrations.length);
    }

    /** ln p of the question in columns from..to-1. */
    public static double logProb(double[] concentrations, double[] votes, int from, int to) {
        check(concentrations, votes, from, to);
        double n = sum(votes, from, to);
        double result = Rising.logGamma(1, n) - Rising.logGamma(sum(concentrations, from, to), n);
        for (int i = from; i < to; i++)
            result += Rising.logGamma(concentrations[i], votes[i]) - Rising.logGamma(1, votes[i]);
        return result;
    }

    /** ln p of each question of a tree: (answers), (answers) to (questions). */
    public static double[] logProbs(Schema schema, double[] concentrations, double[] votes) {
        checkWidth(schema, concentrations, votes);
        return Arrays.stream(schema.indexGroups())
                .mapToDouble(g -> logProb(concentrations, votes, g[0], g[1]))
                .toArray();
    }

    /** d(sum of ln p over the questions) / d concentration: (answers). */
    public static double[] gradient(Schema schema, double[] concentrations, double[] votes) {
        checkWidth(schema, concentrations, votes);
        var gradient = new double[votes.length];
        for (var group : schema.indexGroups()) gradient(concentrations, votes, group[0], group[1], gradient);
        return gradient;
    }

    /** d ln p / d concentration of one question. */
    public static double[] gradient(double[] concentrations, double[] votes) {
        var gradient = new double[votes.length];
        gradient(concentrations, votes, 0, concentrations.length, gradient);
        return gradient;
    }

    private static void gradient(double[] concentrations, double[] votes, int from, int to, double[] gradient) {
        check(concentrations, votes, from, to);
        double common = Rising.digamma(sum(concentrations, from, to), sum(votes, from, to));
        for (int i = from; i < to; i++) gradient[i] = Rising.digamma(concentrations[i], votes[i]) - common;
    }

    /** d(sum of ln p over the questions) / d logit, where {@link #concentration} made the concentrations: (answers). */
    public static double[] gradientByLogit(Schema schema, double[] logits, double[] votes) {
        var gradient = gradient(
                schema,
                Arrays.stream(logits).map(DirichletMultinomial::concentration).toArray(),
                votes);
        for (int i = 0; i < gradient.length; i++) gradient[i] *= concentrationSlope(logits[i]);
        return gradient;
    }

    /** 1 + 100 sigmoid(logit): between 1 and 101, so that no answer is ever ruled out. */
    public static double concentration(double logit) {
        return 1 + 100 * sigmoid(logit);
    }

    /** d concentration / d logit = 100 sigmoid(logit) sigmoid(-logit). */
    public static double concentrationSlope(double logit) {
        return 100 * sigmoid(logit) * sigmoid(-logit);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** Minus the mean over galaxies of ln p. Both arrays are (galaxies, answers). Nats. */
    public static double loss(Schema schema, double[][] concentrations, double[][] votes, Reduction reduction) {
        double sum = 0;
        for (int g = 0; g < votes.length; g++)
            sum -= Arrays.stream(logProbs(schema, concentrations[g], votes[g])).sum();
        double questions = reduction == Reduction.SUM_OVER_QUESTIONS
                ? 1
                : schema.questions().size();
        return sum / votes.length / questions;
    }

    private static double sum(double[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) sum += values[i];
        return sum;
    }

    private static void check(double[] concentrations, double[] votes, int from, int to) {
        if (votes.length != concentrations.length)
            throw new ShapeException("%d concentrations but %d votes".formatted(concentrations.length, votes.length));
        for (int i = from; i < to; i++) {
            if (!(concentrations[i] > 0 && concentrations[i] < Double.POSITIVE_INFINITY))
                throw new DataException(
                        "concentration of answer %d is %s; want a number above 0".formatted(i, concentrations[i]));
            if (!(votes[i] >= 0 && votes[i] < Double.POSITIVE_INFINITY))
                throw new DataException("votes for answer %d are %s; want 0 or more".formatted(i, votes[i]));
        }
    }

    private static void checkWidth(Schema schema, double[] concentrations, double[] votes) {
        int width = schema.width();
        if (concentrations.length != width || votes.length != width)
            throw new ShapeException("tree %s has %d answers, but there are %d concentrations and %d votes"
                    .formatted(schema.name(), width, concentrations.length, votes.length));
    }
}
