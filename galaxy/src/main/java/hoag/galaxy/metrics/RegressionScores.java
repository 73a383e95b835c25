package hoag.galaxy.metrics;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Erf;

/**
 * Scores of predicted numbers.
 *
 * @param truth (rows)
 * @param predicted (rows)
 */
public record RegressionScores(double[] truth, double[] predicted) {
    /** @throws hoag.kernels.ShapeException unless truths and answers are as many */
    public RegressionScores {
        Check.sameLength("truth", truth.length, "predictions", predicted.length);
        Check.numbers("truth", truth);
        Check.numbers("prediction", predicted);
    }

    /** Mean absolute error. */
    public double mae() {
        return mean(i -> Math.abs(truth[i] - predicted[i]));
    }

    /** Root mean square error. */
    public double rmse() {
        return Math.sqrt(squaredError());
    }

    /** 1 - (mean square error) / (variance of the truth); 1 at best, 0 for the mean, below for worse. NaN when all truths are equal. */
    public double r2() {
        double centre = mean(i -> truth[i]);
        double variance = mean(i -> (truth[i] - centre) * (truth[i] - centre));
        return variance == 0 ? Double.NaN : 1 - squaredError() / variance;
    }

    /** Linear correlation. */
    public double pearson() {
        return correlation(truth, predicted);
    }

    /** Correlation of the ranks; equal values share their mean rank. */
    public double spearman() {
        return correlation(Order.ranks(truth), Order.ranks(predicted));
    }

    /**
     * Mean continuous ranked probability score of normal predictions, in the truth's unit (Gneiting and Raftery 2007):
     * s [z (2 Phi(z) - 1) + 2 phi(z) - 1/sqrt(pi)], z = (y - mean) / s.
     *
     * @param sd (rows) predicted standard deviations, above 0
     */
    public double crpsNormal(double[] sd) {
        return mean(i -> {
            double z = z(i, sd);
            return sd[i] * (z * Erf.erf(z / Math.sqrt(2)) + 2 * density(z) - 1 / Math.sqrt(Math.PI));
        });
    }

    /** Mean of -ln N(y; mean, sd), nats. */
    public double negativeLogLikelihoodNormal(double[] sd) {
        return mean(i -> z(i, sd) * z(i, sd) / 2 + Math.log(sd[i]) + Math.log(2 * Math.PI) / 2);
    }

    /** Share of rows whose truth lies in the central normal interval that holds this much: {@code mass} when the sds are right. */
    public double coverageNormal(double[] sd, double mass) {
        double reach = Math.sqrt(2) * Erf.erfInv(mass);
        return mean(i -> Math.abs(z(i, sd)) <= reach ? 1 : 0);
    }

    private double z(int row, double[] sd) {
        return (truth[row] - predicted[row]) / sd[row];
    }

    private static double density(double z) {
        return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    }

    private double squaredError() {
        return mean(i -> (truth[i] - predicted[i]) * (truth[i] - predicted[i]));
    }

    private double mean(IntToDoubleFunction value) {
        return IntStream.range(0, truth.length).mapToDouble(value).average().orElse(Double.NaN);
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElse(0),
                meanB = Arrays.stream(b).average().orElse(0);
        double both = 0, squaresA = 0, squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            both += (a[i] - meanA) * (b[i] - meanB);
            squaresA += (a[i] - meanA) * (a[i] - meanA);
            squaresB += (b[i] - meanB) * (b[i] - meanB);
        }
        return both / Math.sqrt(squaresA * squaresB);
    }
}
