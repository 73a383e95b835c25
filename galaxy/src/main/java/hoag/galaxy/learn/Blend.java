package hoag.galaxy.learn;

import hoag.galaxy.image.Preprocess;
import hoag.kernels.Uniform;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What happens to a batch of prepared pictures before a step: rectangles blotted out, and each picture mixed with that of its partner, which stands as far
 * from the end as it stands from the beginning. A function of (seed, step).
 */
final class Blend {
    private static final long NODE = 0x626c656e64L;
    private static final double LEAST = 0.02;
    private static final double MOST = 1.0 / 3;

    private final Batches how;
    private final int channels;
    private final int side;
    private final float[] black;
    private final long seed;

    Blend(Batches how, Preprocess preprocess, long seed) {
        this.how = how;
        this.seed = seed;
        channels = preprocess.channels();
        side = preprocess.size();
        black = new float[channels];
        for (int c = 0; c < channels; c++) {
            black[c] =
                    (float) (-preprocess.mean().get(c) / preprocess.deviation().get(c));
        }
    }

    /** The partner of a galaxy of a batch. */
    static int partner(int index, int batch) {
        return batch - 1 - index;
    }

    /**
     * Changes the pictures (batch, channels, side, side).
     *
     * @param step number of the batch in the run
     * @return share of each picture's own loss, 0..1; 1 where nothing is mixed
     */
    double apply(float[] pictures, int batch, long step) {
        RandomGenerator random = new SplittableRandom(Uniform.key(seed, step, NODE));
        for (int i = 0; i < batch && how.erase() > 0; i++) {
            if (random.nextDouble() < how.erase()) {
                erase(pictures, i, random);
            }
        }
        if (!how.mixes()) {
            return 1;
        }
        boolean cut = how.mixup() == 0 || how.cutmix() > 0 && random.nextBoolean();
        double share = beta(cut ? how.cutmix() : how.mixup(), random);
        return cut ? cut(pictures, batch, share, random) : mix(pictures, batch, (float) share);
    }

    private void erase(float[] pictures, int index, RandomGenerator random) {
        double area = side * side * random.nextDouble(LEAST, MOST);
        double ratio = Math.exp(random.nextDouble(Math.log(0.3), Math.log(1 / 0.3)));
        int height = Math.clamp(Math.round(Math.sqrt(area * ratio)), 1, side);
        int width = Math.clamp(Math.round(Math.sqrt(area / ratio)), 1, side);
        int top = random.nextInt(side - height + 1);
        int left = random.nextInt(side - width + 1);
        for (int c = 0; c < channels; c++) {
            for (int y = top; y < top + height; y++) {
                int from = at(index, c, y, left);
                Arrays.fill(pictures, from, from + width, black[c]);
            }
        }
    }

    private int at(int index, int channel, int y, int x) {
        return ((index * channels + channel) * side + y) * side + x;
    }

    private double mix(float[] pictures, int batch, float share) {
        int length = channels * side * side;
        for (int i = 0; i < batch / 2; i++) {
            int a = i * length;
            int b = partner(i, batch) * length;
            for (int k = 0; k < length; k++) {
                float own = pictures[a + k];
                float other = pictures[b + k];
                pictures[a + k] = share * own + (1 - share) * other;
                pictures[b + k] = share * other + (1 - share) * own;
            }
        }
        return share;
    }

    /** Partners exchange a rectangle with the picture's proportions about a random point, cut off at the edges. */
    private double cut(float[] pictures, int batch, double share, RandomGenerator random) {
        double half = side * Math.sqrt(1 - share) / 2;
        double x = random.nextDouble() * side;
        double y = random.nextDouble() * side;
        int left = Math.clamp(Math.round(x - half), 0, side);
        int right = Math.clamp(Math.round(x + half), 0, side);
        int top = Math.clamp(Math.round(y - half), 0, side);
        int bottom = Math.clamp(Math.round(y + half), 0, side);
        for (int i = 0; i < batch / 2; i++) {
            for (int c = 0; c < channels; c++) {
                for (int row = top; row < bottom; row++) {
                    exchange(pictures, at(i, c, row, left), at(partner(i, batch), c, row, left), right - left);
                }
            }
        }
        return 1 - (double) (right - left) * (bottom - top) / (side * side);
    }

    private static void exchange(float[] values, int a, int b, int count) {
        for (int k = 0; k < count; k++) {
            float kept = values[a + k];
            values[a + k] = values[b + k];
            values[b + k] = kept;
        }
    }

    private static double beta(double alpha, RandomGenerator random) {
        double x = gamma(alpha, random);
        double y = gamma(alpha, random);
        return x + y > 0 ? x / (x + y) : 0.5;
    }

    /** Gamma variates (Marsaglia and Tsang 2000). */
    private static double gamma(double shape, RandomGenerator random) {
        if (shape < 1) {
            return gamma(shape + 1, random) * Math.pow(random.nextDouble(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double normal = random.nextGaussian();
            double v = Math.pow(1 + c * normal, 3);
            if (v > 0 && Math.log(random.nextDouble()) < normal * normal / 2 + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }
}
