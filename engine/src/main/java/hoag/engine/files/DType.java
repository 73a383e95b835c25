package hoag.engine.files;

import hoag.kernels.FormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** What an element of a stored tensor is; the names are those of the safetensors format. All are stored little-endian. */
public enum DType {
    /** IEEE 754, 64 bits. */
    F64(8, "f8", Kind.FLOAT),
    /** IEEE 754, 32 bits. */
    F32(4, "f4", Kind.FLOAT),
    /** IEEE 754, 16 bits. */
    F16(2, "f2", Kind.FLOAT),
    /** The upper half of an {@link #F32}. */
    BF16(2, "", Kind.FLOAT),
    /** Whole, 64 bits. */
    I64(8, "i8", Kind.INTEGER),
    /** Whole, 32 bits. */
    I32(4, "i4", Kind.INTEGER),
    /** Whole, 16 bits. */
    I16(2, "i2", Kind.INTEGER),
    /** Whole, 8 bits. */
    I8(1, "i1", Kind.INTEGER),
    /** Whole from 0, 64 bits. */
    U64(8, "u8", Kind.INTEGER),
    /** Whole from 0, 32 bits. */
    U32(4, "u4", Kind.INTEGER),
    /** Whole from 0, 16 bits. */
    U16(2, "u2", Kind.INTEGER),
    /** Whole from 0, 8 bits. */
    U8(1, "u1", Kind.INTEGER),
    /** 0 or 1 in a byte. */
    BOOL(1, "b1", Kind.INTEGER),
    /** Eight-bit floats: listed, and their bytes can be had, but not converted. */
    F8_E4M3(1, "", Kind.OPAQUE),
    /** 8 bits, of which 5 are the exponent; carried, not computed with. */
    F8_E5M2(1, "", Kind.OPAQUE);

    enum Kind {
        FLOAT,
        INTEGER,
        OPAQUE
    }

    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final double TWO_64 = 0x1p64;

    private final int bytes;
    private final String numpy;
    private final Kind kind;

    DType(int bytes, String numpy, Kind kind) {
        this.bytes = bytes;
        this.numpy = numpy;
        this.kind = kind;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** True for the floating types whose values can be had. */
    public boolean isFloat() {
        return kind == Kind.FLOAT;
    }

    /** True for the integers and for {@link #BOOL}. */
    public boolean isInteger() {
        return kind == Kind.INTEGER;
    }

    /** NumPy's code without the byte order, {@code f4}; empty where NumPy has no such type. */
    String numpy() {
        return numpy;
    }

    static Optional<DType> byName(String name) {
        return Arrays.stream(values()).filter(t -> t.name().equals(name)).findFirst();
    }

    static Optional<DType> byNumpy(String code) {
        return Arrays.stream(values())
                .filter(t -> !code.isEmpty() && t.numpy.equals(code))
                .findFirst();
    }

    /** One element as a double; exact but for 64-bit integers beyond 2^53. */
    double number(MemorySegment data, long index) {
        return switch (this) {
            case F64 -> data.get(DOUBLE, index * 8);
            case F32 -> data.get(FLOAT, index * 4);
            case F16 -> Float.float16ToFloat(data.get(SHORT, index * 2));
            case BF16 -> fromBfloat(data.get(SHORT, index * 2));
            case U64 -> unsigned(data.get(LONG, index * 8));
            case I64, I32, I16, I8, U32, U16, U8, BOOL -> integer(data, index);
            case F8_E4M3, F8_E5M2 ->
                throw new FormatException(name() + " values cannot be converted; store them as F16 or BF16");
        };
    }

    /** One element as a long; a {@link #U64} beyond 2^63 - 1 comes out negative, with the same bits. */
    long integer(MemorySegment data, long index) {
        return switch (this) {
            case I64, U64 -> data.get(LONG, index * 8);
            case I32 -> data.get(INT, index * 4);
            case U32 -> Integer.toUnsignedLong(data.get(INT, index * 4));
            case I16 -> data.get(SHORT, index * 2);
            case U16 -> Short.toUnsignedLong(data.get(SHORT, index * 2));
            case I8 -> data.get(ValueLayout.JAVA_BYTE, index);
            case U8 -> Byte.toUnsignedLong(data.get(ValueLayout.JAVA_BYTE, index));
            case BOOL -> data.get(ValueLayout.JAVA_BYTE, index) == 0 ? 0 : 1;
            case F64, F32, F16, BF16, F8_E4M3, F8_E5M2 -> throw new FormatException(name() + " values are no integers");
        };
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : bits + TWO_64;
    }

    static float fromBfloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** The nearest bfloat16, ties to even; a NaN stays one. */
    static short toBfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (value != value) return (short) (bits >>> 16 | 0x40);
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
