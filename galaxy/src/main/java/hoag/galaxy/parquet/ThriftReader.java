package hoag.galaxy.parquet;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Structures in Thrift's compact protocol, in which Parquet keeps what it knows of itself, as maps from field number to Boolean, Long, Double,
 * byte[], List or Map. A damaged buffer gives {@link java.nio.BufferUnderflowException} or {@link IllegalArgumentException}.
 */
final class ThriftReader {
    private static final int DEEPEST = 32;

    private final ByteBuffer in;

    ThriftReader(ByteBuffer in) {
        this.in = in;
    }

    /** A structure that stands at the buffer's position, which moves behind it. */
    static Map<Integer, Object> struct(ByteBuffer in) {
        return new ThriftReader(in).struct(0);
    }

    private Map<Integer, Object> struct(int depth) {
        if (depth > DEEPEST) throw new IllegalArgumentException("structures are nested too deeply");
        var fields = new HashMap<Integer, Object>();
        for (int id = 0, head = in.get() & 255; head != 0; head = in.get() & 255) {
            id = head >> 4 == 0 ? (int) zigzag() : id + (head >> 4);
            fields.put(id, value(head & 15, depth));
        }
        return fields;
    }

    private Object value(int type, int depth) {
        return switch (type) {
            case 1 -> true;
            case 2 -> false;
            case 3 -> (long) in.get();
            case 4, 5, 6 -> zigzag();
            case 7 -> in.getDouble();
            case 8 -> bytes();
            case 9, 10 -> list(depth);
            case 11 -> map(depth);
            case 12 -> struct(depth + 1);
            default -> throw new IllegalArgumentException("field of unknown type " + type);
        };
    }

    private List<Object> list(int depth) {
        int head = in.get() & 255, size = head >> 4 == 15 ? size() : head >> 4, type = head & 15;
        var items = new ArrayList<Object>();
        for (int i = 0; i < size; i++) items.add(type <= 2 ? (Object) (in.get() == 1) : value(type, depth + 1));
        return items;
    }

    private Map<Object, Object> map(int depth) {
        int size = size(), types = size == 0 ? 0 : in.get() & 255;
        var map = new HashMap<Object, Object>();
        for (int i = 0; i < size; i++) map.put(value(types >> 4, depth + 1), value(types & 15, depth + 1));
        return map;
    }

    private byte[] bytes() {
        var bytes = new byte[size()];
        in.get(bytes);
        return bytes;
    }

    private int size() {
        long size = varint(in);
        if (size < 0 || size > in.remaining())
            throw new IllegalArgumentException("%d items in %d bytes".formatted(size, in.remaining()));
        return (int) size;
    }

    private long zigzag() {
        return zigzag(in);
    }

    static long zigzag(ByteBuffer in) {
        long n = varint(in);
        return n >>> 1 ^ -(n & 1);
    }

    /** Seven bits a byte, the lowest first. */
    static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = in.get();
            value |= (b & 127L) << shift;
            if (b >= 0) return value;
        }
        throw new IllegalArgumentException("a number of more than ten bytes");
    }
}
