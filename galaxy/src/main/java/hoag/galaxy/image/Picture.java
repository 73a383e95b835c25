package hoag.galaxy.image;

import hoag.kernels.DataException;

/**
 * A picture in memory, (height, width, channels): row 0 is the first row of the file, channels are interleaved, so value (y, x, c) lies at
 * {@code (y * width + x) * channels + c}. The array belongs to the picture and may be longer than it needs.
 */
public sealed interface Picture {
    /** Pixels from left to right. */
    int width();

    /** Pixels from top to bottom. */
    int height();

    /** Values of a pixel: 1 grey, 3 red, green and blue, or as many as there are bands. */
    int channels();

    /** How many numbers it holds: height * width * channels. */
    default int size() {
        return width() * height() * channels();
    }

    /** The shape for a message: {@code (424, 424, 3)}, height first. */
    default String shape() {
        return "(%d, %d, %d)".formatted(height(), width(), channels());
    }

    /**
     * Eight bits a value, unsigned.
     *
     * @param values (height, width, channels), 0..255
     */
    record Bytes(int width, int height, int channels, byte[] values) implements Picture {
        /** @throws DataException when the array is shorter than the picture */
        public Bytes {
            check(width, height, channels, values.length);
        }

        /** A black picture. */
        public Bytes(int width, int height, int channels) {
            this(width, height, channels, new byte[length(width, height, channels)]);
        }

        /** The value at (x, y), 0..255. */
        public int at(int x, int y, int channel) {
            return values[(y * width + x) * channels + channel] & 255;
        }
    }

    /**
     * Single precision.
     *
     * @param values (height, width, channels)
     * @param flux whether values are in the file's own units (FITS) and want a {@link Stretch}; if not, black is 0 and white is 1
     */
    record Floats(int width, int height, int channels, float[] values, boolean flux) implements Picture {
        /** @throws DataException when the array is shorter than the picture */
        public Floats {
            check(width, height, channels, values.length);
        }

        /** A picture of zeros. */
        public Floats(int width, int height, int channels, boolean flux) {
            this(width, height, channels, new float[length(width, height, channels)], flux);
        }

        /** The value at (x, y). */
        public float at(int x, int y, int channel) {
            return values[(y * width + x) * channels + channel];
        }
    }

    private static int length(int width, int height, int channels) {
        var length = (long) width * height * channels;
        if (width < 1 || height < 1 || channels < 1 || length > Integer.MAX_VALUE - 8)
            throw new DataException("picture (%d, %d, %d): every side must be at least 1 and the whole below 2^31"
                    .formatted(height, width, channels));
        return (int) length;
    }

    private static void check(int width, int height, int channels, int has) {
        var wants = length(width, height, channels);
        if (has < wants)
            throw new DataException(
                    "picture (%d, %d, %d) needs %d values and has %d".formatted(height, width, channels, wants, has));
    }
}
