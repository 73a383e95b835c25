package hoag.galaxy.image;

import hoag.galaxy.image.Picture.Bytes;
import hoag.galaxy.image.Picture.Floats;
import hoag.kernels.DataException;

/** What moves whole pixels, exactly: crops, flips, quarter turns; and grey. */
public final class Pixels {
    private Pixels() {}

    /** Where an output pixel comes from, as an index of source pixels; -1 for nowhere, which is black. */
    interface From {
        int index(int x, int y);
    }

    static Picture gather(Picture picture, int width, int height, From from) {
        var out = blank(picture, width, height, picture.channels());
        int channels = picture.channels();
        for (int y = 0, to = 0; y < height; y++)
            for (int x = 0; x < width; x++, to += channels) {
                int index = from.index(x, y);
                if (index >= 0) System.arraycopy(values(picture), index * channels, values(out), to, channels);
            }
        return out;
    }

    private static Object values(Picture picture) {
        return switch (picture) {
            case Bytes p -> p.values();
            case Floats p -> p.values();
        };
    }

    private static Picture blank(Picture like, int width, int height, int channels) {
        return switch (like) {
            case Bytes _ -> new Bytes(width, height, channels);
            case Floats p -> new Floats(width, height, channels, p.flux());
        };
    }

    /** The rectangle whose first pixel is (left, top); what lies outside the picture is black. */
    public static Picture crop(Picture p, int left, int top, int width, int height) {
        return gather(p, width, height, (x, y) -> {
            int u = x + left, v = y + top;
            return u < 0 || v < 0 || u >= p.width() || v >= p.height() ? -1 : v * p.width() + u;
        });
    }

    /** The middle of the picture, padded with black where the picture is smaller; odd remainders as torchvision has them. */
    public static Picture centreCrop(Picture p, int width, int height) {
        return crop(p, cropStart(p.width(), width), cropStart(p.height(), height), width, height);
    }

    /** Where a centre crop starts: half of the remainder to even when it cuts; when it pads, the half rounded down goes before. */
    static int cropStart(int has, int wants) {
        return has >= wants ? (int) Math.rint((has - wants) / 2.0) : -((wants - has) / 2);
    }

    /** Left becomes right. */
    public static Picture flipHorizontally(Picture p) {
        return gather(p, p.width(), p.height(), (x, y) -> y * p.width() + p.width() - 1 - x);
    }

    /** Top becomes bottom. */
    public static Picture flipVertically(Picture p) {
        return gather(p, p.width(), p.height(), (x, y) -> (p.height() - 1 - y) * p.width() + x);
    }

    /** Turned counter-clockwise by 90 degrees, so many times. */
    public static Picture quarterTurns(Picture p, int times) {
        int w = p.width(), h = p.height();
        return switch (Math.floorMod(times, 4)) {
            case 0 -> p;
            case 1 -> gather(p, h, w, (x, y) -> x * w + w - 1 - y);
            case 2 -> gather(p, w, h, (x, y) -> (h - 1 - y) * w + w - 1 - x);
            default -> gather(p, h, w, (x, y) -> (h - 1 - x) * w + y);
        };
    }

    /** One channel by luminance: in 8 bits (19595 R + 38470 G + 7471 B + 32768) >> 16 as Pillow's L, in floats 0.2989 R + 0.587 G + 0.114 B. */
    public static Picture luminance(Picture picture) {
        rgb(picture);
        return switch (picture) {
            case Bytes p -> {
                var out = new Bytes(p.width(), p.height(), 1);
                for (int i = 0, at = 0; i < out.size(); i++, at += 3) {
                    int r = p.values()[at] & 255, g = p.values()[at + 1] & 255, b = p.values()[at + 2] & 255;
                    out.values()[i] = (byte) (19595 * r + 38470 * g + 7471 * b + 32768 >> 16);
                }
                yield out;
            }
            case Floats p -> grey(p, Channels.RED, Channels.GREEN, Channels.BLUE);
        };
    }

    /** One channel by the unweighted mean of red, green and blue; 8-bit pictures become floats in 0..1, for a mean of whole numbers is none. */
    public static Floats mean(Picture picture) {
        rgb(picture);
        return grey(floats(picture), 1 / 3f, 1 / 3f, 1 / 3f);
    }

    /** The picture in floats: 0..255 becomes 0..1. */
    public static Floats floats(Picture picture) {
        if (picture instanceof Floats same) return same;
        var p = (Bytes) picture;
        var out = new Floats(p.width(), p.height(), p.channels(), false);
        for (int i = 0; i < p.size(); i++) out.values()[i] = (p.values()[i] & 255) / 255f;
        return out;
    }

    private static Floats grey(Floats p, float r, float g, float b) {
        var out = new Floats(p.width(), p.height(), 1, p.flux());
        for (int i = 0, at = 0; i < out.size(); i++, at += 3)
            out.values()[i] = r * p.values()[at] + g * p.values()[at + 1] + b * p.values()[at + 2];
        return out;
    }

    private static void rgb(Picture picture) {
        if (picture.channels() != 3)
            throw new DataException("picture of shape %s: grey wants 3 channels (RGB)".formatted(picture.shape()));
    }
}
