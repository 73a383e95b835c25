package hoag.galaxy.active;

import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import hoag.kernels.ShapeException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Learning from few ratings and many galaxies without, for comparison: FixMatch (Sohn et al. 2020) with the settings of AnomalyMatch (Gomez et al. 2025), on a
 * linear layer over representations that stay as they are (AnomalyMatch trains the whole network). Where a galaxy's weak view is answered with certainty,
 * its strong view must get that answer. Immutable.
 */
public final class FixMatch {
    private final float[] weights;
    private final double bias;

    private FixMatch(float[] weights, double bias) {
        this.weights = weights;
        this.bias = bias;
    }

    /**
     * How it learns: stochastic gradient descent with momentum at a constant rate.
     *
     * @param iterations 1 or more
     * @param batch rated galaxies in each, both answers equally often, 2 or more
     * @param ratio galaxies without a rating for each rated one, 0 or more
     * @param certain the least probability that counts as certain, 0.5..1
     * @param rate of learning, above 0
     * @param decay of weights, 0 or more
     * @param average decay of the moving average of weights that answers in the end, 0..1
     */
    public record Settings(
            int iterations, int batch, int ratio, double certain, double rate, double decay, double average) {
        /** Those of AnomalyMatch. */
        public static final Settings DEFAULT = new Settings(200, 16, 5, 0.95, 0.0075, 7.5e-4, 0.99);

        private static final double MOMENTUM = 0.9;

        /** @throws ConfigException when a value is out of its range */
        public Settings {
            check(iterations >= 1, "iterations", iterations, "1 or more");
            check(batch >= 2, "batch", batch, "2 or more");
            check(ratio >= 0, "ratio", ratio, "0 or more");
            check(certain >= 0.5 && certain <= 1, "certain", certain, "0.5..1");
            check(rate > 0, "rate", rate, "above 0");
            check(decay >= 0, "decay", decay, "0 or more");
            check(average >= 0 && average < 1, "average", average, "0..1");
        }

        private static void check(boolean allowed, String name, Number value, String want) {
            if (!allowed) {
                throw new ConfigException("FixMatch: " + name + " is " + value + "; want " + want);
            }
        }
    }

    /**
     * Learns.
     *
     * @param weak (views, galaxies, features) representations of views that hardly differ, standardised
     * @param strong (views, galaxies, features) of views that differ much
     * @param rated places of the rated galaxies
     * @param odd (rated) whether they are what is looked for
     * @throws DataException when nothing is rated
     * @throws ShapeException when sizes do not go together
     */
    public static FixMatch fit(
            float[][][] weak, float[][][] strong, int[] rated, boolean[] odd, Settings settings, long seed) {
        if (rated.length == 0) {
            throw new DataException("FixMatch: nothing is rated");
        }
        if (rated.length != odd.length) {
            throw new ShapeException("FixMatch: " + rated.length + " rated galaxies, " + odd.length + " answers");
        }
        if (weak[0].length != strong[0].length || weak[0][0].length != strong[0][0].length) {
            throw new ShapeException("FixMatch: weak views of " + weak[0].length + " x " + weak[0][0].length
                    + " numbers, strong ones of " + strong[0].length + " x " + strong[0][0].length);
        }
        return new Fitting(weak, strong, rated, odd, settings, seed).run();
    }

    /** Probability that this is what is looked for. */
    public double probability(float... features) {
        return sigmoid(dot(weights, features) + bias);
    }

    /** (galaxies) probabilities. */
    public double[] probabilities(float[][] features) {
        return Arrays.stream(features).parallel().mapToDouble(this::probability).toArray();
    }

    /** What changes while it learns: softmax over two answers is a sigmoid of the difference of their outputs. */
    private static final class Fitting {
        private final float[][][] weak;
        private final float[][][] strong;
        private final int[][] byAnswer;
        private final Settings settings;
        private final Random random;
        private final float[] weights;
        private final float[] momentum;
        private final float[] gradient;
        private final float[] mean;
        private double bias;
        private double biasMomentum;
        private double biasGradient;
        private double biasMean;

        Fitting(float[][][] weak, float[][][] strong, int[] rated, boolean[] odd, Settings settings, long seed) {
            this.weak = weak;
            this.strong = strong;
            this.settings = settings;
            random = new Random(seed);
            int width = weak[0][0].length;
            weights = new float[width];
            momentum = new float[width];
            gradient = new float[width];
            mean = new float[width];
            byAnswer = new int[][] {
                IntStream.range(0, rated.length)
                        .filter(i -> !odd[i])
                        .map(i -> rated[i])
                        .toArray(),
                IntStream.range(0, rated.length)
                        .filter(i -> odd[i])
                        .map(i -> rated[i])
                        .toArray()
            };
        }

        FixMatch run() {
            for (int step = 1; step <= settings.iterations; step++) {
                Arrays.fill(gradient, 0);
                biasGradient = 0;
                learnt();
                guessed();
                move(step);
            }
            return new FixMatch(mean, biasMean);
        }

        /** Both answers equally often, whatever their shares. */
        private void learnt() {
            for (int i = 0; i < settings.batch; i++) {
                int answer = byAnswer[i % 2].length > 0 ? i % 2 : 1 - i % 2;
                int galaxy = byAnswer[answer][random.nextInt(byAnswer[answer].length)];
                add(view(weak, galaxy), answer, settings.batch);
            }
        }

        private void guessed() {
            int count = settings.batch * settings.ratio;
            for (int i = 0; i < count; i++) {
                int galaxy = random.nextInt(weak[0].length);
                double p = sigmoid(dot(weights, view(weak, galaxy)) + bias);
                float[] other = view(strong, galaxy);
                if (Math.max(p, 1 - p) >= settings.certain) {
                    add(other, p > 0.5 ? 1 : 0, count);
                }
            }
        }

        private float[] view(float[][][] views, int galaxy) {
            return views[random.nextInt(views.length)][galaxy];
        }

        private void add(float[] x, int answer, int of) {
            double error = (sigmoid(dot(weights, x) + bias) - answer) / of;
            float factor = (float) error;
            for (int j = 0; j < x.length; j++) {
                gradient[j] += factor * x[j];
            }
            biasGradient += error;
        }

        private void move(int step) {
            float rate = (float) settings.rate;
            float decay = (float) settings.decay;
            double keep = Math.min(
                    settings.average, step / (step + 10.0)); // the first steps must not weigh as much as all others
            for (int j = 0; j < weights.length; j++) {
                momentum[j] = (float) Settings.MOMENTUM * momentum[j] + gradient[j] + decay * weights[j];
                weights[j] -= rate * momentum[j];
                mean[j] = (float) (keep * mean[j] + (1 - keep) * weights[j]);
            }
            biasMomentum = Settings.MOMENTUM * biasMomentum + biasGradient;
            bias -= rate * biasMomentum;
            biasMean = keep * biasMean + (1 - keep) * bias;
        }
    }

    private static float dot(float[] a, float[] b) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 4 <= a.length; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return s0 + s1 + (s2 + s3);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
