package hoag.galaxy.parquet;

import static hoag.galaxy.parquet.Leaf.number;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** A column from its first value to its last, a page in memory at a time. */
final class Chunks {
    private static final int DATA = 0;
    private static final int DICTIONARY = 2;
    private static final int DATA_2 = 3;
    private static final int MOST = 1 << 26; // of bytes and of values in a page: damage must not ask for all memory

    private final FileChannel file;
    private final Leaf leaf;
    private final Iterator<Map<Integer, Object>> chunks;
    private ByteBuffer chunk = ByteBuffer.allocate(0);
    private Codec codec;
    private long left;
    private String[] dictionary;
    private int[] there;
    private IntFunction<String> values;
    private int at;
    private int value;
    private int count;

    /** @param chunks the column's metadata in each group of rows */
    Chunks(FileChannel file, Leaf leaf, List<Map<Integer, Object>> chunks) {
        this.file = file;
        this.leaf = leaf;
        this.chunks = chunks.iterator();
    }

    /** The next value, empty where it is missing. */
    String next() throws IOException {
        while (at == count) page();
        boolean missing = there != null && there[at] == 0;
        at++;
        return missing ? "" : values.apply(value++);
    }

    private void page() throws IOException {
        while (left <= 0) open();
        var header = ThriftReader.struct(chunk);
        int size = number(header, 2, 0), packed = number(header, 3, 0), type = number(header, 1, -1);
        if (packed < 0 || packed > chunk.remaining() || size < 0 || size > 4 * MOST)
            throw new IOException("a page of %d bytes in %d".formatted(packed, chunk.remaining()));
        var body = chunk.slice(chunk.position(), packed).order(ByteOrder.LITTLE_ENDIAN);
        chunk.position(chunk.position() + packed);
        switch (type) {
            case DICTIONARY -> dictionary(struct(header, 7), codec.unpack(body, size));
            case DATA -> first(struct(header, 5), codec.unpack(body, size));
            case DATA_2 -> second(struct(header, 8), body, size);
            default -> {} // an index of pages
        }
    }

    @SuppressWarnings("unchecked") // ThriftReader makes structures of this type only
    static Map<Integer, Object> struct(Map<Integer, Object> outer, int field) throws IOException {
        if (outer.get(field) instanceof Map<?, ?> inner) return (Map<Integer, Object>) inner;
        throw new IOException("its description lacks field " + field);
    }

    private void open() throws IOException {
        if (!chunks.hasNext()) throw new IOException("column %s ends too early".formatted(leaf.name()));
        var data = chunks.next();
        long from = Math.min(place(data, 9), place(data, 11)), size = (Long) data.getOrDefault(7, 0L);
        if (from < 0 || size < 0 || size > file.size() - from)
            throw new IOException("column %s lies beyond the end of the file".formatted(leaf.name()));
        chunk = file.map(FileChannel.MapMode.READ_ONLY, from, size).order(ByteOrder.LITTLE_ENDIAN);
        int packed = number(data, 4, 0);
        if (packed >= Codec.values().length)
            throw new IOException("column %s is packed in an unknown way".formatted(leaf.name()));
        codec = Codec.values()[packed];
        left = (Long) data.getOrDefault(5, 0L);
        dictionary = null;
    }

    private static long place(Map<Integer, Object> data, int field) {
        return data.get(field) instanceof Long place && place > 0 ? place : Long.MAX_VALUE;
    }

    private void dictionary(Map<Integer, Object> header, ByteBuffer in) throws IOException {
        int size = count(header);
        var plain = Values.of(leaf, 0, in, size, null);
        dictionary = new String[size];
        for (int i = 0; i < size; i++) dictionary[i] = plain.apply(i);
    }

    private static int count(Map<Integer, Object> header) throws IOException {
        int count = number(header, 1, 0);
        if (count < 0 || count > MOST) throw new IOException("a page of %d values".formatted(count));
        return count;
    }

    private void first(Map<Integer, Object> header, ByteBuffer in) throws IOException {
        int all = count(header);
        there = null;
        if (leaf.optional()) {
            int bytes = in.getInt();
            there = Bits.hybrid(in.slice(in.position(), bytes), 1, all);
            in.position(in.position() + bytes);
        }
        begin(all, number(header, 2, 0), in);
    }

    private void second(Map<Integer, Object> header, ByteBuffer body, int size) throws IOException {
        int all = count(header), levels = number(header, 5, 0), skipped = number(header, 6, 0);
        there = leaf.optional() ? Bits.hybrid(body.slice(skipped, levels), 1, all) : null;
        body.position(skipped + levels);
        boolean packed = !Boolean.FALSE.equals(header.get(7));
        var in = (packed ? codec : Codec.UNCOMPRESSED).unpack(body, size - levels - skipped);
        begin(all, number(header, 4, 0), in);
    }

    private void begin(int all, int encoding, ByteBuffer in) throws IOException {
        int known = all;
        if (there != null) {
            known = 0;
            for (int level : there) known += level;
        }
        values = known == 0 ? null : Values.of(leaf, encoding, in, known, dictionary);
        at = value = 0;
        count = all;
        left -= all;
    }
}
