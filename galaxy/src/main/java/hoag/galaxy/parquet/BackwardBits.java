package hoag.galaxy.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bits that are read from the end: the highest bit that is set in the last byte says where they begin. Before the first there are zeros. */
final class BackwardBits {
    private final ByteBuffer bytes;
    private int left;

    BackwardBits(ByteBuffer in) throws IOException {
        bytes = in.slice();
        int last = bytes.hasRemaining() ? bytes.get(bytes.limit() - 1) & 255 : 0;
        if (last == 0) throw new IOException("a stream of bits without an end");
        left = bytes.limit() * 8 - Integer.numberOfLeadingZeros(last) + 23;
    }

    /** Bits not read yet; below 0 if more were read than there are. */
    int left() {
        return left;
    }

    /** The next bits, as a number, the first of them the highest. */
    int take(int count) {
        int value = peek(count);
        left -= count;
        return value;
    }

    void skip(int count) {
        left -= count;
    }

    int peek(int count) {
        int from = left - count, value = 0;
        for (int bit = Math.max(from, 0); bit < left; ) {
            int within = bit & 7, part = Math.min(8 - within, left - bit);
            value |= ((bytes.get(bit >> 3) & 255) >>> within & (1 << part) - 1) << bit - from;
            bit += part;
        }
        return value;
    }
}
