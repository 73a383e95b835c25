package hoag.galaxy.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Zstandard's Huffman code of literals, as a table over the next bits.
 *
 * @param width of the longest code, up to 11
 */
record Huffman(int width, byte[] symbols, byte[] bits) {
    private static final int WIDEST = 11;
    private static final int MOST = 256;

    /** Weights of the symbols, plain or packed; the last follows from the others, for together they fill a power of two. */
    static Huffman read(ByteBuffer in) throws IOException {
        int head = in.get() & 255;
        var weights = new int[MOST];
        int count;
        if (head < 128) {
            var body = in.slice(in.position(), head);
            in.position(in.position() + head);
            count = packed(body, weights);
        } else {
            count = head - 127;
            for (int i = 0; i < count; i += 2) {
                int two = in.get();
                weights[i] = two >> 4 & 15;
                if (i + 1 < count) weights[i + 1] = two & 15;
            }
        }
        return of(weights, count);
    }

    /** Two states in turn, until the bits are used up. */
    private static int packed(ByteBuffer in, int[] weights) throws IOException {
        var table = Fse.read(in, 6);
        var bits = new BackwardBits(in);
        int first = bits.take(table.log()), second = bits.take(table.log()), count = 0;
        while (true) {
            if (count > MOST - 3) throw new IOException("a code of too many symbols");
            weights[count++] = table.symbol(first);
            if (bits.left() < table.width(first)) {
                weights[count++] = table.symbol(second);
                return count;
            }
            first = table.next(first, bits);
            weights[count++] = table.symbol(second);
            if (bits.left() < table.width(second)) {
                weights[count++] = table.symbol(first);
                return count;
            }
            second = table.next(second, bits);
        }
    }

    private static Huffman of(int[] weights, int count) throws IOException {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            if (weights[i] > WIDEST) throw new IOException("a code of more than %d bits".formatted(WIDEST));
            if (weights[i] > 0) sum += 1 << weights[i] - 1;
        }
        if (sum == 0) throw new IOException("a code without symbols");
        int width = 32 - Integer.numberOfLeadingZeros(sum), left = (1 << width) - sum;
        if (width > WIDEST || Integer.bitCount(left) != 1 || count >= MOST)
            throw new IOException("a code that is not complete");
        weights[count] = 32 - Integer.numberOfLeadingZeros(left);
        var symbols = new byte[1 << width];
        var bits = new byte[1 << width];
        for (int weight = 1, at = 0; weight <= width; weight++)
            for (int s = 0; s <= count; s++)
                if (weights[s] == weight) {
                    int end = at + (1 << weight - 1);
                    Arrays.fill(symbols, at, end, (byte) s);
                    Arrays.fill(bits, at, end, (byte) (width + 1 - weight));
                    at = end;
                }
        return new Huffman(width, symbols, bits);
    }

    /** So many symbols from bits that are read from their end. */
    void decode(ByteBuffer in, byte[] out, int from, int count) throws IOException {
        var stream = new BackwardBits(in);
        for (int i = from; i < from + count; i++) {
            int next = stream.peek(width);
            out[i] = symbols[next];
            stream.skip(bits[next]);
        }
        if (stream.left() != 0) throw new IOException("literals that do not end where they should");
    }
}
