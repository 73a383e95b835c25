package hoag.engine.onnx;

import hoag.kernels.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.ObjIntConsumer;

/** Reads a message in Protocol Buffers' wire format, field by field; what a caller does not take is skipped. */
final class ProtoReader {
    private final Object source;
    private final ByteBuffer bytes;
    private int wire;

    ProtoReader(Object source, ByteBuffer bytes) {
        this.source = source;
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Shows every field, by number; the consumer takes its value by one of the methods below, or leaves it. */
    void each(ObjIntConsumer<ProtoReader> field) {
        while (bytes.hasRemaining()) {
            long key = varint();
            wire = (int) (key & 7);
            int before = bytes.position();
            field.accept(this, (int) (key >>> 3));
            if (bytes.position() == before) {
                skip();
            }
        }
    }

    private void skip() {
        switch (wire) {
            case 0 -> varint();
            case 1 -> advance(8);
            case 2 -> advance(length());
            case 5 -> advance(4);
            default -> throw damaged("a field of unknown kind " + wire);
        }
    }

    long whole() {
        return varint();
    }

    float real() {
        advance(4);
        return bytes.getFloat(bytes.position() - 4);
    }

    double wide() {
        advance(8);
        return bytes.getDouble(bytes.position() - 8);
    }

    /** A packed or single number of a repeated field. */
    boolean isPacked() {
        return wire == 2;
    }

    String text() {
        ByteBuffer part = part();
        byte[] text = new byte[part.remaining()];
        part.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** A message within, or raw bytes, not copied. */
    ByteBuffer part() {
        int length = length();
        ByteBuffer part = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        advance(length);
        return part;
    }

    ProtoReader message() {
        return new ProtoReader(source, part());
    }

    boolean hasMore() {
        return bytes.hasRemaining();
    }

    private int length() {
        long length = varint();
        if (length < 0 || length > bytes.remaining()) {
            throw damaged("a part of " + length + " bytes where " + bytes.remaining() + " are left");
        }
        return (int) length;
    }

    private void advance(int count) {
        if (count > bytes.remaining()) {
            throw damaged("it ends within a number");
        }
        bytes.position(bytes.position() + count);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (!bytes.hasRemaining()) {
                throw damaged("it ends within a number");
            }
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw damaged("a number of more than ten bytes");
    }

    private FormatException damaged(String how) {
        return new FormatException(source + ": no ONNX file, or a damaged one: " + how);
    }
}
