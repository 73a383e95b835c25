package hoag.galaxy.image;

import hoag.kernels.DataException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/** PNG by ImageIO: the samples as they stand in the file, palettes looked up, alpha dropped. */
final class PngDecoder implements AutoCloseable {
    private final Decoder decoder = new Decoder("PNG");

    Picture decode(byte[] file, int length, String name) {
        var header = PngHeader.scan(file, length);
        if (!header.fault().isEmpty()) throw new DataException("%s: PNG %s".formatted(name, header.fault()));
        PictureReader.limit(name, header.width(), header.height(), 1);
        var image = decoder.read(file, length, name, null);
        if (image.getColorModel() instanceof IndexColorModel palette)
            return lookUp(image.getRaster(), palette, header.grey() ? 1 : 3);
        return header.bits() == 16 ? floats(image, header) : bytes(image, header);
    }

    private static Picture lookUp(Raster raster, IndexColorModel palette, int channels) {
        var picture = new Picture.Bytes(raster.getWidth(), raster.getHeight(), channels);
        var row = new int[picture.width()];
        for (int y = 0, at = 0; y < picture.height(); y++) {
            raster.getPixels(0, y, row.length, 1, row);
            for (int index : row) at = put(palette.getRGB(index), channels, picture.values(), at);
        }
        return picture;
    }

    private static int put(int rgb, int channels, byte[] values, int at) {
        for (int c = 0; c < channels; c++) values[at + c] = (byte) (rgb >> 16 - 8 * c);
        return at + channels;
    }

    private static Picture bytes(BufferedImage image, PngHeader header) {
        var raster = image.getRaster();
        var picture = new Picture.Bytes(raster.getWidth(), raster.getHeight(), header.grey() ? 1 : 3);
        int bands = raster.getNumBands(), channels = picture.channels();
        var row = new byte[picture.width() * bands];
        for (int y = 0, at = 0; y < picture.height(); y++) {
            raster.getDataElements(0, y, picture.width(), 1, row);
            for (int x = 0; x < row.length; x += bands)
                for (int c = 0; c < channels; c++) picture.values()[at++] = row[x + c];
        }
        return picture;
    }

    private static Picture floats(BufferedImage image, PngHeader header) {
        var raster = image.getRaster();
        var picture = new Picture.Floats(raster.getWidth(), raster.getHeight(), header.grey() ? 1 : 3, false);
        int bands = raster.getNumBands(), channels = picture.channels();
        var row = new short[picture.width() * bands];
        for (int y = 0, at = 0; y < picture.height(); y++) {
            raster.getDataElements(0, y, picture.width(), 1, row);
            for (int x = 0; x < row.length; x += bands)
                for (int c = 0; c < channels; c++) picture.values()[at++] = (row[x + c] & 0xffff) / 65535f;
        }
        return picture;
    }

    @Override
    public void close() {
        decoder.close();
    }
}
