package hoag.galaxy.image;

import hoag.galaxy.image.Picture.Bytes;
import hoag.galaxy.image.Picture.Floats;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Base64;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures for people to look at: small copies, PNG and JPEG files, and addresses that carry a picture inside a web page. */
public final class Thumbnails {
    private Thumbnails() {}

    /** The whole picture, its long side this many pixels, in 8 bits, grey or RGB; pictures in flux units are stretched by the default. */
    public static Bytes of(Picture picture, int side) {
        if (side < 1 || side > 8192) throw new ConfigException("thumbnail: side is %d; want 1..8192".formatted(side));
        var shown = shown(picture);
        double scale = (double) side / Math.max(shown.width(), shown.height());
        int w = (int) Math.max(1, Math.round(shown.width() * scale)),
                h = (int) Math.max(1, Math.round(shown.height() * scale));
        return (Bytes) Resize.resize(shown, w, h, Filter.BILINEAR);
    }

    /**
     * The picture that a JPEG or PNG in memory is.
     *
     * @param id whose it is, to be named if it is none
     * @throws DataException when it cannot be read
     */
    public static Picture decode(String id, byte[] file) {
        try {
            var image = ImageIO.read(new ByteArrayInputStream(file));
            if (image != null) return Images.of(image);
        } catch (IOException e) {
            throw new DataException("%s: its thumbnail cannot be read: %s".formatted(id, e.getMessage()), e);
        }
        throw new DataException("%s: its thumbnail is no JPEG".formatted(id));
    }

    /** In 8 bits, one channel or three: two channels show the first, more than three the first three. */
    static Bytes shown(Picture picture) {
        int channels = picture.channels() < 3 ? 1 : 3;
        if (picture instanceof Bytes same && same.channels() == channels) return same;
        var unit = picture instanceof Floats f && f.flux() ? Stretch.DEFAULT.apply(f) : Pixels.floats(picture);
        var out = new Bytes(picture.width(), picture.height(), channels);
        for (int i = 0; i < out.size(); i++) {
            float v = unit.values()[i / channels * unit.channels() + i % channels];
            out.values()[i] = (byte) Math.clamp(Math.round(v * 255), 0, 255);
        }
        return out;
    }

    /** The picture as a PNG file's bytes. */
    public static byte[] png(Picture picture) {
        return encode(picture, "png", 0);
    }

    /** @param quality 0..1; 0.9 is hardly told from the original */
    public static byte[] jpeg(Picture picture, double quality) {
        if (!(quality >= 0 && quality <= 1))
            throw new ConfigException("jpeg: quality is %s; want 0..1".formatted(quality));
        return encode(picture, "jpeg", quality);
    }

    /** {@code data:image/png;base64,...} for an {@code <img src>}. */
    public static String pngAddress(Picture picture) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png(picture));
    }

    /** {@code data:image/jpeg;base64,...} for an {@code <img src>}. */
    public static String jpegAddress(Picture picture, double quality) {
        return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg(picture, quality));
    }

    /** Writes a PNG, whole or not at all. */
    public static void write(Picture picture, Path png) {
        var temporary = png.resolveSibling(
                png.getFileName() + "." + ProcessHandle.current().pid() + ".hoag.tmp");
        try {
            try {
                Files.write(temporary, png(picture));
                Files.move(temporary, png, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new DataException("%s: cannot be written: %s".formatted(png, e.getMessage()), e);
        }
    }

    private static byte[] encode(Picture picture, String format, double quality) {
        var bytes = new ByteArrayOutputStream();
        try {
            encode(image(shown(picture)), format, quality, bytes);
        } catch (IOException e) {
            throw new DataException(
                    "picture of shape %s: cannot be written as %s: %s"
                            .formatted(picture.shape(), format, e.getMessage()),
                    e);
        }
        return bytes.toByteArray();
    }

    private static void encode(BufferedImage image, String format, double quality, OutputStream to) throws IOException {
        var writer = ImageIO.getImageWritersByFormatName(format).next();
        try (var out = new MemoryCacheImageOutputStream(to)) {
            var how = writer.getDefaultWriteParam();
            if (format.equals("jpeg")) {
                how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                how.setCompressionQuality((float) quality);
            }
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), how);
        } finally {
            writer.dispose();
        }
    }

    private static BufferedImage image(Bytes p) {
        var image = new BufferedImage(
                p.width(), p.height(), p.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        image.getRaster()
                .setDataElements(
                        0,
                        0,
                        p.width(),
                        p.height(),
                        p.size() == p.values().length ? p.values() : Arrays.copyOf(p.values(), p.size()));
        return image;
    }
}
