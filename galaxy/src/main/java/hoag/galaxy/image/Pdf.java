package hoag.galaxy.image;

import hoag.engine.files.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A picture as a page of its own, for print: PDF 1.4 with one JPEG, 150 pixels to an inch. */
public final class Pdf {
    private static final double QUALITY = 0.92;
    private static final double POINTS = 72.0 / 150;

    private Pdf() {}

    /**
     * Writes a file of one page, whole or not at all.
     *
     * @throws hoag.kernels.DataException when it cannot be written
     */
    public static void write(Picture picture, Path pdf) {
        byte[] bytes = of(picture);
        AtomicFile.write(pdf, out -> out.write(bytes));
    }

    /** The bytes of a file of one page. */
    static byte[] of(Picture picture) {
        byte[] jpeg = Thumbnails.jpeg(picture, QUALITY);
        String colours = picture.channels() < 3 ? "DeviceGray" : "DeviceRGB";
        String page = String.format(Locale.ROOT, "%.2f %.2f", picture.width() * POINTS, picture.height() * POINTS);
        String[] size = page.split(" ");
        String draw = "q " + size[0] + " 0 0 " + size[1] + " 0 0 cm /P Do Q";
        var file = new File();
        file.object("<< /Type /Catalog /Pages 2 0 R >>", null);
        file.object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>", null);
        file.object(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 " + page
                        + "] /Resources << /XObject << /P 5 0 R >> >> /Contents 4 0 R >>",
                null);
        file.object("<< /Length " + draw.length() + " >>", draw.getBytes(StandardCharsets.US_ASCII));
        file.object(
                "<< /Type /XObject /Subtype /Image /Width " + picture.width() + " /Height " + picture.height()
                        + " /ColorSpace /" + colours + " /BitsPerComponent 8 /Filter /DCTDecode /Length " + jpeg.length
                        + " >>",
                jpeg);
        return file.end();
    }

    /** Objects in order, and the table of where each begins. */
    private static final class File {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<Integer> begins = new ArrayList<>();

        File() {
            text("%PDF-1.4\n");
            bytes.writeBytes(new byte[] {'%', (byte) 0xE2, (byte) 0xE3, (byte) 0xCF, (byte) 0xD3, '\n'});
        }

        private void text(String text) {
            bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }

        void object(String dictionary, byte[] stream) {
            begins.add(bytes.size());
            text(begins.size() + " 0 obj\n" + dictionary + "\n");
            if (stream != null) {
                text("stream\n");
                bytes.writeBytes(stream);
                text("\nendstream\n");
            }
            text("endobj\n");
        }

        byte[] end() {
            int table = bytes.size();
            int count = begins.size() + 1;
            text("xref\n0 " + count + "\n0000000000 65535 f \n");
            begins.forEach(begin -> text(String.format(Locale.ROOT, "%010d 00000 n \n", begin)));
            text("trailer\n<< /Size " + count + " /Root 1 0 R >>\nstartxref\n" + table + "\n%%EOF\n");
            return bytes.toByteArray();
        }
    }
}
