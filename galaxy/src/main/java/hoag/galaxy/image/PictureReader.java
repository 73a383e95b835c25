package hoag.galaxy.image;

import hoag.kernels.DataException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads JPEG, PNG and FITS files into pictures, one thread at a time; it keeps its decoders and its buffer from file to file, so give every thread
 * its own. The kind of a file is told by its first bytes: its name does not matter.
 *
 * <ul>
 *   <li>JPEG: baseline and progressive, grey (1 channel) or colour (3); the EXIF orientation is not applied.
 *   <li>PNG: grey, RGB, palette (as RGB); alpha is dropped, not composited; 8 bits and fewer give {@link Picture.Bytes}, 16 bits {@link Picture.Floats} in 0..1.
 *   <li>FITS, also gzipped or tile-compressed: {@link Picture.Floats} in the file's units ({@code flux}), scaled by BSCALE and BZERO, BLANK as NaN, rows in the file's order.
 * </ul>
 *
 * Every failure is a {@link DataException} that names the file and the reason.
 */
public final class PictureReader implements AutoCloseable {
    /** Pictures of more pixels (planes of a FITS cube counted) are refused before they are decoded: a small file can unpack to a huge one. */
    public static final long MAX_PIXELS = 100_000_000;

    private static final long MAX_FILE = 1L << 30;

    private final JpegDecoder jpeg = new JpegDecoder();
    private final PngDecoder png = new PngDecoder();
    private byte[] buffer = new byte[1 << 16];

    /** @throws DataException when there is no such file, or it cannot be read as a picture */
    public Picture read(Path path, Bands bands) {
        try (var in = Files.newInputStream(path)) {
            int head = in.readNBytes(buffer, 0, FileKind.BYTES);
            return switch (FileKind.of(buffer, head)) {
                case FITS, GZIP -> FitsDecoder.read(path, bands);
                case JPEG, PNG, OTHER -> {
                    int length = head + rest(in, head, path); // may move the buffer
                    yield decode(buffer, length, path.toString(), bands);
                }
            };
        } catch (IOException e) {
            throw new DataException(path + ": " + reason(path, e), e);
        }
    }

    /**
     * A file that is already in memory.
     *
     * @param name what to call it in an error
     */
    public Picture decode(byte[] file, int length, String name, Bands bands) {
        if (length == 0) throw new DataException(name + ": empty file (0 bytes)");
        var kind = FileKind.of(file, length);
        if (bands.isNamed() && (kind == FileKind.JPEG || kind == FileKind.PNG))
            throw new DataException("%s: a %s has no bands by name; want a FITS file with bands %s"
                    .formatted(name, kind, bands.names()));
        return switch (kind) {
            case JPEG -> jpeg.decode(file, length, name);
            case PNG -> png.decode(file, length, name);
            case FITS, GZIP -> FitsDecoder.decode(file, length, name, bands);
            case OTHER ->
                throw new DataException(
                        "%s: not a JPEG, PNG or FITS image: %s".formatted(name, FileKind.guess(file, length)));
        };
    }

    private int rest(InputStream in, int head, Path path) throws IOException {
        long size = Files.size(path);
        if (size > MAX_FILE)
            throw new DataException(
                    String.format(Locale.ROOT, "%s: %,d bytes; an image file may have %,d", path, size, MAX_FILE));
        int got = 0, read;
        do {
            int used = head + got, wants = (int) Math.max(size, used) + 1;
            if (buffer.length < wants)
                buffer = Arrays.copyOf(buffer, Math.max(wants, (int) Math.min(MAX_FILE, 2L * buffer.length)));
            read = in.readNBytes(buffer, used, wants - used);
            got += read;
        } while (read > 0);
        return got;
    }

    private static String reason(Path path, IOException e) {
        return switch (e) {
            case NoSuchFileException _, FileNotFoundException _ -> "no such file";
            case AccessDeniedException _ -> "may not be read";
            default -> Files.isDirectory(path) ? "is a folder, not an image" : "cannot be read: " + e.getMessage();
        };
    }

    /** Refuses what would not fit, before it is decoded. */
    static void limit(String name, long width, long height, long planes) {
        if (width < 1 || height < 1) throw new DataException("%s: %d x %d pixels".formatted(name, width, height));
        if (planes * width > MAX_PIXELS / height)
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s: %,d x %,d pixels%s; the limit is %,d in all, cut it into stamps first",
                    name,
                    width,
                    height,
                    planes > 1 ? " in " + planes + " planes" : "",
                    MAX_PIXELS));
    }

    @Override
    public void close() {
        jpeg.close();
        png.close();
    }
}
