package hoag.engine;

/**
 * The matrix (out, in) that resizes one axis: row i says how much of each pixel goes into the new pixel i. Computed in float64, except where a
 * pixel is chosen: there PyTorch's float32 decides.
 */
final class ResizeWeights {
    /** Keys 1981: PyTorch takes the sharper cubic for plain resizing, that of Pillow for antialiasing. */
    private static final double SHARP = -0.75;

    private static final double SMOOTH = -0.5;

    private final int in;
    private final double scale;
    private final float[] rows;

    private ResizeWeights(int in, int out, double scale) {
        this.in = in;
        this.scale = scale;
        rows = new float[in * out];
    }

    /**
     * @param factor the new size over the old where it was asked for as a factor, else 0: then the sizes tell
     */
    static float[] of(Resize how, int in, int out, double factor) {
        double scale =
                how.corners() ? (out > 1 ? (in - 1.0) / (out - 1) : 0) : factor > 0 ? 1 / factor : (double) in / out;
        var weights = new ResizeWeights(in, out, scale);
        for (int i = 0; i < out; i++) {
            weights.row(how, i);
        }
        return weights.rows;
    }

    private void row(Resize how, int i) {
        switch (how.mode()) {
            case NEAREST -> add(i, nearest(i), 1);
            case NEAREST_EXACT -> add(i, nearest(i + 0.5f), 1);
            case BILINEAR -> {
                if (how.antialias()) {
                    smooth(i, 1, false);
                } else {
                    linear(i, Math.max(0, at(how, i)));
                }
            }
            case BICUBIC -> {
                if (how.antialias()) {
                    smooth(i, 2, true);
                } else {
                    cubic(i, at(how, i));
                }
            }
            case AREA -> throw new AssertionError("areas are pools");
        }
    }

    private double at(Resize how, int i) {
        return how.corners() ? i * scale : (i + 0.5) * scale - 0.5;
    }

    private int nearest(float i) {
        return (int) Math.floor(i * (float) scale);
    }

    /** Pixels beyond the edge are those of the edge. */
    private void add(int i, int pixel, double weight) {
        rows[i * in + Math.clamp(pixel, 0, in - 1)] += (float) weight;
    }

    private void linear(int i, double at) {
        int low = (int) Math.floor(at);
        add(i, low, 1 - (at - low));
        add(i, low + 1, at - low);
    }

    private void cubic(int i, double at) {
        int low = (int) Math.floor(at);
        for (int pixel = low - 1; pixel <= low + 2; pixel++) {
            add(i, pixel, keys(at - pixel, SHARP));
        }
    }

    /** The filter as wide as a new pixel covers old ones, cut at the edges, its weights summing to 1 (Pillow's resize). */
    private void smooth(int i, double radius, boolean cubic) {
        double stretch = Math.max(1, scale);
        double centre = (i + 0.5) * scale;
        int from = Math.max(0, (int) (centre - radius * stretch + 0.5));
        int to = Math.min(in, (int) (centre + radius * stretch + 0.5));
        double[] weights = new double[to - from];
        double sum = 0;
        for (int pixel = from; pixel < to; pixel++) {
            double x = (pixel - centre + 0.5) / stretch;
            weights[pixel - from] = cubic ? keys(x, SMOOTH) : Math.max(0, 1 - Math.abs(x));
            sum += weights[pixel - from];
        }
        for (int pixel = from; pixel < to; pixel++) {
            add(i, pixel, weights[pixel - from] / sum);
        }
    }

    private static double keys(double x, double a) {
        double t = Math.abs(x);
        if (t < 1) {
            return ((a + 2) * t - (a + 3)) * t * t + 1;
        }
        return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
    }
}
