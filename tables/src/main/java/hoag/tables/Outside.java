package hoag.tables;

import hoag.kernels.DataException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** A VOTable may name other files and addresses, which a parser would open: such a file is refused, so that reading a table reads one file and no network. */
final class Outside {
    private static final int BLOCK = 1 << 16;
    private static final int LONGEST = 4096;
    private static final Pattern NAMED =
            Pattern.compile("<!ENTITY|<(?:\\w+:)?STREAM\\b[^>]{0,3000}\\bhref\\s*=", Pattern.CASE_INSENSITIVE);

    private Outside() {}

    /** @throws DataException when the table's values or entities stand elsewhere */
    static void refuse(Path file) {
        try (var in = unpacked(file)) {
            var block = new byte[LONGEST + BLOCK];
            int kept = 0;
            for (int read = in.readNBytes(block, 0, BLOCK); read > 0; read = in.readNBytes(block, kept, BLOCK)) {
                int length = kept + read;
                if (NAMED.matcher(new String(block, 0, length, StandardCharsets.ISO_8859_1))
                        .find())
                    throw new DataException(file
                            + ": a VOTable whose values or entities stand in another file or at an address,"
                            + " which is not followed; write it as one file first (stilts tcopy)");
                kept = Math.min(LONGEST, length);
                System.arraycopy(Arrays.copyOfRange(block, length - kept, length), 0, block, 0, kept);
            }
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static InputStream unpacked(Path file) throws IOException {
        var bytes = new BufferedInputStream(Files.newInputStream(file));
        return file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
    }
}
