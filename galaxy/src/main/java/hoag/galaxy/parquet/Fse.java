package hoag.galaxy.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A table of states of Zstandard's finite state entropy code: each state stands for a symbol and says which bits lead to the next.
 *
 * @param log the table has 2^log states
 */
record Fse(int log, byte[] symbols, byte[] bits, int[] bases) {
    private static final int OWN = 2;
    private static final int MOST = 256;

    /** The tables that hold where a block brings none: accuracy, then how often each symbol is; -1 for less than once. */
    static final int[] LITERALS = {
        6, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1,
        -1
    };

    static final int[] MATCHES = {
        6, 1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1
    };

    static final int[] OFFSETS = {
        5, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1
    };

    /**
     * The table of a block.
     *
     * @param mode 0 the usual one, 1 one symbol, 2 its own, 3 that of the block before
     */
    static Fse table(int mode, ByteBuffer in, int most, int[] usual, Fse before) throws IOException {
        return switch (mode) {
            case 0 -> of(usual[0], Arrays.copyOfRange(usual, 1, usual.length));
            case 1 -> new Fse(0, new byte[] {in.get()}, new byte[1], new int[1]);
            case OWN -> read(in, most);
            default -> {
                if (before == null) throw new IOException("a table that no block brought");
                yield before;
            }
        };
    }

    /** How often each symbol is, in as few bits as what is left allows. */
    static Fse read(ByteBuffer in, int most) throws IOException {
        int start = in.position(), bit = 0, log = 5 + forward(in, start, bit, 4);
        if (log > most) throw new IOException("a table of 2^%d states".formatted(log));
        bit = 4;
        var counts = new int[MOST];
        int symbol = 0;
        for (int left = 1 << log; left > 0; ) {
            if (symbol == MOST) throw new IOException("a table of too many symbols");
            int width = 32 - Integer.numberOfLeadingZeros(left + 1), value = forward(in, start, bit, width);
            int low = (1 << width - 1) - 1, threshold = (1 << width) - 1 - (left + 1);
            bit += width;
            if ((value & low) < threshold) {
                bit--;
                value &= low;
            } else if (value > low) value -= threshold;
            counts[symbol++] = value - 1;
            left -= Math.abs(value - 1);
            for (int zeros = value == 1 ? 3 : 0; zeros == 3; symbol += zeros, bit += 2)
                zeros = forward(in, start, bit, 2);
            if (left < 0) throw new IOException("a table of more than all");
        }
        in.position(start + (bit + 7) / 8);
        return of(log, Arrays.copyOf(counts, symbol));
    }

    private static int forward(ByteBuffer in, int start, int bit, int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            int byteAt = start + (bit + i >> 3);
            int b = byteAt < in.limit() ? in.get(byteAt) : 0;
            value |= (b >>> (bit + i & 7) & 1) << i;
        }
        return value;
    }

    private static Fse of(int log, int[] counts) throws IOException {
        int size = 1 << log, high = size;
        var symbols = new byte[size];
        var next = new int[counts.length];
        for (int s = 0; s < counts.length; s++)
            if (counts[s] == -1) {
                symbols[--high] = (byte) s;
                next[s] = 1;
            }
        int step = (size >> 1) + (size >> 3) + 3, place = 0;
        for (int s = 0; s < counts.length; s++) {
            if (counts[s] <= 0) continue;
            next[s] = counts[s];
            for (int i = 0; i < counts[s]; i++) {
                symbols[place] = (byte) s;
                do place = place + step & size - 1;
                while (place >= high);
            }
        }
        if (place != 0) throw new IOException("a table whose symbols do not fill it");
        var bits = new byte[size];
        var bases = new int[size];
        for (int i = 0; i < size; i++) {
            int n = next[symbols[i] & 255]++;
            bits[i] = (byte) (log - 31 + Integer.numberOfLeadingZeros(n));
            bases[i] = (n << bits[i]) - size;
        }
        return new Fse(log, symbols, bits, bases);
    }

    int symbol(int state) {
        return symbols[state] & 255;
    }

    int next(int state, BackwardBits in) {
        return bases[state] + in.take(bits[state]);
    }

    int width(int state) {
        return bits[state];
    }
}
