package hoag.galaxy.survey;

import hoag.kernels.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What of a survey file is whole. The file begins with a header (magic, length, JSON, checksum, zeros up to a multiple of 64), which is put in
 * place at once; blocks are appended, each made durable before the next begins. So only the last block can be unfinished, and its checksum says so.
 *
 * @param end where the last whole block ends
 * @param size of the file; more than {@code end} when a block is unfinished
 */
record Scan(SurveyInfo info, List<BlockHeader> blocks, long end, long size) {
    private static final byte[] MAGIC = "HOAGSURV".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_HEADER = 1 << 20;
    private static final int CHUNK = 1 << 20;

    static byte[] header(SurveyInfo info) {
        byte[] json = info.json().getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(round(MAGIC.length + 4 + json.length + 4))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putInt(json.length)
                .put(json);
        return all.putInt(BlockHeader.crc(ByteBuffer.wrap(all.array(), 0, all.position())))
                .array();
    }

    private static int round(int bytes) {
        return Math.ceilDiv(bytes, BlockHeader.SIZE) * BlockHeader.SIZE;
    }

    /**
     * Reads the header and every block's.
     *
     * @throws FormatException when the file is no survey, or damaged before its last block
     */
    static Scan of(FileChannel file, String name) throws IOException {
        long size = file.size();
        ByteBuffer start = read(file, 0, MAGIC.length + 4);
        byte[] magic = new byte[MAGIC.length];
        if (start.remaining() == MAGIC.length + 4) {
            start.get(magic);
        }
        if (!java.util.Arrays.equals(magic, MAGIC)) {
            throw new FormatException(name + ": is no survey; want a file made by hoag index");
        }
        int length = start.getInt();
        ByteBuffer header = read(file, 0, Math.clamp(length, 0, MOST_HEADER) + MAGIC.length + 8);
        int checked = MAGIC.length + 4 + length;
        if (length < 0
                || header.remaining() != checked + 4
                || header.getInt(checked) != BlockHeader.crc(header.slice(0, checked))) {
            throw new FormatException(name + ": its header is damaged; make the survey again with hoag index");
        }
        SurveyInfo info =
                SurveyInfo.parse(name, new String(header.array(), MAGIC.length + 4, length, StandardCharsets.UTF_8));
        return blocks(file, name, info, round(checked + 4), size);
    }

    private static Scan blocks(FileChannel file, String name, SurveyInfo info, long begin, long size)
            throws IOException {
        List<BlockHeader> blocks = new ArrayList<>();
        long at = begin;
        for (Optional<BlockHeader> next = sound(file, at, size, info);
                next.isPresent();
                next = sound(file, at, size, info)) {
            blocks.add(next.get());
            at = next.get().end();
        }
        if (at < size && laterBlock(file, at, size)) {
            throw damaged(name, at);
        }
        for (BlockHeader block : blocks) {
            boolean last = block == blocks.getLast() && at == size;
            if (!last && crc(file, block.at() + block.tableAt(), block.tableBytes()) != block.tableCrc()) {
                throw damaged(name, block.at());
            }
        }
        if (!blocks.isEmpty() && at == size && !whole(file, blocks.getLast())) {
            at = blocks.removeLast().at();
        }
        return new Scan(info, List.copyOf(blocks), at, size);
    }

    /** A header that is one, of a block that ends within the file. */
    private static Optional<BlockHeader> sound(FileChannel file, long at, long size, SurveyInfo info)
            throws IOException {
        return BlockHeader.read(read(file, at, BlockHeader.SIZE), at)
                .filter(block -> block.end() <= size && block.width() == info.width());
    }

    static boolean whole(FileChannel file, BlockHeader block) throws IOException {
        return crc(file, block.at() + BlockHeader.SIZE, block.bytes() - BlockHeader.SIZE) == block.bodyCrc();
    }

    /** Whether a block begins further on: then what is here is damage and no unfinished end. */
    private static boolean laterBlock(FileChannel file, long from, long size) throws IOException {
        for (long at = from; at < size; at += CHUNK) {
            ByteBuffer chunk = read(file, at, CHUNK);
            for (int i = 0; i + BlockHeader.SIZE <= chunk.limit(); i += BlockHeader.SIZE) {
                long place = at + i;
                if (place > from
                        && BlockHeader.read(chunk.duplicate().position(i), place)
                                .isPresent()) {
                    return true;
                }
            }
        }
        return false;
    }

    private static FormatException damaged(String name, long at) {
        return new FormatException(name + ": is damaged at byte " + at
                + ", before its end; restore it from a copy, or make it again with hoag index");
    }

    private static int crc(FileChannel file, long at, long bytes) throws IOException {
        CRC32C crc = new CRC32C();
        for (long done = 0; done < bytes; done += CHUNK) {
            crc.update(read(file, at + done, (int) Math.min(CHUNK, bytes - done)));
        }
        return (int) crc.getValue();
    }

    /** Up to so many bytes from there on; fewer at the end of the file. */
    private static ByteBuffer read(FileChannel file, long at, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining() && file.read(buffer, at + buffer.position()) > 0) {
            // until full or at the end
        }
        return buffer.flip();
    }
}
