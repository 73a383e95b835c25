package hoag.galaxy.image;

import hoag.galaxy.image.Picture.Bytes;
import hoag.galaxy.image.Picture.Floats;
import java.util.Arrays;

/**
 * Affine maps of a picture into one of the same size, zero outside, without antialiasing. Eight-bit pictures follow Pillow: a source point within half
 * a pixel of the edge takes the edge's value, what is interpolated is cut to a whole number. Float pictures follow torchvision on tensors: what lies
 * beyond the edge counts as zero, and the result fades by the share of it that was inside.
 */
public final class Warp {
    private Warp() {}

    /** The picture as the map moves it, values between pixels by the four neighbours; outside is black. */
    public static Picture bilinear(Picture picture, Affine map) {
        return switch (picture) {
            case Bytes p -> bilinear(p, map, new Bytes(p.width(), p.height(), p.channels()));
            case Floats p -> bilinear(p, map, new Floats(p.width(), p.height(), p.channels(), p.flux()));
        };
    }

    /** An axis-parallel map, to the bit as {@link #bilinear} makes it: a source row is interpolated once, not for every output row that needs it. */
    static Bytes zoom(Bytes p, Affine m, Bytes out, Scratch scratch) {
        int line = p.width() * p.channels(), even = -1, odd = -1;
        var rows = scratch.doubles(2 * line); // an even source row, an odd one
        for (int y = 0; y < p.height(); y++) {
            double v = m.e() * (y + 0.5) + m.f();
            if (v < 0 || v >= p.height()) {
                Arrays.fill(out.values(), y * line, (y + 1) * line, (byte) 0);
                continue;
            }
            int below = (int) (v + 0.5), up = Math.max(below - 1, 0), down = Math.min(below, p.height() - 1);
            int wantsEven = (up & 1) == 0 ? up : down, wantsOdd = (up & 1) == 0 ? down : up;
            if (even != wantsEven) across(p, even = wantsEven, m, rows, 0);
            if (odd != wantsOdd) across(p, odd = wantsOdd, m, rows, line);
            blend(rows, up == even ? 0 : line, down == even ? 0 : line, v + 0.5 - below, out.values(), y * line, line);
        }
        return out;
    }

    private static void across(Bytes p, int row, Affine m, double[] out, int to) {
        int w = p.width(), channels = p.channels(), from = row * w * channels;
        var in = p.values();
        for (int x = 0; x < w; x++, to += channels) {
            double u = m.a() * (x + 0.5) + m.c(), dx = u + 0.5 - (int) (u + 0.5);
            int left = Math.max((int) (u + 0.5) - 1, 0) * channels, right = Math.min((int) (u + 0.5), w - 1) * channels;
            boolean outside = u < 0 || u >= w;
            for (int c = 0; c < channels; c++)
                out[to + c] = outside ? 0 : mix(in[from + left + c] & 255, in[from + right + c] & 255, dx);
        }
    }

    private static void blend(double[] rows, int up, int down, double share, byte[] out, int to, int count) {
        for (int i = 0; i < count; i++) out[to + i] = (byte) (int) mix(rows[up + i], rows[down + i], share);
    }

    static Bytes bilinear(Bytes p, Affine m, Bytes out) {
        int w = p.width(), h = p.height(), channels = p.channels();
        for (int y = 0, to = 0; y < h; y++)
            for (int x = 0; x < w; x++, to += channels) {
                double u = m.a() * (x + 0.5) + m.b() * (y + 0.5) + m.c(),
                        v = m.d() * (x + 0.5) + m.e() * (y + 0.5) + m.f();
                if (u < 0 || v < 0 || u >= w || v >= h) for (int c = 0; c < channels; c++) out.values()[to + c] = 0;
                else sample(p.values(), w, h, channels, u, v, out.values(), to);
            }
        return out;
    }

    /** Cutting u + 1/2, which is not negative, is floor(u - 1/2) + 1. */
    private static void sample(byte[] in, int w, int h, int channels, double u, double v, byte[] out, int to) {
        int right = (int) (u + 0.5), below = (int) (v + 0.5);
        double dx = u + 0.5 - right, dy = v + 0.5 - below;
        int left = Math.max(right - 1, 0) * channels, up = Math.max(below - 1, 0) * w * channels;
        right = Math.min(right, w - 1) * channels;
        below = Math.min(below, h - 1) * w * channels;
        for (int c = 0; c < channels; c++) {
            double above = mix(in[up + left + c] & 255, in[up + right + c] & 255, dx);
            out[to + c] = (byte) (int) mix(above, mix(in[below + left + c] & 255, in[below + right + c] & 255, dx), dy);
        }
    }

    private static double mix(double a, double b, double share) {
        return a + (b - a) * share;
    }

    static Floats bilinear(Floats p, Affine m, Floats out) {
        for (int y = 0; y < p.height(); y++)
            for (int x = 0; x < p.width(); x++) {
                double u = m.a() * (x + 0.5) + m.b() * (y + 0.5) + m.c() - 0.5,
                        v = m.d() * (x + 0.5) + m.e() * (y + 0.5) + m.f() - 0.5;
                int to = (y * p.width() + x) * p.channels();
                for (int c = 0; c < p.channels(); c++) out.values()[to + c] = sample(p, u, v, c);
            }
        return out;
    }

    private static float sample(Floats p, double u, double v, int c) {
        int x = (int) Math.floor(u), y = (int) Math.floor(v);
        double dx = u - x, dy = v - y, sum = 0, inside = 0;
        for (int j = 0; j < 2; j++)
            for (int i = 0; i < 2; i++) {
                if (x + i < 0 || y + j < 0 || x + i >= p.width() || y + j >= p.height()) continue;
                double weight = (i == 0 ? 1 - dx : dx) * (j == 0 ? 1 - dy : dy);
                inside += weight;
                sum += weight * p.at(x + i, y + j, c);
            }
        return (float) (sum * inside);
    }

    /** The value of the pixel that the point falls into. */
    public static Picture nearest(Picture picture, Affine m) {
        return Pixels.gather(picture, picture.width(), picture.height(), (x, y) -> {
            double u = m.a() * (x + 0.5) + m.b() * (y + 0.5) + m.c(), v = m.d() * (x + 0.5) + m.e() * (y + 0.5) + m.f();
            return u < 0 || v < 0 || u >= picture.width() || v >= picture.height()
                    ? -1
                    : (int) v * picture.width() + (int) u;
        });
    }
}
