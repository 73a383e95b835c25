package hoag.galaxy.image;

/**
 * The weights of a resize along one axis: output o is the sum of {@code weight[o * width + k] * input[first[o] + k]} for k below {@code count[o]}.
 * Weights past the count are 0. The source of the numbers is Pillow's resampling: filter widened by the scale, weights normalised, in 8 bits rounded to 22 bits.
 */
record Taps(int width, int[] first, int[] count, int[] fixed, float[] exact) {
    /** Fraction bits of the fixed weights: 32 less 8 of the value less 2 for overshoot. */
    static final int BITS = 22;

    record Key(Filter filter, int from, int to) {}

    static Taps of(Key key) {
        double scale = (double) key.from / key.to, widened = Math.max(scale, 1), support = key.filter.support * widened;
        int width = (int) Math.ceil(support) * 2 + 1;
        var taps =
                new Taps(width, new int[key.to], new int[key.to], new int[key.to * width], new float[key.to * width]);
        var weights = new double[width];
        for (int o = 0; o < key.to; o++) taps.set(o, key, (o + 0.5) * scale, support, widened, weights);
        return taps;
    }

    private void set(int o, Key key, double centre, double support, double widened, double[] weights) {
        int low = Math.max(0, (int) (centre - support + 0.5)),
                high = Math.min(key.from, (int) (centre + support + 0.5));
        first[o] = low;
        count[o] = high - low;
        double sum = 0;
        for (int k = 0; k < high - low; k++) sum += weights[k] = key.filter.weight((low + k - centre + 0.5) / widened);
        for (int k = 0; k < high - low; k++) {
            double weight = weights[k] / sum;
            fixed[o * width + k] = (int) (weight * (1 << BITS) + (weight < 0 ? -0.5 : 0.5));
            exact[o * width + k] = (float) weight;
        }
    }
}
