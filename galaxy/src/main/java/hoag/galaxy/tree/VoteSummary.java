package hoag.galaxy.tree;

/**
 * What the votes on one galaxy are expected to be. Arrays are (answers), in column order, but for {@code asked}.
 *
 * @param fraction expected vote fraction, 0..1
 * @param lower 5% bound of the fraction
 * @param upper 95% bound of the fraction
 * @param asked (questions) share of volunteers who are asked, 0..1
 * @param askedByAnswer the same, repeated for each answer
 */
public record VoteSummary(double[] fraction, double[] lower, double[] upper, double[] asked, double[] askedByAnswer) {
    /** Below this share of volunteers a question hardly applies to the galaxy. */
    public static final double RELEVANT = 0.5;

    /** The fractions, NaN where fewer than half of the volunteers would be asked. */
    public double[] friendly() {
        var result = fraction.clone();
        for (int i = 0; i < result.length; i++) if (askedByAnswer[i] < RELEVANT) result[i] = Double.NaN;
        return result;
    }
}
