package hoag.galaxy.image;

import hoag.kernels.DataException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;

/** JPEG by ImageIO's libjpeg, straight into an interleaved RGB or grey array. */
final class JpegDecoder implements AutoCloseable {
    private final Decoder decoder = new Decoder("JPEG");
    private final ColorModel grey = model(ColorSpace.CS_GRAY);
    private final ColorModel rgb = model(ColorSpace.CS_sRGB);

    private static ColorModel model(int space) {
        return new ComponentColorModel(
                ColorSpace.getInstance(space), false, false, ColorModel.OPAQUE, DataBuffer.TYPE_BYTE);
    }

    Picture.Bytes decode(byte[] file, int length, String name) {
        var header = JpegHeader.scan(file, length);
        check(header, length, name);
        var picture = new Picture.Bytes(header.width(), header.height(), header.components());
        decoder.read(file, length, name, around(picture));
        return picture;
    }

    private static void check(JpegHeader header, int length, String name) {
        if (header.components() == 0)
            throw new DataException("%s: truncated JPEG: %d bytes hold no frame header".formatted(name, length));
        if (header.components() == 4) throw new DataException(name + ": CMYK JPEG (4 components); save it as RGB");
        if (header.components() != 1 && header.components() != 3)
            throw new DataException(
                    "%s: JPEG of %d components; want 1 (grey) or 3 (colour)".formatted(name, header.components()));
        if (header.frame() > 0xc2 || header.bits() != 8)
            throw new DataException("%s: JPEG of kind SOF%d with %d bits; want 8-bit baseline or progressive"
                    .formatted(name, header.frame() - 0xc0, header.bits()));
        PictureReader.limit(name, header.width(), header.height(), 1);
        if (!header.complete())
            throw new DataException("%s: truncated JPEG: %d bytes hold no end marker".formatted(name, length));
    }

    /** The picture's own array as the image to decode into. */
    private BufferedImage around(Picture.Bytes picture) {
        int w = picture.width(), h = picture.height(), c = picture.channels();
        var offsets = c == 1 ? new int[] {0} : new int[] {0, 1, 2};
        var samples = new PixelInterleavedSampleModel(DataBuffer.TYPE_BYTE, w, h, c, w * c, offsets);
        var raster = Raster.createWritableRaster(samples, new DataBufferByte(picture.values(), picture.size()), null);
        return new BufferedImage(c == 1 ? grey : rgb, raster, false, null);
    }

    @Override
    public void close() {
        decoder.close();
    }
}
