package hoag.engine.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A message in Protocol Buffers' wire format, field by field; a message within a message is not copied. */
final class Proto {
    private static final int VARINT = 0;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;
    private static final int LONGEST_VARINT = 10;

    private final List<byte[]> pieces = new ArrayList<>();
    private long length;

    Proto whole(int field, long value) {
        varint((long) field << 3 | VARINT);
        return varint(value);
    }

    Proto real(int field, float value) {
        varint((long) field << 3 | FIXED32);
        return add(ByteBuffer.allocate(Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .array());
    }

    Proto text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Proto bytes(int field, byte[] value) {
        varint((long) field << 3 | LENGTH);
        return varint(value.length).add(value);
    }

    Proto message(int field, Proto value) {
        varint((long) field << 3 | LENGTH);
        varint(value.length);
        pieces.addAll(value.pieces);
        length += value.length;
        return this;
    }

    long length() {
        return length;
    }

    void writeTo(OutputStream out) throws IOException {
        for (byte[] piece : pieces) {
            out.write(piece);
        }
    }

    private Proto varint(long value) {
        byte[] bytes = new byte[LONGEST_VARINT];
        int count = 0;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[count++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        bytes[count++] = (byte) rest;
        return add(java.util.Arrays.copyOf(bytes, count));
    }

    private Proto add(byte[] piece) {
        pieces.add(piece);
        length += piece.length;
        return this;
    }
}
