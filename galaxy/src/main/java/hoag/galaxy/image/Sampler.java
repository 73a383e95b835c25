package hoag.galaxy.image;

import hoag.galaxy.image.Scratch.Use;
import java.util.Arrays;

/**
 * The one pass of an augmented view: for every output pixel a bilinear look-up in a {@link Packed} picture at a place that moves by a constant step, in
 * fixed point with 32 bits of fraction. A row is cut in three: the middle, where all four neighbours are inside, runs without a check.
 */
final class Sampler {
    private static final int HALF_BITS = 24;

    private Sampler() {}

    static void sample(Packed p, Affine map, Mix mix, int size, float[] out, int offset, Scratch scratch) {
        var line = scratch.longs(Use.LINE, size);
        double box = 1.0 / p.box();
        long stepX = fixed(map.a() * box), stepY = fixed(map.d() * box);
        for (int plane = 0; plane < p.planes(); plane++)
            for (int y = 0; y < size; y++) {
                long u = fixed((map.a() * 0.5 + map.b() * (y + 0.5) + map.c()) * box - 0.5);
                long v = fixed((map.d() * 0.5 + map.e() * (y + 0.5) + map.f()) * box - 0.5);
                row(p, plane, u, v, stepX, stepY, size, line);
                write(p.lanes(), plane, mix, line, size, out, offset + y * size);
            }
    }

    static long fixed(double x) {
        return Math.round(x * 0x1p32);
    }

    private static void row(Packed p, int plane, long u, long v, long stepX, long stepY, int size, long[] line) {
        long insideX = inside(u, stepX, (long) (p.width() - 1) << 32, size),
                insideY = inside(v, stepY, (long) (p.height() - 1) << 32, size);
        int from = Math.max((int) (insideX >>> 32), (int) (insideY >>> 32)),
                to = Math.min((int) insideX, (int) insideY);
        if (from >= to) from = to = size;
        edge(p, plane, u, v, stepX, stepY, 0, from, line);
        middle(p.values(), plane * p.width() * p.height(), p.width(), u, v, stepX, stepY, from, to, line);
        edge(p, plane, u, v, stepX, stepY, to, size, line);
    }

    /** The steps i of 0..size for which {@code 0 <= start + i * step < end}, as first (upper half) and one past the last (lower half). */
    private static long inside(long start, long step, long end, int size) {
        long first, past;
        if (step == 0) {
            first = 0;
            past = start >= 0 && start < end ? size : 0;
        } else if (step > 0) {
            first = Math.ceilDiv(-start, step);
            past = Math.ceilDiv(end - start, step);
        } else {
            first = Math.floorDiv(end - start, step) + 1;
            past = Math.floorDiv(-start, step) + 1;
        }
        return Math.clamp(first, 0L, size) << 32 | Math.clamp(past, 0L, size);
    }

    private static void middle(
            long[] in, int base, int width, long u, long v, long stepX, long stepY, int from, int to, long[] line) {
        u += from * stepX;
        v += from * stepY;
        for (int i = from; i < to; i++, u += stepX, v += stepY) {
            int at = base + (int) (v >> 32) * width + (int) (u >> 32),
                    fx = (int) (u >>> HALF_BITS) & 255,
                    fy = (int) (v >>> HALF_BITS) & 255;
            int both = fx * fy >> 6, right = (fx << 2) - both, below = (fy << 2) - both;
            line[i] = in[at] * (Packed.WEIGHTS - right - below - both)
                    + in[at + 1] * right
                    + in[at + width] * below
                    + in[at + width + 1] * both;
        }
    }

    /** Within half a pixel of the edge the edge's value, beyond it black. */
    private static void edge(
            Packed p, int plane, long u, long v, long stepX, long stepY, int from, int to, long[] line) {
        long half = 1L << 31, w = (long) p.width() << 32, h = (long) p.height() << 32;
        for (int i = from; i < to; i++) {
            long x = u + i * stepX, y = v + i * stepY;
            boolean outside = x < -half || y < -half || x >= w - half || y >= h - half;
            line[i] = outside
                    ? 0
                    : clamped(p, plane, Math.clamp(x, 0L, w - (1L << 32)), Math.clamp(y, 0L, h - (1L << 32)));
        }
    }

    private static long clamped(Packed p, int plane, long x, long y) {
        int left = (int) (x >> 32),
                top = (int) (y >> 32),
                right = Math.min(left + 1, p.width() - 1),
                bottom = Math.min(top + 1, p.height() - 1);
        int fx = (int) (x >>> HALF_BITS) & 255, fy = (int) (y >>> HALF_BITS) & 255;
        int both = fx * fy >> 6, across = (fx << 2) - both, down = (fy << 2) - both;
        int above = (plane * p.height() + top) * p.width(), under = (plane * p.height() + bottom) * p.width();
        var in = p.values();
        return in[above + left] * (Packed.WEIGHTS - across - down - both)
                + in[above + right] * across
                + in[under + left] * down
                + in[under + right] * both;
    }

    private static void write(int lanes, int plane, Mix mix, long[] line, int size, float[] out, int at) {
        int area = size * size;
        for (int o = 0; o < mix.bias().length; o++) {
            int to = at + o * area;
            if (plane == 0) Arrays.fill(out, to, to + size, mix.bias()[o]);
            for (int lane = 0; lane < lanes; lane++) {
                float weight = mix.weight()[o][plane + lane];
                if (weight == 0) continue;
                if (lanes == 3) lane(line, lane, weight, size, out, to);
                else whole(line, weight, size, out, to);
            }
        }
    }

    private static void lane(long[] line, int lane, float weight, int size, float[] out, int to) {
        int shift = lane * Packed.LANE;
        for (int i = 0; i < size; i++) out[to + i] += weight * ((int) (line[i] >>> shift) & (1 << Packed.LANE) - 1);
    }

    private static void whole(long[] line, float weight, int size, float[] out, int to) {
        for (int i = 0; i < size; i++) out[to + i] += weight * line[i];
    }
}
