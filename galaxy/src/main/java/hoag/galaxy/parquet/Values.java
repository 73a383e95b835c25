package hoag.galaxy.parquet;

import hoag.galaxy.data.TableRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntFunction;

/** The values of a page as text, made when they are asked for. */
final class Values {
    private static final int PLAIN = 0;
    private static final int OLD_DICTIONARY = 2;
    private static final int RUNS = 3;
    private static final int DELTAS = 5;
    private static final int DELTA_LENGTHS = 6;
    private static final int DELTA_TEXTS = 7;
    private static final int DICTIONARY = 8;
    private static final int SPLIT = 9;

    private Values() {}

    /**
     * @param in the values, little-endian
     * @param count how many there are
     * @param dictionary the values of the chunk's dictionary; null without
     */
    static IntFunction<String> of(Leaf leaf, int encoding, ByteBuffer in, int count, String[] dictionary)
            throws IOException {
        return switch (encoding) {
            case PLAIN -> plain(leaf, in, count);
            case OLD_DICTIONARY, DICTIONARY -> {
                if (dictionary == null) throw new IOException("a page wants a dictionary that is not there");
                var indices = Bits.hybrid(in, in.get(), count);
                yield i -> dictionary[indices[i]];
            }
            case RUNS -> {
                in.getInt(); // how many bytes follow
                var flags = Bits.hybrid(in, 1, count);
                yield i -> String.valueOf(flags[i] == 1);
            }
            case DELTAS -> {
                var numbers = Bits.deltas(in);
                yield i -> leaf.text(numbers[i]);
            }
            case DELTA_LENGTHS -> texts(leaf, suffixes(in));
            case DELTA_TEXTS -> texts(leaf, joined(in));
            case SPLIT -> plain(leaf, woven(in, leaf.width(), count), count);
            default -> throw new IOException("a page has the unknown encoding " + encoding);
        };
    }

    private static IntFunction<String> plain(Leaf leaf, ByteBuffer in, int count) throws IOException {
        int at = in.position();
        return switch (leaf.type()) {
            case 0 -> i -> String.valueOf((in.get(at + i / 8) >> i % 8 & 1) == 1);
            case 1 -> i -> leaf.text(in.getInt(at + 4 * i));
            case 2 -> i -> leaf.text(in.getLong(at + 8 * i));
            case 4 -> i -> TableRows.text(in.getFloat(at + 4 * i));
            case 5 -> i -> TableRows.text(in.getDouble(at + 8 * i));
            case 6 -> texts(leaf, strings(in, count));
            case 7 ->
                i -> {
                    var bytes = new byte[leaf.length()];
                    in.get(at + leaf.length() * i, bytes);
                    return leaf.text(bytes);
                };
            default -> throw new IOException("a column has the unknown type " + leaf.type());
        };
    }

    private static IntFunction<String> texts(Leaf leaf, byte[][] values) {
        return i -> leaf.text(values[i]);
    }

    private static byte[][] strings(ByteBuffer in, int count) {
        var all = new byte[count][];
        for (int i = 0; i < count; i++) all[i] = take(in, in.getInt());
        return all;
    }

    private static byte[] take(ByteBuffer in, long length) {
        if (length < 0 || length > in.remaining())
            throw new IllegalArgumentException("a text of %d bytes in %d".formatted(length, in.remaining()));
        var bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    private static byte[][] suffixes(ByteBuffer in) {
        var lengths = Bits.deltas(in);
        var all = new byte[lengths.length][];
        for (int i = 0; i < all.length; i++) all[i] = take(in, lengths[i]);
        return all;
    }

    /** Each text begins as the one before it. */
    private static byte[][] joined(ByteBuffer in) {
        var prefixes = Bits.deltas(in);
        var all = suffixes(in);
        for (int i = 1; i < all.length; i++) {
            int shared = (int) prefixes[i];
            var whole = java.util.Arrays.copyOf(all[i - 1], shared + all[i].length);
            System.arraycopy(all[i], 0, whole, shared, all[i].length);
            all[i] = whole;
        }
        return all;
    }

    /** BYTE_STREAM_SPLIT: all first bytes, all second bytes, and so on. */
    private static ByteBuffer woven(ByteBuffer in, int width, int count) {
        var out = ByteBuffer.allocate(width * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int b = 0; b < width; b++)
            for (int i = 0; i < count; i++) out.put(i * width + b, in.get(in.position() + b * count + i));
        return out;
    }
}
