package hoag.galaxy.parquet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** What pages are packed with, by Parquet's number. */
enum Codec {
    UNCOMPRESSED,
    SNAPPY,
    GZIP,
    LZO,
    BROTLI,
    LZ4,
    ZSTD,
    LZ4_RAW;

    /** The unpacked bytes, little-endian. */
    ByteBuffer unpack(ByteBuffer packed, int size) throws IOException {
        return switch (this) {
            case UNCOMPRESSED -> packed.slice().order(ByteOrder.LITTLE_ENDIAN);
            case SNAPPY -> wrap(snappy(packed, size));
            case GZIP -> wrap(gunzip(packed, size));
            case ZSTD -> wrap(Zstd.unpack(packed, size));
            case LZ4_RAW -> wrap(lz4(packed, size));
            case LZO, BROTLI, LZ4 ->
                throw new IOException("its columns are packed with " + name().toLowerCase(Locale.ROOT)
                        + "; write it with snappy, zstd or gzip (pandas: to_parquet(..., compression=\"snappy\"))");
        };
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] gunzip(ByteBuffer packed, int size) throws IOException {
        var bytes = new byte[packed.remaining()];
        packed.get(bytes);
        try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readNBytes(size);
        }
    }

    /** Google's format: a length, then literals and copies of what came before; the lowest two bits of a tag say which. */
    private static byte[] snappy(ByteBuffer in, int size) throws IOException {
        if (ThriftReader.varint(in) != size) throw new IOException("a page is not as long as its header says");
        var out = new byte[size];
        int at = 0;
        while (in.hasRemaining()) {
            int tag = in.get() & 255, length = tag >> 2;
            if ((tag & 3) == 0) {
                length = 1 + (length < 60 ? length : little(in, length - 59));
                in.get(out, at, length);
            } else {
                int back = (tag & 3) == 1 ? tag >> 5 << 8 | in.get() & 255 : little(in, (tag & 3) == 2 ? 2 : 4);
                length = (tag & 3) == 1 ? 4 + (length & 7) : 1 + length;
                if (back <= 0 || back > at) throw new IOException("a page copies what is not there");
                for (int i = 0; i < length; i++) out[at + i] = out[at + i - back];
            }
            at += length;
        }
        return out;
    }

    /** Literals and copies in turn, both lengths in one byte and as many more as need be. */
    private static byte[] lz4(ByteBuffer in, int size) throws IOException {
        var out = new byte[size];
        for (int at = 0; at < size; ) {
            int lengths = in.get() & 255, literal = longer(in, lengths >> 4);
            in.get(out, at, literal);
            at += literal;
            if (at == size) break;
            int back = little(in, 2), length = 4 + longer(in, lengths & 15);
            if (back == 0 || back > at) throw new IOException("a page copies what is not there");
            for (int end = at + length; at < end; at++) out[at] = out[at - back];
        }
        return out;
    }

    private static int longer(ByteBuffer in, int length) {
        if (length < 15) return length;
        int more;
        do length += more = in.get() & 255;
        while (more == 255);
        return length;
    }

    private static int little(ByteBuffer in, int bytes) {
        int value = 0;
        for (int i = 0; i < bytes; i++) value |= (in.get() & 255) << 8 * i;
        return value;
    }
}
