package hoag.galaxy.metrics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Scores of class probabilities. The predicted class is the first of the most likely.
 *
 * @param truth (rows) class numbers
 * @param probability (rows, classes), each row adding up to 1
 */
public record ClassScores(int[] truth, double[][] probability) {
    /** Keeps the logarithm of a probability of 0 finite. */
    private static final double SMALLEST = Math.ulp(1.0);

    /** @throws hoag.kernels.ShapeException unless labels and probabilities are as many */
    public ClassScores {
        Check.sameLength("labels", truth.length, "predictions", probability.length);
        Check.labels(truth, probability[0].length);
        for (var row : probability) Check.sameLength("first row", probability[0].length, "a later row", row.length);
        for (var row : probability) Check.numbers("probability", row);
    }

    /** From logits (rows, classes), through the softmax. */
    public static ClassScores ofLogits(int[] truth, double[][] logits) {
        return new ClassScores(
                truth, Arrays.stream(logits).map(ClassScores::softmax).toArray(double[][]::new));
    }

    private static double[] softmax(double[] logits) {
        double most = Arrays.stream(logits).max().orElse(0);
        var raised = Arrays.stream(logits).map(v -> Math.exp(v - most)).toArray();
        double sum = Arrays.stream(raised).sum();
        return Arrays.stream(raised).map(v -> v / sum).toArray();
    }

    /** How many classes there are. */
    public int classes() {
        return probability[0].length;
    }

    /** The predicted classes: (rows). */
    public int[] guesses() {
        return Arrays.stream(probability).mapToInt(Order::argmax).toArray();
    }

    /** Which class is called which. */
    public ConfusionMatrix confusion() {
        return ConfusionMatrix.of(truth, guesses(), classes());
    }

    /** Mean of -ln p(true class), nats. */
    public double logLoss() {
        return rows().mapToDouble(i -> -Math.log(Math.max(SMALLEST, probability[i][truth[i]])))
                .average()
                .orElse(0);
    }

    /** Mean over rows of the sum over classes of (p - [true])^2: 0 at best, 2 at worst. */
    public double brier() {
        return rows().mapToDouble(this::brier).average().orElse(0);
    }

    private double brier(int row) {
        double sum = 0;
        for (int k = 0; k < classes(); k++) {
            double gap = probability[row][k] - (truth[row] == k ? 1 : 0);
            sum += gap * gap;
        }
        return sum;
    }

    /** Mean over classes of the area under the ROC of that class against the rest. Every class must be present, and none alone. */
    public double rocAuc() {
        return IntStream.range(0, classes())
                .mapToDouble(k -> againstRest(k).rocAuc())
                .average()
                .orElse(0);
    }

    /** One class against the rest, scored by its probability. */
    public BinaryScores againstRest(int k) {
        var positive = new boolean[truth.length];
        for (int i = 0; i < positive.length; i++) positive[i] = truth[i] == k;
        return new BinaryScores(
                positive, Arrays.stream(probability).mapToDouble(row -> row[k]).toArray());
    }

    /** Share of rows whose true class is among the k most likely; of equally likely ones the last counts first, as in scikit-learn. */
    public double topAccuracy(int k) {
        return rows().filter(i -> place(i) < k).count() / (double) truth.length;
    }

    private int place(int row) {
        int ahead = 0;
        double own = probability[row][truth[row]];
        for (int c = 0; c < classes(); c++)
            if (probability[row][c] > own || (probability[row][c] == own && c > truth[row])) ahead++;
        return ahead;
    }

    /** How far the highest probability can be believed. */
    public Calibration calibration() {
        var guesses = guesses();
        var correct = new boolean[truth.length];
        for (int i = 0; i < correct.length; i++) correct[i] = guesses[i] == truth[i];
        var confidence =
                rows().mapToDouble(i -> Math.min(1, probability[i][guesses[i]])).toArray();
        return Calibration.of(confidence, correct, Calibration.BINS);
    }

    private IntStream rows() {
        return IntStream.range(0, truth.length);
    }
}
