package hoag.galaxy.learn;

import hoag.engine.nn.Linear;
import java.util.Arrays;

/** Representations with mean 0 and about variance 1 in each feature, and the way back for a layer that was fitted to them. */
final class Standard {
    /** Share of the mean variance that is added to each feature's own before dividing by it: what hardly varies must not explode on the next galaxy. */
    private static final double FLOOR = 0.05;

    private final double[] mean;
    private final double[] deviation;
    private final float[] values;

    /** @param features (n, features) row-major */
    Standard(float[] features, int n) {
        int width = features.length / n;
        mean = new double[width];
        deviation = new double[width];
        for (int i = 0; i < features.length; i++) {
            mean[i % width] += features[i] / (double) n;
        }
        for (int i = 0; i < features.length; i++) {
            double d = features[i] - mean[i % width];
            deviation[i % width] += d * d / n;
        }
        double typical = Arrays.stream(deviation).average().orElse(0);
        for (int j = 0; j < width; j++) {
            double floored = Math.sqrt(deviation[j] + FLOOR * typical);
            deviation[j] = floored > 0 ? floored : 1;
        }
        values = new float[features.length];
        for (int i = 0; i < features.length; i++) {
            values[i] = (float) ((features[i] - mean[i % width]) / deviation[i % width]);
        }
    }

    /** (n, features). */
    float[] values() {
        return values;
    }

    /** Writes W (x - mean) / deviation + b as a layer of x itself. */
    void unfold(float[] weight, float[] bias, Linear head) {
        int width = mean.length;
        float[] w = new float[weight.length];
        float[] b = bias.clone();
        for (int o = 0; o < bias.length; o++) {
            double shift = 0;
            for (int j = 0; j < width; j++) {
                double scaled = weight[o * width + j] / deviation[j];
                w[o * width + j] = (float) scaled;
                shift += scaled * mean[j];
            }
            b[o] -= (float) shift;
        }
        head.weight().set(w);
        head.bias().set(b);
    }
}
