package hoag.galaxy.image;

import hoag.galaxy.image.Picture.Bytes;
import hoag.galaxy.image.Picture.Floats;
import hoag.galaxy.image.Scratch.Use;

/**
 * A picture as whole numbers in longs, laid out for one bilinear look-up per pixel. The idea: an 8-bit RGB pixel is three lanes of 21 bits, so one
 * multiplication weighs all three channels at once; weights sum to 2^10, values have 11 bits (3 of fraction), and no lane runs over. Any other picture
 * has one plane of one lane for each channel, with 24 bits of fraction.
 *
 * <p>Before it is sampled every s-th pixel it is smoothed: first the mean over boxes of k x k where s is large, then (w, 1 - 2w, w) along rows and
 * columns, w chosen so that box, smoothing and the bilinear look-up together have the variance of the triangle filter of width s that an antialiased
 * resize uses, s^2 / 6.
 */
record Packed(int width, int height, int planes, int lanes, int box, long[] values) {
    static final int LANE = 21;
    static final int WEIGHTS = 1 << 10;
    private static final long MASK = (1L << LANE) - 1;
    static final int FRACTION = 8;
    /** Eight bits in each lane, so that sums over 64 x 64 pixels fit. */
    private static final long BYTES = 255L | 255L << LANE | 255L << 2 * LANE;

    private static final long ELEVEN = 2047L | 2047L << LANE | 2047L << 2 * LANE;
    private static final long ROUND = 32L | 32L << LANE | 32L << 2 * LANE;
    private static final double ONE = 1 << 24;
    /** The widest (w, 1 - 2w, w) that still is a hill, in 64ths: w = 1/3. */
    private static final int WIDEST = 21;

    static Packed of(Picture picture, double scale, Scratch scratch) {
        int box = box(scale), smooth = smooth(scale / box, box);
        var packed = box == 1
                ? whole(picture, scratch)
                : boxed(picture, Math.min(box, Math.min(picture.width(), picture.height())), scratch);
        if (smooth > 0) packed.smooth(smooth, scratch);
        return packed;
    }

    /** The variance that the look-up alone lacks, as the side weight w in 64ths: (s^2/6 - 1/6 - (k^2 - 1) / (12 k^2)) / 2. */
    static int smooth(double scale, int box) {
        double lacks = (scale * scale - 1) / 6 - (box * (double) box - 1) / (12.0 * box * box);
        return Math.clamp(Math.round(64 * lacks / 2), 0, WIDEST);
    }

    /** The smallest box with which smoothing need not go beyond w = 1/3, that is s / k at most sqrt 5. */
    static int box(double scale) {
        return Math.clamp((int) Math.ceil(scale / Math.sqrt(5) - 1e-9), 1, 64);
    }

    /** What a value of 1 is in a weighted sum. */
    double white() {
        return (lanes == 3 ? 255.0 * FRACTION : ONE) * WEIGHTS;
    }

    static long lane(long value, int lane) {
        return value >>> LANE * lane & MASK;
    }

    private static Packed whole(Picture picture, Scratch scratch) {
        int n = picture.width() * picture.height();
        boolean rgb = picture instanceof Bytes && picture.channels() == 3;
        int planes = rgb ? 1 : picture.channels();
        var out = scratch.longs(Use.PACKED, n * planes);
        switch (picture) {
            case Bytes p when rgb -> rgb(p.values(), n, out);
            case Bytes p -> {
                for (int c = 0; c < planes; c++) grey(p.values(), c, planes, n, out);
            }
            case Floats p -> {
                for (int c = 0; c < planes; c++) grey(p.values(), c, planes, n, out);
            }
        }
        return new Packed(picture.width(), picture.height(), planes, rgb ? 3 : 1, 1, out);
    }

    private static void rgb(byte[] in, int n, long[] out) {
        for (int i = 0, at = 0; i < n; i++, at += 3)
            out[i] = (in[at] & 255L) * FRACTION
                    | (in[at + 1] & 255L) * FRACTION << LANE
                    | (in[at + 2] & 255L) * FRACTION << 2 * LANE;
    }

    private static void grey(byte[] in, int c, int step, int n, long[] out) {
        for (int i = 0; i < n; i++) out[c * n + i] = Math.round((in[i * step + c] & 255) * (ONE / 255));
    }

    private static void grey(float[] in, int c, int step, int n, long[] out) {
        for (int i = 0; i < n; i++) out[c * n + i] = Math.round(in[i * step + c] * ONE);
    }

    private static Packed boxed(Picture picture, int box, Scratch scratch) {
        var whole = whole(picture, scratch);
        int w = whole.width / box, h = whole.height / box, planes = whole.planes;
        var out = scratch.longs(Use.FILTERED, w * h * planes);
        for (int p = 0; p < planes; p++)
            for (int y = 0; y < h; y++)
                for (int x = 0; x < w; x++) out[(p * h + y) * w + x] = whole.mean(p, x * box, y * box, box);
        System.arraycopy(out, 0, whole.values, 0, w * h * planes);
        return new Packed(w, h, planes, whole.lanes, box, whole.values);
    }

    private long mean(int plane, int left, int top, int box) {
        long sum = 0;
        for (int y = top; y < top + box; y++) {
            int at = (plane * height + y) * width + left;
            for (int x = 0; x < box; x++) sum += values[at + x] >> (lanes == 3 ? 3 : 0) & (lanes == 3 ? BYTES : -1);
        }
        return lanes == 3
                ? share(sum, 0, box) | share(sum, 1, box) << LANE | share(sum, 2, box) << 2 * LANE
                : sum / (box * box);
    }

    private static long share(long sum, int lane, int box) {
        int n = box * box;
        return (lane(sum, lane) * FRACTION + n / 2) / n;
    }

    private void smooth(int side, Scratch scratch) {
        var spare = scratch.longs(Use.FILTERED, width * height * planes);
        long mask = lanes == 3 ? ELEVEN : -1, round = lanes == 3 ? ROUND : 32;
        for (int row = 0; row < height * planes; row++) line(values, row * width, side, mask, round, spare);
        for (int row = 0; row < height * planes; row++) {
            int y = row % height, at = row * width;
            blend(spare, at, y > 0 ? at - width : at, y < height - 1 ? at + width : at, side, mask, round);
        }
    }

    private void line(long[] in, int at, int side, long mask, long round, long[] out) {
        int last = at + width - 1, centre = 64 - 2 * side;
        for (int i = at + 1; i < last; i++)
            out[i] = in[i] * centre + (in[i - 1] + in[i + 1]) * side + round >> 6 & mask;
        out[at] = in[at] * (64 - side) + in[Math.min(at + 1, last)] * side + round >> 6 & mask;
        out[last] = in[last] * (64 - side) + in[Math.max(last - 1, at)] * side + round >> 6 & mask;
    }

    private void blend(long[] in, int at, int above, int below, int side, long mask, long round) {
        int centre = 64 - 2 * side;
        for (int x = 0; x < width; x++)
            values[at + x] = in[at + x] * centre + (in[above + x] + in[below + x]) * side + round >> 6 & mask;
    }
}
