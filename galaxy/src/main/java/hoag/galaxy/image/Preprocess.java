package hoag.galaxy.image;

import hoag.galaxy.image.Picture.Bytes;
import hoag.galaxy.image.Picture.Floats;
import hoag.galaxy.image.Scratch.Use;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * How a picture becomes a model's input; the model carries it, so that training and use agree. In order: the stretch (pictures in flux units), the zoom
 * about the centre, the resize, the centre crop, the colours, then (v - mean) / deviation with v in 0..1. Pixels outside the picture are black.
 *
 * @param size height and width of the result in pixels
 * @param fit what is resized to {@code floor(size / crop)}: the short side, or both
 * @param filter how it is resized
 * @param crop the share of the resized picture's short side that the crop keeps, above 0 and up to 1
 * @param zoom how much the picture is magnified about its centre before it is resized, from 1; Zoobot predicts with 1.2
 * @param colours what the model takes
 * @param mean of each channel, in 0..1
 * @param deviation of each channel, above 0
 * @param stretch from flux to brightness; null where the model takes no FITS
 * @param bands which planes of a FITS file become channels
 */
public record Preprocess(
        int size,
        Fit fit,
        Filter filter,
        double crop,
        double zoom,
        Channels colours,
        List<Double> mean,
        List<Double> deviation,
        Stretch stretch,
        Bands bands)
        implements Transform {

    /** Which sides are resized to the wanted length. */
    public enum Fit {
        /** The short side; the picture keeps its shape. */
        SHORT_SIDE,
        /** Both sides; a picture that is not square is deformed. */
        BOTH_SIDES
    }

    /** @throws ConfigException when a value is out of its range, or mean and deviation do not fit the channels */
    public Preprocess {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (size < 1 || size > 8192) throw new ConfigException("preprocess: size is %d; want 1..8192".formatted(size));
        if (!(crop > 0 && crop <= 1))
            throw new ConfigException("preprocess: crop is %s; want above 0 and up to 1".formatted(crop));
        if (!(zoom >= 1 && zoom <= 100))
            throw new ConfigException("preprocess: zoom is %s; want 1..100".formatted(zoom));
        int wants = colours == Channels.AS_IS ? mean.size() : colours.grey() ? 1 : 3;
        if (wants < 1 || mean.size() != wants || deviation.size() != wants)
            throw new ConfigException("preprocess: %d means and %d deviations; channels %s want %d of each"
                    .formatted(mean.size(), deviation.size(), colours.text(), Math.max(wants, 1)));
        for (var d : deviation)
            if (!(d > 0)) throw new ConfigException("preprocess: deviation is %s; want above 0".formatted(d));
        for (var m : mean)
            if (!Double.isFinite(m)) throw new ConfigException("preprocess: mean is %s; want a number".formatted(m));
    }

    /** The whole picture, short side to the size, antialiased bilinear, values 0..1, FITS by the default stretch. */
    public static Preprocess of(int size, Channels colours) {
        return of(size, colours, colours.grey() ? 1 : 3, Bands.SINGLE);
    }

    /** The same for bands of FITS images, a channel for each. */
    public static Preprocess of(int size, Bands bands) {
        return of(size, Channels.AS_IS, bands.channels(), bands);
    }

    private static Preprocess of(int size, Channels colours, int n, Bands bands) {
        return new Preprocess(
                size,
                Fit.SHORT_SIDE,
                Filter.BILINEAR,
                1,
                1,
                colours,
                Collections.nCopies(n, 0.0),
                Collections.nCopies(n, 1.0),
                Stretch.DEFAULT,
                bands);
    }

    /** The same for another size in pixels. */
    public Preprocess size(int size) {
        return new Preprocess(size, fit, filter, crop, zoom, colours, mean, deviation, stretch, bands);
    }

    /** The same magnified otherwise, from 1. */
    public Preprocess zoom(double zoom) {
        return new Preprocess(size, fit, filter, crop, zoom, colours, mean, deviation, stretch, bands);
    }

    /** The same with another share kept by the crop, above 0 and up to 1. */
    public Preprocess crop(double crop) {
        return new Preprocess(size, fit, filter, crop, zoom, colours, mean, deviation, stretch, bands);
    }

    /** The same with other sides resized. */
    public Preprocess fit(Fit fit) {
        return new Preprocess(size, fit, filter, crop, zoom, colours, mean, deviation, stretch, bands);
    }

    /** The same resized by another filter. */
    public Preprocess filter(Filter filter) {
        return new Preprocess(size, fit, filter, crop, zoom, colours, mean, deviation, stretch, bands);
    }

    /** The same with another stretch of FITS images; null for none. */
    public Preprocess stretch(Stretch stretch) {
        return new Preprocess(size, fit, filter, crop, zoom, colours, mean, deviation, stretch, bands);
    }

    /** The same with other planes of FITS images. */
    public Preprocess bands(Bands bands) {
        return new Preprocess(size, fit, filter, crop, zoom, colours, mean, deviation, stretch, bands);
    }

    /** The same with (v - mean) / deviation for each channel, v in 0..1. */
    public Preprocess normalise(List<Double> mean, List<Double> deviation) {
        return new Preprocess(size, fit, filter, crop, zoom, colours, mean, deviation, stretch, bands);
    }

    /** As plain values for JSON; {@link #fromMap} reads it back. */
    public Map<String, Object> toMap() {
        return PreprocessMap.write(this);
    }

    /** @throws ConfigException when a value is missing, unknown, or out of range */
    public static Preprocess fromMap(Map<?, ?> map) {
        return PreprocessMap.read(map);
    }

    @Override
    public Kept kept() {
        return Kept.of(this, 1);
    }

    int channelCount() {
        return mean.size();
    }

    @Override
    public int channels() {
        return mean.size();
    }

    @Override
    public void apply(Picture picture, long epoch, int index, float[] out, int offset, Scratch scratch) {
        apply(picture, out, offset, scratch);
    }

    /** The picture as the model reads it: (channels, size, size). */
    public float[] apply(Picture picture) {
        var out = new float[length()];
        apply(picture, out, 0, new Scratch());
        return out;
    }

    /**
     * @param out where to, {@link #length} numbers from the offset
     * @throws DataException when the picture does not have what the model wants
     */
    public void apply(Picture picture, float[] out, int offset, Scratch scratch) {
        var zoomed = zoomed(lit(picture, scratch), scratch);
        int w = side(zoomed.width(), zoomed.height()), h = side(zoomed.height(), zoomed.width());
        write(Resize.to(zoomed, w, h, filter, scratch), out, offset);
    }

    /** A side of the resized picture; the long one is cut to a whole number, as torchvision does. */
    int side(int side, int other) {
        int wanted = (int) Math.floor(size / crop);
        return fit == Fit.BOTH_SIDES || side <= other ? wanted : (int) ((long) wanted * side / other);
    }

    /** The picture with values of known range, its channels checked. */
    Picture lit(Picture picture, Scratch scratch) {
        boolean fits = switch (colours) {
            case RGB -> picture.channels() == 3;
            case RGB_OR_GREY, LUMINANCE, MEAN -> picture.channels() == 3 || picture.channels() == 1;
            case AS_IS -> picture.channels() == channelCount();
        };
        if (!fits)
            throw new DataException("picture of shape %s has %d channel%s: channels = %s want %s"
                    .formatted(
                            picture.shape(),
                            picture.channels(),
                            picture.channels() == 1 ? "" : "s",
                            colours.text(),
                            wanted()));
        if (!(picture instanceof Floats flux) || !flux.flux()) return picture;
        if (stretch == null)
            throw new DataException(
                    "picture in flux units (FITS): the preprocessing has no stretch, so it takes JPEG and PNG only");
        var lit = new Floats(
                flux.width(), flux.height(), flux.channels(), scratch.floats(Use.STRETCH, flux.size()), false);
        return stretch.into(flux, lit, scratch);
    }

    private String wanted() {
        return switch (colours) {
            case RGB -> "3 (rgb_or_grey takes grey pictures too)";
            case RGB_OR_GREY, LUMINANCE, MEAN -> "1 or 3";
            case AS_IS -> String.valueOf(channelCount());
        };
    }

    private Picture zoomed(Picture picture, Scratch scratch) {
        if (zoom == 1) return picture;
        var map = Affine.of(0, 0, 0, zoom, 0, 0, picture.width(), picture.height());
        return switch (picture) {
            case Bytes p ->
                Warp.zoom(
                        p,
                        map,
                        new Bytes(p.width(), p.height(), p.channels(), scratch.bytes(Use.ZOOM, p.size())),
                        scratch);
            case Floats p ->
                Warp.bilinear(
                        p,
                        map,
                        new Floats(p.width(), p.height(), p.channels(), scratch.floats(Use.ZOOM, p.size()), false));
        };
    }

    private void write(Picture p, float[] out, int offset) {
        var mix = Mix.of(this, p.channels(), p instanceof Bytes ? 255 : 1);
        int left = Pixels.cropStart(p.width(), size), top = Pixels.cropStart(p.height(), size);
        int from = Math.max(0, -left), to = Math.min(size, p.width() - left);
        for (int o = 0, at = offset; o < channelCount(); o++)
            for (int y = 0; y < size; y++, at += size) {
                Arrays.fill(out, at, at + size, mix.bias()[o]);
                if (y + top >= 0 && y + top < p.height()) line(p, y + top, left, from, to, mix.weight()[o], out, at);
            }
    }

    private static void line(Picture p, int y, int left, int from, int to, float[] weight, float[] out, int at) {
        int channels = p.channels(), start = (y * p.width() + left + from) * channels;
        for (int c = 0; c < channels; c++) {
            if (weight[c] == 0) continue;
            switch (p) {
                case Bytes b -> add(b.values(), start + c, channels, weight[c], out, at + from, to - from);
                case Floats f -> add(f.values(), start + c, channels, weight[c], out, at + from, to - from);
            }
        }
    }

    private static void add(byte[] in, int from, int step, float weight, float[] out, int to, int count) {
        for (int i = 0; i < count; i++) out[to + i] += weight * (in[from + i * step] & 255);
    }

    private static void add(float[] in, int from, int step, float weight, float[] out, int to, int count) {
        for (int i = 0; i < count; i++) out[to + i] += weight * in[from + i * step];
    }
}
