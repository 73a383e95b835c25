package hoag.galaxy.image;

import hoag.kernels.DataException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/** One ImageIO reader, kept from file to file. */
final class Decoder implements AutoCloseable {
    private final String format;
    private ImageReader reader;
    private String complaint;

    Decoder(String format) {
        this.format = format;
    }

    /**
     * Decodes the first picture of a file.
     *
     * @param into where to, or null for an image of the reader's choice
     */
    BufferedImage read(byte[] file, int length, String name, BufferedImage into) {
        try (var input = new BytesInput(file, length)) {
            complaint = null;
            reader().setInput(input, true, true);
            var param = new ImageReadParam();
            param.setDestination(into);
            var image = reader().read(0, param);
            if (complaint != null) throw new DataException("%s: corrupt %s: %s".formatted(name, format, complaint));
            return image;
        } catch (IOException
                | IllegalArgumentException
                | IllegalStateException
                | IndexOutOfBoundsException
                | NegativeArraySizeException
                | NullPointerException e) {
            throw new DataException("%s: cannot be decoded as %s: %s".formatted(name, format, message(e)), e);
        } finally {
            if (reader != null) reader.setInput(null);
        }
    }

    private ImageReader reader() {
        if (reader == null) {
            reader = ImageIO.getImageReadersByFormatName(format).next();
            reader.addIIOReadWarningListener((_, warning) -> warned(warning));
        }
        return reader;
    }

    /** libjpeg warns of data that it made up; bytes between markers that mean nothing are harmless. */
    private void warned(String warning) {
        if (warning.contains("Corrupt") && !warning.contains("extraneous")) complaint = warning;
    }

    private static String message(Exception e) {
        var message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.lines().findFirst().orElse("")
                + (e.getCause() == null || e.getCause().getMessage() == null
                        ? ""
                        : ": " + e.getCause().getMessage());
    }

    @Override
    public void close() {
        if (reader != null) reader.dispose();
        reader = null;
    }
}
