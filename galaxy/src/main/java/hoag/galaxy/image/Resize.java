package hoag.galaxy.image;

import hoag.galaxy.image.Picture.Bytes;
import hoag.galaxy.image.Picture.Floats;
import hoag.galaxy.image.Scratch.Use;

/**
 * Resizing with antialiasing. Eight-bit pictures follow Pillow bit for bit: a pass along the rows, then one along the columns, each rounded to
 * 8 bits; float pictures follow torchvision, without rounding.
 */
public final class Resize {
    private static final int HALF = 1 << Taps.BITS - 1;

    private Resize() {}

    /** The picture in another size; it shares nothing with the given one unless the size is the same. */
    public static Picture resize(Picture picture, int width, int height, Filter filter) {
        return to(picture, width, height, filter, new Scratch());
    }

    /** As {@link #resize}, in arrays of the scratch: valid until its next use. */
    static Picture to(Picture picture, int width, int height, Filter filter, Scratch scratch) {
        return switch (picture) {
            case Bytes p -> columns(rows(p, width, filter, scratch), height, filter, scratch);
            case Floats p -> columns(rows(p, width, filter, scratch), height, filter, scratch);
        };
    }

    private static Bytes rows(Bytes p, int width, Filter filter, Scratch scratch) {
        if (p.width() == width) return p;
        var out =
                new Bytes(width, p.height(), p.channels(), scratch.bytes(Use.ROWS, width * p.height() * p.channels()));
        var taps = scratch.taps(filter, p.width(), width);
        for (int y = 0; y < p.height(); y++) {
            if (p.channels() == 3) row3(p.values(), y * p.width() * 3, taps, out.values(), y * width * 3, width);
            else
                row(
                        p.values(),
                        y * p.width() * p.channels(),
                        p.channels(),
                        taps,
                        out.values(),
                        y * width * p.channels(),
                        width);
        }
        return out;
    }

    private static void row3(byte[] in, int from, Taps taps, byte[] out, int to, int width) {
        int[] weights = taps.fixed(), first = taps.first(), count = taps.count();
        for (int x = 0; x < width; x++, to += 3) {
            int r = HALF, g = HALF, b = HALF, at = from + first[x] * 3;
            for (int k = x * taps.width(), end = k + count[x]; k < end; k++, at += 3) {
                int weight = weights[k];
                r += weight * (in[at] & 255);
                g += weight * (in[at + 1] & 255);
                b += weight * (in[at + 2] & 255);
            }
            out[to] = clip(r);
            out[to + 1] = clip(g);
            out[to + 2] = clip(b);
        }
    }

    private static void row(byte[] in, int from, int channels, Taps taps, byte[] out, int to, int width) {
        int[] weights = taps.fixed(), first = taps.first(), count = taps.count();
        for (int x = 0; x < width; x++)
            for (int c = 0; c < channels; c++) {
                int sum = HALF, at = from + first[x] * channels + c;
                for (int k = x * taps.width(), end = k + count[x]; k < end; k++, at += channels)
                    sum += weights[k] * (in[at] & 255);
                out[to++] = clip(sum);
            }
    }

    private static byte clip(int sum) {
        return (byte) Math.clamp(sum >> Taps.BITS, 0, 255);
    }

    private static Bytes columns(Bytes p, int height, Filter filter, Scratch scratch) {
        if (p.height() == height) return p;
        int line = p.width() * p.channels();
        var out = new Bytes(p.width(), height, p.channels(), scratch.bytes(Use.RESIZED, line * height));
        var taps = scratch.taps(filter, p.height(), height);
        var sums = scratch.ints(line);
        for (int y = 0; y < height; y++) {
            sum(p.values(), taps, y, line, sums);
            for (int i = 0; i < line; i++) out.values()[y * line + i] = clip(sums[i]);
        }
        return out;
    }

    private static void sum(byte[] in, Taps taps, int y, int line, int[] sums) {
        for (int i = 0; i < line; i++) sums[i] = HALF;
        for (int k = 0; k < taps.count()[y]; k++) {
            int weight = taps.fixed()[y * taps.width() + k], at = (taps.first()[y] + k) * line;
            for (int i = 0; i < line; i++) sums[i] += weight * (in[at + i] & 255);
        }
    }

    private static Floats rows(Floats p, int width, Filter filter, Scratch scratch) {
        if (p.width() == width) return p;
        int channels = p.channels();
        var out = new Floats(
                width, p.height(), channels, scratch.floats(Use.ROWS, width * p.height() * channels), p.flux());
        var taps = scratch.taps(filter, p.width(), width);
        for (int y = 0, to = 0; y < p.height(); y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < channels; c++) out.values()[to++] = at(p, taps, x, y, c);
        return out;
    }

    private static float at(Floats p, Taps taps, int x, int y, int c) {
        float sum = 0;
        int at = (y * p.width() + taps.first()[x]) * p.channels() + c;
        for (int k = 0; k < taps.count()[x]; k++, at += p.channels())
            sum += taps.exact()[x * taps.width() + k] * p.values()[at];
        return sum;
    }

    private static Floats columns(Floats p, int height, Filter filter, Scratch scratch) {
        if (p.height() == height) return p;
        int line = p.width() * p.channels();
        var out = new Floats(p.width(), height, p.channels(), scratch.floats(Use.RESIZED, line * height), p.flux());
        var taps = scratch.taps(filter, p.height(), height);
        for (int y = 0; y < height; y++) sum(p.values(), taps, y, line, out.values());
        return out;
    }

    private static void sum(float[] in, Taps taps, int y, int line, float[] out) {
        int to = y * line;
        for (int i = 0; i < line; i++) out[to + i] = 0;
        for (int k = 0; k < taps.count()[y]; k++) {
            int at = (taps.first()[y] + k) * line;
            float weight = taps.exact()[y * taps.width() + k];
            for (int i = 0; i < line; i++) out[to + i] += weight * in[at + i];
        }
    }

    /** Bilinear without antialiasing, pixel centres at one half, as torchvision's {@code antialias=False}: fast, and wrong where much is scaled down. */
    public static Floats plain(Floats p, int width, int height) {
        var out = new Floats(width, height, p.channels(), p.flux());
        for (int y = 0, to = 0; y < height; y++) {
            double v = Math.max(0, (y + 0.5) * p.height() / height - 0.5);
            for (int x = 0; x < width; x++) {
                double u = Math.max(0, (x + 0.5) * p.width() / width - 0.5);
                for (int c = 0; c < p.channels(); c++) out.values()[to++] = between(p, u, v, c);
            }
        }
        return out;
    }

    private static float between(Floats p, double u, double v, int c) {
        int x = (int) u, y = (int) v, right = Math.min(x + 1, p.width() - 1), below = Math.min(y + 1, p.height() - 1);
        float dx = (float) (u - x), dy = (float) (v - y);
        float top = p.at(x, y, c) * (1 - dx) + p.at(right, y, c) * dx,
                bottom = p.at(x, below, c) * (1 - dx) + p.at(right, below, c) * dx;
        return top * (1 - dy) + bottom * dy;
    }
}
