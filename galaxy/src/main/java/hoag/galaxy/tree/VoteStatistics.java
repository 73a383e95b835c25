package hoag.galaxy.tree;

import hoag.kernels.ShapeException;
import java.util.Arrays;

/**
 * From the concentrations of several passes (dropout draws, rotated views, models) to what a catalogue prints: expected fractions, 90%
 * bounds, and the share of volunteers who would be asked.
 */
public final class VoteStatistics {
    /** The bounds leave this much below and above. */
    private static final double TAIL = 0.05;

    private final Routes routes;
    private final int[][] groups;

    /** Statistics of one tree's votes. */
    public VoteStatistics(Schema schema) {
        routes = new Routes(schema);
        groups = schema.indexGroups();
    }

    /** How the tree is walked. */
    public Routes routes() {
        return routes;
    }

    /** How the 90% bounds of several passes become one. */
    public enum Bounds {
        /** Median over passes of each pass's 5% and 95% quantiles: the rule of the released Galaxy Zoo catalogues. Passes that disagree do not widen it. */
        MEDIAN_OF_PASSES,
        /** Quantiles of the equal mixture of the passes: the sounder rule, wider where passes disagree. */
        MIXTURE
    }

    /**
     * Expected fractions: mean over passes of a_i / A.
     *
     * @param concentrations (passes, answers)
     * @return (answers)
     */
    public double[] fractions(double[][] concentrations) {
        check(concentrations);
        var fractions = new double[routes.schema().width()];
        for (var group : groups)
            for (int i = group[0]; i < group[1]; i++)
                fractions[i] = mixture(concentrations, group, i).mean();
        return fractions;
    }

    /**
     * Everything about one galaxy.
     *
     * @param concentrations (passes, answers)
     */
    public VoteSummary summarise(double[][] concentrations, Bounds rule) {
        var fractions = fractions(concentrations);
        double[] lower = new double[fractions.length], upper = new double[fractions.length];
        for (var group : groups) {
            for (int i = group[0]; i < group[1]; i++) {
                var answer = mixture(concentrations, group, i);
                lower[i] = bound(answer, TAIL, rule);
                upper[i] = bound(answer, 1 - TAIL, rule);
            }
        }
        var asked = routes.proportionAsked(fractions);
        return new VoteSummary(fractions, lower, upper, asked, routes.byAnswer(asked));
    }

    private static double bound(BetaMixture answer, double p, Bounds rule) {
        return switch (rule) {
            case MIXTURE -> answer.quantile(p);
            case MEDIAN_OF_PASSES -> medianQuantile(answer, p);
        };
    }

    private static double medianQuantile(BetaMixture answer, double p) {
        var quantiles = new double[answer.alpha().length];
        for (int t = 0; t < quantiles.length; t++)
            quantiles[t] =
                    BetaMixture.single(answer.alpha()[t], answer.beta()[t]).quantile(p);
        Arrays.sort(quantiles);
        int middle = quantiles.length / 2;
        return quantiles.length % 2 == 1 ? quantiles[middle] : (quantiles[middle - 1] + quantiles[middle]) / 2;
    }

    private static BetaMixture mixture(double[][] concentrations, int[] group, int answer) {
        int passes = concentrations.length;
        double[] alpha = new double[passes], beta = new double[passes];
        for (int t = 0; t < passes; t++) {
            alpha[t] = concentrations[t][answer];
            for (int i = group[0]; i < group[1]; i++) if (i != answer) beta[t] += concentrations[t][i];
        }
        return new BetaMixture(alpha, beta);
    }

    private void check(double[][] concentrations) {
        if (concentrations.length == 0)
            throw new ShapeException("vote statistics: no pass was given; want (passes, answers)");
        for (var pass : concentrations) routes.checkWidth(pass.length);
    }
}
