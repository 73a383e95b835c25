package hoag.galaxy.image;

import hoag.kernels.ConfigException;
import hoag.kernels.Uniform;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Random views of a galaxy, each a function of (seed, epoch, galaxy) and of nothing else. All that moves pixels is one matrix: the picture is sampled once,
 * from the decoded file straight into the model's input, smoothed beforehand where it is scaled down. Every view covers what the
 * {@link Preprocess} covers, moved by the draw; with {@link #NONE} the two agree but for the resize filter.
 *
 * @param degrees the angle is drawn from -degrees..degrees, 0..180
 * @param flips whether left and right, and top and bottom, are exchanged, each with probability 1/2
 * @param zoom the picture is magnified by a factor from this range, its logarithm uniform; it multiplies the preprocessing's zoom
 * @param aspect width over height is changed by a factor from this range, its logarithm uniform
 * @param shift the centre moves by up to this share of the picture's sides, 0..1
 * @param shear each axis is sheared by 0 to so many degrees, 0..60
 * @param erasures so many rectangles are made black
 * @param erased the share of the area that one of them takes
 */
public record Augment(
        double degrees,
        boolean flips,
        Range zoom,
        Range aspect,
        double shift,
        double shear,
        int erasures,
        Range erased) {
    private static final int MOST_DEFERRED = 2048;

    /** Nothing is moved. */
    public static final Augment NONE = new Augment(0, false, Range.ONE, Range.ONE, 0, 0, 0, Range.ONE);

    /** Any angle, flips, a little zoom, aspect and shift: for pictures with the galaxy in their middle. */
    public static final Augment GALAXY =
            new Augment(180, true, new Range(1, 1.3), new Range(0.9, 1 / 0.9), 0.05, 0, 0, Range.ONE);

    /** What galaxy-datasets 0.0.25 trains with: angle to 90, shift 0.1, zoom 1.2 to 1.4, shear to 20, flips, five small erasures. */
    public static final Augment ZOOBOT =
            new Augment(90, true, new Range(1.2, 1.4), Range.ONE, 0.1, 20, 5, new Range(0.002, 0.007));

    /** From low to high, both above 0. */
    public record Range(double low, double high) {
        public static final Range ONE = new Range(1, 1);

        /** @throws ConfigException unless 0 is below low, and low is at most high */
        public Range {
            if (!(low > 0 && low <= high && high <= 1000))
                throw new ConfigException("range %s to %s; want 0 < low <= high <= 1000".formatted(low, high));
        }

        double logarithmic(double u) {
            return low * Math.pow(high / low, u);
        }

        double linear(double u) {
            return low + (high - low) * u;
        }
    }

    /** @throws ConfigException when a value is out of its range */
    public Augment {
        if (!(degrees >= 0 && degrees <= 180))
            throw new ConfigException("augment: degrees is %s; want 0..180".formatted(degrees));
        if (!(shift >= 0 && shift <= 1)) throw new ConfigException("augment: shift is %s; want 0..1".formatted(shift));
        if (!(shear >= 0 && shear <= 60))
            throw new ConfigException("augment: shear is %s; want 0..60 degrees".formatted(shear));
        if (erasures < 0 || erasures > 100)
            throw new ConfigException("augment: erasures is %d; want 0..100".formatted(erasures));
        if (erasures > 0 && erased.high > 1)
            throw new ConfigException("augment: erased is %s; want a share of the area, up to 1".formatted(erased));
    }

    /** As plain values for JSON; {@link #fromMap} reads it back. */
    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("degrees", degrees);
        map.put("flips", flips);
        map.put("zoom", List.of(zoom.low, zoom.high));
        map.put("aspect", List.of(aspect.low, aspect.high));
        map.put("shift", shift);
        map.put("shear", shear);
        map.put("erasures", erasures);
        map.put("erased", List.of(erased.low, erased.high));
        return map;
    }

    /** @throws ConfigException when a value is missing, unknown, or out of range */
    public static Augment fromMap(Map<?, ?> map) {
        var f = new Fields("augment", map)
                .only("degrees", "flips", "zoom", "aspect", "shift", "shear", "erasures", "erased");
        return new Augment(
                f.number("degrees"),
                f.flag("flips"),
                range(f, "zoom"),
                range(f, "aspect"),
                f.number("shift"),
                f.number("shear"),
                f.whole("erasures"),
                range(f, "erased"));
    }

    private static Range range(Fields f, String key) {
        var ends = f.numbers(key);
        if (ends.size() != 2)
            throw new ConfigException("augment: %s is %s; want the low and the high end".formatted(key, ends));
        return new Range(ends.get(0), ends.get(1));
    }

    /** Pictures for the model that carries this preprocessing, augmented. */
    public Transform with(Preprocess preprocess, long seed) {
        return new Views(preprocess, this, seed);
    }

    /**
     * The same written down for a device that samples pictures itself ({@link hoag.kernels.Backend#samples}); null if this preprocessing's pictures are not
     * three colours of eight bits. {@link Deferred#views} gathers a batch.
     */
    public Deferred deferred(Preprocess preprocess, long seed) {
        return preprocess.channels() == 3 && preprocess.size() <= MOST_DEFERRED
                ? new Deferred(preprocess, this, seed)
                : null;
    }

    private record Views(Preprocess base, Augment augment, long seed) implements Derived {
        @Override
        public Kept kept() {
            return Kept.of(base, augment.zoom.high);
        }

        @Override
        public void apply(Picture picture, long epoch, int index, float[] out, int offset, Scratch scratch) {
            augment.apply(picture, base, seed, epoch, index, out, offset, scratch);
        }
    }

    /**
     * One view of one galaxy: (channels, size, size) from the offset.
     *
     * @throws hoag.kernels.DataException when the picture does not have what the model wants
     */
    public void apply(
            Picture picture, Preprocess p, long seed, long epoch, int index, float[] out, int offset, Scratch scratch) {
        long key = Uniform.key(seed, epoch, index);
        var lit = p.lit(picture, scratch);
        var map = map(key, p, lit.width(), lit.height());
        var packed = Packed.of(lit, Math.sqrt(Math.abs(map.a() * map.e() - map.b() * map.d())), scratch);
        var mix = Mix.of(p, lit.channels(), packed.white());
        Sampler.sample(packed, map, mix, p.size(), out, offset, scratch);
        for (int i = 0; i < erasures; i++) erase(key, i, p.size(), mix, out, offset);
    }

    /** From output pixels to source pixels, corners at 0. */
    Affine map(long key, Preprocess p, int width, int height) {
        double angle = Math.toRadians(degrees * (2 * at(key, 0) - 1)), cos = Math.cos(angle), sin = Math.sin(angle);
        double flipX = flips && at(key, 1) < 0.5 ? -1 : 1, flipY = flips && at(key, 2) < 0.5 ? -1 : 1;
        double grow = zoom.logarithmic(at(key, 3)) * p.zoom(), wide = Math.sqrt(aspect.logarithmic(at(key, 4)));
        double tanX = Math.tan(Math.toRadians(shear * at(key, 7))), tanY = Math.tan(Math.toRadians(shear * at(key, 8)));
        double sx = flipX / (grow * wide), sy = flipY * wide / grow;
        double a = cos - sin * tanY, b = cos * tanX - sin, d = sin + cos * tanY, e = sin * tanX + cos;
        double stepX = (double) width / p.side(width, height), stepY = (double) height / p.side(height, width);
        double area = Math.sqrt(Math.abs(1 - tanX * tanY));
        return about(
                stepX * a * sx / area,
                stepX * b * sy / area,
                stepY * d * sx / area,
                stepY * e * sy / area,
                width * (0.5 + shift * (2 * at(key, 5) - 1)),
                height * (0.5 + shift * (2 * at(key, 6) - 1)),
                p.size() * 0.5);
    }

    private static Affine about(double a, double b, double d, double e, double x, double y, double half) {
        return new Affine(a, b, x - (a + b) * half, d, e, y - (d + e) * half);
    }

    private static float at(long key, int draw) {
        return Uniform.at(key, draw);
    }

    /** A rectangle that is blotted out. */
    record Erasure(int left, int top, int width, int height) {}

    Erasure erasure(long key, int i, int size) {
        int draw = 16 + 4 * i;
        double area = erased.linear(at(key, draw)) * size * size,
                ratio = Math.sqrt(Math.pow(4, at(key, draw + 1) - 0.5));
        int w = Math.clamp(Math.round(Math.sqrt(area) * ratio), 1, size),
                h = Math.clamp(Math.round(Math.sqrt(area) / ratio), 1, size);
        int left = (int) (at(key, draw + 2) * (size - w + 1)), top = (int) (at(key, draw + 3) * (size - h + 1));
        return new Erasure(left, top, w, h);
    }

    private void erase(long key, int i, int size, Mix mix, float[] out, int offset) {
        var erasure = erasure(key, i, size);
        for (int c = 0; c < mix.bias().length; c++)
            for (int y = erasure.top; y < erasure.top + erasure.height; y++) {
                int from = offset + (c * size + y) * size + erasure.left;
                Arrays.fill(out, from, from + erasure.width, mix.bias()[c]);
            }
    }
}
