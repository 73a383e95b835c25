package hoag.galaxy.metrics;

/**
 * Who was taken for whom, and every score that follows from it. A ratio with nothing below the line is 0.
 *
 * @param counts (classes, classes): row = true class, column = predicted class
 */
public record ConfusionMatrix(int[][] counts) {
    /**
     * @param truth (rows) class numbers
     * @param guess (rows) class numbers
     */
    public static ConfusionMatrix of(int[] truth, int[] guess, int classes) {
        Check.sameLength("labels", truth.length, "predictions", guess.length);
        Check.labels(truth, classes);
        Check.labels(guess, classes);
        var counts = new int[classes][classes];
        for (int i = 0; i < truth.length; i++) counts[truth[i]][guess[i]]++;
        return new ConfusionMatrix(counts);
    }

    /** How many classes there are. */
    public int classes() {
        return counts.length;
    }

    /** Rows whose true class this is. */
    public int support(int k) {
        int sum = 0;
        for (int j = 0; j < classes(); j++) sum += counts[k][j];
        return sum;
    }

    /** Rows that were given this class. */
    public int predicted(int k) {
        int sum = 0;
        for (int i = 0; i < classes(); i++) sum += counts[i][k];
        return sum;
    }

    /** How many galaxies were counted. */
    public int total() {
        int sum = 0;
        for (int k = 0; k < classes(); k++) sum += support(k);
        return sum;
    }

    /** Share of galaxies that got their own class, 0..1. */
    public double accuracy() {
        return correct() / total();
    }

    /** Of the galaxies called class k the share that is, 0..1. */
    public double precision(int k) {
        return ratio(counts[k][k], predicted(k));
    }

    /** Of the galaxies of class k the share that is called so, 0..1. */
    public double recall(int k) {
        return ratio(counts[k][k], support(k));
    }

    /** 2 TP / (2 TP + FP + FN). */
    public double f1(int k) {
        return ratio(2.0 * counts[k][k], predicted(k) + support(k));
    }

    /** Plain mean of the classes' F1; a class that is neither present nor predicted counts 0. */
    public double macroF1() {
        double sum = 0;
        for (int k = 0; k < classes(); k++) sum += f1(k);
        return sum / classes();
    }

    /** Mean of the classes' F1, each weighted by its rows. */
    public double weightedF1() {
        double sum = 0;
        for (int k = 0; k < classes(); k++) sum += f1(k) * support(k);
        return sum / total();
    }

    /** Mean of the classes' precision, each weighted by its rows. The mean recall weighted so is the accuracy. */
    public double weightedPrecision() {
        double sum = 0;
        for (int k = 0; k < classes(); k++) sum += precision(k) * support(k);
        return sum / total();
    }

    /** The same counts with the classes in another order: row and column i are those of {@code order[i]}. */
    public ConfusionMatrix ordered(int[] order) {
        var reordered = new int[order.length][order.length];
        for (int i = 0; i < order.length; i++)
            for (int j = 0; j < order.length; j++) reordered[i][j] = counts[order[i]][order[j]];
        return new ConfusionMatrix(reordered);
    }

    /** Mean recall of the classes that are present. */
    public double balancedAccuracy() {
        double sum = 0;
        int present = 0;
        for (int k = 0; k < classes(); k++) {
            sum += recall(k);
            if (support(k) > 0) present++;
        }
        return sum / present;
    }

    /** Cohen's kappa: agreement beyond chance, over the most it could be. */
    public double kappa() {
        double chance = chance() / ((double) total() * total());
        return ratio(accuracy() - chance, 1 - chance);
    }

    /** Matthews' correlation coefficient for any number of classes (Gorodkin 2004). */
    public double matthews() {
        double n = (double) total() * total(), trueSquares = 0, guessSquares = 0;
        for (int k = 0; k < classes(); k++) {
            trueSquares += (double) support(k) * support(k);
            guessSquares += (double) predicted(k) * predicted(k);
        }
        return ratio(correct() * total() - chance(), Math.sqrt((n - trueSquares) * (n - guessSquares)));
    }

    private double correct() {
        double sum = 0;
        for (int k = 0; k < classes(); k++) sum += counts[k][k];
        return sum;
    }

    private double chance() {
        double sum = 0;
        for (int k = 0; k < classes(); k++) sum += (double) support(k) * predicted(k);
        return sum;
    }

    private static double ratio(double above, double below) {
        return below == 0 ? 0 : above / below;
    }
}
