package hoag.galaxy.image;

import hoag.kernels.DataException;
import java.awt.Transparency;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nom.tam.fits.BasicHDU;

/** Pictures from wherever they are. Reads one picture and forgets how; where many are read, keep a {@link PictureReader} for each thread, or use a {@link Loader}. */
public final class Images {
    private Images() {}

    /** @throws DataException when there is no such file, or it cannot be read as a picture */
    public static Picture read(Path path) {
        return read(path, Bands.SINGLE);
    }

    /**
     * @param bands which planes of a FITS image become channels
     * @throws DataException when there is no such file, or it cannot be read as a picture
     */
    public static Picture read(Path path, Bands bands) {
        try (var reader = new PictureReader()) {
            return reader.read(path, bands);
        }
    }

    /**
     * A picture of AWT: grey (1 channel) where the image is grey, else RGB (3 channels); alpha is dropped, not composited. Grey samples are taken as
     * they stand; 16-bit grey becomes {@link Picture.Floats} in 0..1.
     */
    public static Picture of(BufferedImage image) {
        int width = image.getWidth(), height = image.getHeight();
        if (isGrey(image, DataBuffer.TYPE_USHORT)) {
            var grey = new Picture.Floats(width, height, 1, false);
            image.getRaster().getSamples(0, 0, width, height, 0, grey.values());
            for (int i = 0; i < grey.values().length; i++) grey.values()[i] /= 65535;
            return grey;
        }
        var picture = new Picture.Bytes(width, height, isGrey(image, DataBuffer.TYPE_BYTE) ? 1 : 3);
        var row = new int[width];
        for (int y = 0, at = 0; y < height; y++) {
            if (picture.channels() == 1) {
                image.getRaster().getSamples(0, y, width, 1, 0, row);
                for (int value : row) picture.values()[at++] = (byte) value;
            } else {
                image.getRGB(0, y, width, 1, row, 0, width);
                for (int rgb : row)
                    for (int shift = 16; shift >= 0; shift -= 8) picture.values()[at++] = (byte) (rgb >> shift);
            }
        }
        return picture;
    }

    private static boolean isGrey(BufferedImage image, int type) {
        return image.getColorModel() instanceof ComponentColorModel model
                && model.getNumColorComponents() == 1
                && model.getTransferType() == type
                && (model.getTransparency() == Transparency.OPAQUE || model.hasAlpha());
    }

    /**
     * Numbers as a picture.
     *
     * @param values (channels, height, width), black 0, white 1
     * @throws DataException when there are no values, or the rows are not all as long
     */
    public static Picture.Floats of(float[][][] values) {
        int channels = values.length, height = channels == 0 ? 0 : values[0].length;
        int width = height == 0 ? 0 : values[0][0].length;
        var picture = new Picture.Floats(width, height, channels, false);
        for (int c = 0; c < channels; c++) {
            if (values[c].length != height)
                throw new DataException("picture: channel %d has %d rows, channel 0 has %d; want as many"
                        .formatted(c, values[c].length, height));
            for (int y = 0; y < height; y++) {
                if (values[c][y].length != width)
                    throw new DataException(
                            "picture: row %d of channel %d has %d values, the first row has %d; want as many"
                                    .formatted(y, c, values[c][y].length, width));
                for (int x = 0; x < width; x++) picture.values()[(y * width + x) * channels + c] = values[c][y][x];
            }
        }
        return picture;
    }

    /**
     * How many planes a FITS file's first image has; 0 for a file of another kind, whose channels are what they are.
     *
     * @throws DataException when there is no such file, or it cannot be read
     */
    public static int planes(Path path) {
        try (var in = Files.newInputStream(path)) {
            var head = in.readNBytes(FileKind.BYTES);
            return switch (FileKind.of(head, head.length)) {
                case FITS, GZIP -> FitsDecoder.planes(path);
                case JPEG, PNG, OTHER -> 0;
            };
        } catch (IOException e) {
            throw new DataException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * An image of a FITS file that the caller has open, in the file's units ({@code flux}), scaled by BSCALE and BZERO, BLANK as NaN.
     *
     * @param bands which of its planes become channels; the unit it names is not looked at
     * @throws DataException when the unit holds no image, or not the planes asked for
     */
    public static Picture.Floats of(BasicHDU<?> hdu, Bands bands) {
        return FitsDecoder.of(hdu, bands);
    }
}
