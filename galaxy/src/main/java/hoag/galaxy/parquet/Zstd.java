package hoag.galaxy.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Unpacks Zstandard (RFC 8878), without dictionaries: frames of blocks, each literals by Huffman's code and copies by tables of states ({@link Fse}). */
final class Zstd {
    private static final int MAGIC = 0xFD2FB528;
    private static final int SKIPPED = 0x184D2A50;
    private static final int RAW = 0;
    private static final int REPEATED = 1;
    private static final int PACKED = 2;

    private static final int[] LITERAL_BASE = bases(
            16, 0, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536);
    private static final int[] LITERAL_BITS =
            bits(16, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    private static final int[] MATCH_BASE = bases(
            32, 3, 35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771,
            65539);
    private static final int[] MATCH_BITS =
            bits(32, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);

    private final ByteBuffer in;
    private final byte[] out;
    private int at;
    private byte[] literals = new byte[0];
    private Huffman huffman;
    private Fse literalLengths;
    private Fse offsets;
    private Fse matchLengths;
    private final int[] recent = new int[3];

    private Zstd(ByteBuffer in, int size) {
        this.in = in.slice().order(ByteOrder.LITTLE_ENDIAN);
        out = new byte[size];
    }

    /** The unpacked bytes, as many as the page's header says. */
    static byte[] unpack(ByteBuffer in, int size) throws IOException {
        var zstd = new Zstd(in, size);
        while (zstd.in.hasRemaining()) zstd.frame();
        if (zstd.at != size) throw new IOException("a page is not as long as its header says");
        return zstd.out;
    }

    private static int[] bases(int plain, int from, int... more) {
        var all = new int[plain + more.length];
        for (int i = 0; i < plain; i++) all[i] = from + i;
        System.arraycopy(more, 0, all, plain, more.length);
        return all;
    }

    /** None for the plain codes. */
    private static int[] bits(int plain, int... more) {
        var all = new int[plain + more.length];
        System.arraycopy(more, 0, all, plain, more.length);
        return all;
    }

    private void frame() throws IOException {
        int magic = in.getInt();
        if ((magic & ~15) == SKIPPED) {
            in.position(in.position() + 4 + in.getInt(in.position()));
            return;
        }
        if (magic != MAGIC) throw new IOException("a page is no Zstandard");
        int about = in.get(), single = about >> 5 & 1;
        in.position(in.position()
                + (1 - single)
                + new int[] {0, 1, 2, 4}[about & 3]
                + new int[] {single, 2, 4, 8}[about >> 6 & 3]);
        huffman = null;
        literalLengths = offsets = matchLengths = null;
        recent[0] = 1;
        recent[1] = 4;
        recent[2] = 8;
        boolean last;
        do last = block();
        while (!last);
        if ((about & 4) != 0) in.getInt(); // a checksum; Parquet's readers do not ask for it
    }

    private boolean block() throws IOException {
        int head = in.get() & 255 | (in.getShort() & 0xffff) << 8, size = head >>> 3;
        switch (head >> 1 & 3) {
            case RAW -> {
                in.get(out, at, size);
                at += size;
            }
            case REPEATED -> {
                Arrays.fill(out, at, at + size, in.get());
                at += size;
            }
            case PACKED -> {
                int end = in.position() + size;
                var block = in.slice(in.position(), size).order(ByteOrder.LITTLE_ENDIAN);
                literals(block);
                sequences(block);
                in.position(end);
            }
            default -> throw new IOException("a block of an unknown kind");
        }
        return (head & 1) == 1;
    }

    private void literals(ByteBuffer block) throws IOException {
        int head = block.get(block.position()) & 255, kind = head & 3, format = head >> 2 & 3;
        if (kind < PACKED) {
            int bytes = format == 1 ? 2 : format == 3 ? 3 : 1,
                    size = (int) (little(block, bytes) >>> (bytes == 1 ? 3 : 4));
            literals = new byte[limited(size)];
            if (kind == RAW) block.get(literals);
            else Arrays.fill(literals, block.get());
            return;
        }
        int bytes = format < 2 ? 3 : format + 2, width = new int[] {10, 10, 14, 18}[format];
        long sizes = little(block, bytes) >>> 4;
        int size = (int) sizes & (1 << width) - 1, packed = (int) (sizes >>> width) & (1 << width) - 1;
        var body = block.slice(block.position(), packed).order(ByteOrder.LITTLE_ENDIAN);
        block.position(block.position() + packed);
        if (kind == PACKED) huffman = Huffman.read(body);
        if (huffman == null) throw new IOException("literals without a code");
        literals = new byte[limited(size)];
        if (format == 0) huffman.decode(body, literals, 0, size);
        else four(body, size);
    }

    /** No block is longer than 128 kB. */
    private static int limited(int size) throws IOException {
        if (size > 1 << 17) throw new IOException("a block of %d bytes".formatted(size));
        return size;
    }

    private void four(ByteBuffer body, int size) throws IOException {
        int[] lengths = {body.getShort() & 0xffff, body.getShort() & 0xffff, body.getShort() & 0xffff, 0};
        lengths[3] = body.remaining() - lengths[0] - lengths[1] - lengths[2];
        int each = (size + 3) / 4;
        for (int i = 0; i < 4; i++) {
            huffman.decode(body.slice(body.position(), lengths[i]), literals, i * each, i < 3 ? each : size - 3 * each);
            body.position(body.position() + lengths[i]);
        }
    }

    private static long little(ByteBuffer in, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) value |= (in.get() & 255L) << 8 * i;
        return value;
    }

    private void sequences(ByteBuffer block) throws IOException {
        int count = block.get() & 255;
        if (count > 127)
            count = count < 255 ? (count - 128 << 8) + (block.get() & 255) : (int) little(block, 2) + 0x7f00;
        int used = 0;
        if (count > 0) {
            int modes = block.get();
            literalLengths = Fse.table(modes >> 6 & 3, block, 9, Fse.LITERALS, literalLengths);
            offsets = Fse.table(modes >> 4 & 3, block, 8, Fse.OFFSETS, offsets);
            matchLengths = Fse.table(modes >> 2 & 3, block, 9, Fse.MATCHES, matchLengths);
            used = copies(new BackwardBits(block), count);
        }
        put(used, literals.length - used);
    }

    private void put(int from, int count) {
        System.arraycopy(literals, from, out, at, count);
        at += count;
    }

    private int copies(BackwardBits bits, int count) throws IOException {
        int ll = bits.take(literalLengths.log()), of = bits.take(offsets.log()), ml = bits.take(matchLengths.log());
        int used = 0;
        for (int i = 0; i < count; i++) {
            int code = offsets.symbol(of), offset = (1 << code) + bits.take(code);
            int matchCode = matchLengths.symbol(ml), match = MATCH_BASE[matchCode] + bits.take(MATCH_BITS[matchCode]);
            int literalCode = literalLengths.symbol(ll);
            int literal = LITERAL_BASE[literalCode] + bits.take(LITERAL_BITS[literalCode]);
            put(used, literal);
            used += literal;
            copy(distance(offset, literal), match);
            if (i == count - 1) break;
            ll = literalLengths.next(ll, bits);
            ml = matchLengths.next(ml, bits);
            of = offsets.next(of, bits);
        }
        return used;
    }

    /** Offsets 1 to 3 are those used last; with no literals before, they are the second, the third, and the first less one. */
    private int distance(int offset, int literal) {
        if (offset > 3) return remember(2, offset - 3);
        int which = offset - 1 + (literal == 0 ? 1 : 0);
        return which == 3 ? remember(2, recent[0] - 1) : remember(which, recent[which]);
    }

    private int remember(int from, int distance) {
        for (int i = from; i > 0; i--) recent[i] = recent[i - 1];
        return recent[0] = distance;
    }

    private void copy(int back, int count) throws IOException {
        if (back <= 0 || back > at) throw new IOException("a page copies what is not there");
        for (int i = 0; i < count; i++, at++) out[at] = out[at - back];
    }
}
