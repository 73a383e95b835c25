package hoag.galaxy.survey;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of a block, little-endian: magic, rows, width, length, place and length of the table, two checksums, the block's own place
 * in the file, and the header's checksum. Behind it stand the features (rows, width) float32, the table ({@link Table}), and the thumbnails.
 *
 * @param at where the block begins in the file
 * @param bytes its whole length, a multiple of 64
 * @param tableAt where the table begins, from the block's begin
 * @param tableCrc CRC-32C of the table
 * @param bodyCrc CRC-32C of everything behind the header
 */
record BlockHeader(long at, int rows, int width, long bytes, long tableAt, long tableBytes, int tableCrc, int bodyCrc) {
    static final int SIZE = 64;
    private static final long MAGIC = 0x314b4c4247414f48L; // HOAGBLK1

    /** The header that the 64 bytes hold, if they are one and belong here. */
    static Optional<BlockHeader> read(ByteBuffer from, long at) {
        ByteBuffer b = from.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int start = b.position();
        if (b.remaining() < SIZE || b.getLong(start) != MAGIC || b.getInt(start + 60) != crc(b, start)) {
            return Optional.empty();
        }
        BlockHeader header = new BlockHeader(
                b.getLong(start + 48),
                b.getInt(start + 8),
                b.getInt(start + 12),
                b.getLong(start + 16),
                b.getLong(start + 24),
                b.getLong(start + 32),
                b.getInt(start + 40),
                b.getInt(start + 44));
        return header.at == at ? Optional.of(header) : Optional.empty();
    }

    void write(ByteBuffer to) {
        to.putLong(MAGIC)
                .putInt(rows)
                .putInt(width)
                .putLong(bytes)
                .putLong(tableAt)
                .putLong(tableBytes);
        to.putInt(tableCrc).putInt(bodyCrc).putLong(at).putInt(0);
        to.putInt(crc(to, to.position() - 60));
    }

    private static int crc(ByteBuffer b, int start) {
        return crc(b.duplicate().position(start).limit(start + 60));
    }

    static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    long end() {
        return at + bytes;
    }
}
