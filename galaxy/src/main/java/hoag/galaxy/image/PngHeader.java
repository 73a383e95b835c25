package hoag.galaxy.image;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * What a PNG says of itself, found by walking its chunks (PNG specification, section 5) and checking their sums before anything is decoded.
 *
 * @param colour 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
 * @param fault why it cannot be read; empty if it can
 */
record PngHeader(int width, int height, int bits, int colour, String fault) {
    private static final int IHDR = 0x49484452;
    private static final int IEND = 0x49454e44;

    static PngHeader scan(byte[] file, int length) {
        var bytes = ByteBuffer.wrap(file, 0, length);
        if (length < 33 || bytes.getInt(12) != IHDR)
            return new PngHeader(0, 0, 0, 0, "truncated: its header is not complete");
        return new PngHeader(
                bytes.getInt(16), bytes.getInt(20), file[24] & 255, file[25] & 255, fault(bytes, file, length));
    }

    private static String fault(ByteBuffer bytes, byte[] file, int length) {
        var crc = new CRC32();
        for (int at = 8; at + 12 <= length; ) {
            int size = bytes.getInt(at), type = bytes.getInt(at + 4);
            if (size < 0 || size > length - at - 12) return cut(length);
            crc.reset();
            crc.update(file, at + 4, size + 4);
            if ((int) crc.getValue() != bytes.getInt(at + 8 + size))
                return "corrupt: the check sum of the chunk at byte %d is wrong".formatted(at);
            if (type == IEND) return "";
            at += 12 + size;
        }
        return cut(length);
    }

    private static String cut(int length) {
        return "truncated: %d bytes hold no end chunk".formatted(length);
    }

    boolean grey() {
        return colour == 0 || colour == 4;
    }
}
