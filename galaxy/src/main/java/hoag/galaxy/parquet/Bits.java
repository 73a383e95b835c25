package hoag.galaxy.parquet;

import java.nio.ByteBuffer;

/** Whole numbers in few bits: Parquet's hybrid of runs and packed groups of eight, and its packed differences. */
final class Bits {
    private Bits() {}

    /** Runs of one value, and groups of eight in {@code width} bits each, until there are enough. */
    static int[] hybrid(ByteBuffer in, int width, int count) {
        var out = new int[count];
        if (width == 0) return out;
        if (width > 32) throw new IllegalArgumentException(width + " bits in a number of 32");
        for (int at = 0; at < count; ) {
            long head = ThriftReader.varint(in);
            int run = (int) Math.min(count - at, (head & 1) == 1 ? (head >>> 1) * 8 : head >>> 1);
            if (run <= 0) throw new IllegalArgumentException("a run of nothing");
            if ((head & 1) == 0) {
                int value = 0;
                for (int i = 0; i < (width + 7) / 8; i++) value |= (in.get() & 255) << 8 * i;
                java.util.Arrays.fill(out, at, at + run, value);
            } else {
                var packed = new byte[(int) Math.min(in.remaining(), (head >>> 1) * width)];
                in.get(packed);
                for (int i = 0; i < run; i++) out[at + i] = (int) take(packed, (long) i * width, width);
            }
            at += run;
        }
        return out;
    }

    /** So many bits from a place on, the lowest first. */
    private static long take(byte[] packed, long bit, int width) {
        long value = 0;
        for (int got = 0; got < width; ) {
            int within = (int) (bit + got & 7), part = Math.min(8 - within, width - got);
            value |= (packed[(int) (bit + got >>> 3)] >>> within & (1L << part) - 1) << got;
            got += part;
        }
        return value;
    }

    /** DELTA_BINARY_PACKED: the first value, then blocks of differences above the block's least. */
    static long[] deltas(ByteBuffer in) {
        long block = ThriftReader.varint(in), parts = ThriftReader.varint(in);
        int count = Math.toIntExact(ThriftReader.varint(in));
        long value = ThriftReader.zigzag(in);
        if (parts < 1 || block < parts || block > 1 << 20 || count < 0 || count > 1 << 26)
            throw new IllegalArgumentException("blocks of %d in %d parts".formatted(block, parts));
        int each = (int) (block / parts);
        var out = new long[count];
        if (count > 0) out[0] = value;
        for (int at = 1; at < count; ) {
            long least = ThriftReader.zigzag(in);
            var widths = new byte[(int) parts];
            in.get(widths);
            for (int p = 0; p < parts && at < count; p++) {
                var packed = new byte[each * widths[p] / 8];
                in.get(packed);
                for (int i = 0; i < each && at < count; i++)
                    out[at++] = value += least + take(packed, (long) i * widths[p], widths[p]);
            }
        }
        return out;
    }
}
