package hoag.engine.files;

import hoag.kernels.FormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes, numbers and texts of a pickle, never beyond its end. Every length is compared with what is left before anything is allocated. */
final class PickleReader {
    private static final ValueLayout.OfDouble BIG_ENDIAN =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final String source;
    private final MemorySegment data;
    private long at;

    /** @param source what errors call it */
    PickleReader(String source, MemorySegment data) {
        this.source = source;
        this.data = data;
    }

    /** Bytes read so far. */
    long position() {
        return at;
    }

    int u1() {
        return data.get(ValueLayout.JAVA_BYTE, take(1)) & 0xff;
    }

    int u2() {
        return data.get(DType.SHORT, take(2)) & 0xffff;
    }

    int i4() {
        return data.get(DType.INT, take(4));
    }

    long u4() {
        return Integer.toUnsignedLong(i4());
    }

    long i8() {
        return data.get(DType.LONG, take(8));
    }

    double f8() {
        return data.get(BIG_ENDIAN, take(8));
    }

    /** A part of the data itself. */
    MemorySegment slice(long length) {
        return data.asSlice(take(length), length);
    }

    byte[] bytes(long length) {
        if (length > Integer.MAX_VALUE - 8) throw error("%d bytes; at most 2 GB are read".formatted(length));
        return slice(length).toArray(ValueLayout.JAVA_BYTE);
    }

    String utf8(long length) {
        return Json.decode(source, ByteBuffer.wrap(bytes(length)));
    }

    String latin1(long length) {
        return new String(bytes(length), StandardCharsets.ISO_8859_1);
    }

    /** What stands before the next line break, which is skipped. */
    String line() {
        long end = at;
        while (end < data.byteSize() && data.get(ValueLayout.JAVA_BYTE, end) != '\n') end++;
        String text = latin1(end - at);
        take(1);
        return text;
    }

    /** Fails unless that many bytes are left. */
    void need(long length) {
        if (length < 0 || length > data.byteSize() - at) {
            throw error("truncated or damaged: wants %s bytes, %d left"
                    .formatted(Long.toUnsignedString(length), data.byteSize() - at));
        }
    }

    private long take(long length) {
        need(length);
        long from = at;
        at += length;
        return from;
    }

    FormatException error(String what) {
        return new FormatException("%s: pickle, byte %d: %s".formatted(source, at, what));
    }
}
