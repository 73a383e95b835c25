package hoag.engine.files;

import hoag.kernels.FormatException;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor as files hold it: a name, a type, sizes and the elements, little-endian and row-major. Where it came from a mapped file, the elements
 * can be had until that file is closed; the arrays that the methods return are copies.
 *
 * @param name the key in its file; empty where the file holds one array only
 * @param shape sizes, outermost first; empty for a scalar
 * @param data the elements, of exactly {@code count * dtype.bytes()} bytes
 */
public record TensorData(String name, DType dtype, long[] shape, MemorySegment data) {
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    /** @throws ShapeException if the data have not the size that type and shape ask for, or a size is negative */
    public TensorData {
        shape = shape.clone();
        long bytes = bytes(dtype, shape);
        if (bytes != data.byteSize()) {
            String wants = bytes < 0 ? "is no shape" : "wants %d bytes".formatted(bytes);
            throw new ShapeException("tensor '%s': %s %s %s, got %d bytes"
                    .formatted(name, dtype, Arrays.toString(shape), wants, data.byteSize()));
        }
    }

    /** Bytes of a tensor, or -1 when a size is negative or the product does not fit in 63 bits. */
    static long bytes(DType dtype, long[] shape) {
        long bytes = dtype.bytes();
        for (long size : shape) {
            if (size < 0) return -1;
            if (size == 0) bytes = 0;
        }
        for (long size : shape) {
            if (bytes != 0 && Math.multiplyHigh(bytes, size) != 0 || (bytes *= size) < 0) return -1;
        }
        return bytes;
    }

    /** An F32 tensor over these very values, which must not change before it is written. */
    public static TensorData of(String name, Shape shape, float... values) {
        return of(name, Arrays.stream(shape.toArray()).asLongStream().toArray(), values);
    }

    /** An F32 tensor over these very values, which must not change before it is written. */
    public static TensorData of(String name, long[] shape, float... values) {
        return new TensorData(
                name, DType.F32, shape, littleEndian(MemorySegment.ofArray(values), ValueLayout.JAVA_FLOAT_UNALIGNED));
    }

    /** An F64 tensor over these very values. */
    public static TensorData of(String name, long[] shape, double... values) {
        return new TensorData(
                name, DType.F64, shape, littleEndian(MemorySegment.ofArray(values), ValueLayout.JAVA_DOUBLE_UNALIGNED));
    }

    /** An I64 tensor over these very values. */
    public static TensorData of(String name, long[] shape, long... values) {
        return new TensorData(
                name, DType.I64, shape, littleEndian(MemorySegment.ofArray(values), ValueLayout.JAVA_LONG_UNALIGNED));
    }

    /** An I32 tensor over these very values. */
    public static TensorData of(String name, long[] shape, int... values) {
        return new TensorData(
                name, DType.I32, shape, littleEndian(MemorySegment.ofArray(values), ValueLayout.JAVA_INT_UNALIGNED));
    }

    /** A U8 tensor over these very bytes. */
    public static TensorData of(String name, long[] shape, byte... values) {
        return new TensorData(name, DType.U8, shape, MemorySegment.ofArray(values));
    }

    /** A BOOL tensor. */
    public static TensorData of(String name, long[] shape, boolean... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) bytes[i] = (byte) (values[i] ? 1 : 0);
        return new TensorData(name, DType.BOOL, shape, MemorySegment.ofArray(bytes));
    }

    private static MemorySegment littleEndian(MemorySegment values, ValueLayout layout) {
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) return values;
        var swapped = MemorySegment.ofArray(new byte[(int) values.byteSize()]);
        MemorySegment.copy(
                values,
                layout,
                0,
                swapped,
                layout.withOrder(ByteOrder.LITTLE_ENDIAN),
                0,
                values.byteSize() / layout.byteSize());
        return swapped;
    }

    /** Number of elements. */
    public long count() {
        return data.byteSize() / dtype.bytes();
    }

    /** The shape for computing. */
    public Shape dims() {
        int[] dims = new int[shape.length];
        for (int axis = 0; axis < dims.length; axis++) {
            if (shape[axis] > Integer.MAX_VALUE) throw tooLong();
            dims[axis] = (int) shape[axis];
        }
        return Shape.of(dims);
    }

    /** The same tensor under another name. */
    public TensorData named(String other) {
        return new TensorData(other, dtype, shape, data);
    }

    /**
     * The values as floats, rounded to nearest where the type is wider.
     *
     * @throws FormatException for eight-bit floats
     * @throws ShapeException for more than 2^31 elements, here and in the methods below
     */
    public float[] floats() {
        float[] values = new float[length()];
        read(values, 0);
        return values;
    }

    /**
     * This tensor, if {@link #floats()} can give its values; they are not read yet.
     *
     * @throws FormatException for eight-bit floats
     */
    public TensorData readable() {
        if (length() > 0) dtype.number(data, 0);
        return this;
    }

    /** {@link #floats()} into an array, from {@code offset} on. */
    public void read(float[] to, int offset) {
        int count = length();
        switch (dtype) {
            case F32 -> MemorySegment.copy(data, DType.FLOAT, 0, to, offset, count);
            case F16 -> fromHalf(data, to, offset, count);
            case BF16 -> fromBfloat(data, to, offset, count);
            default -> fromAny(to, offset, count);
        }
    }

    private static void fromHalf(MemorySegment data, float[] to, int offset, int count) {
        for (int i = 0; i < count; i++) to[offset + i] = Float.float16ToFloat(data.get(DType.SHORT, i * 2L));
    }

    private static void fromBfloat(MemorySegment data, float[] to, int offset, int count) {
        for (int i = 0; i < count; i++) to[offset + i] = DType.fromBfloat(data.get(DType.SHORT, i * 2L));
    }

    private void fromAny(float[] to, int offset, int count) {
        for (int i = 0; i < count; i++) to[offset + i] = dtype.isInteger() ? rounded(i) : (float) dtype.number(data, i);
    }

    /** An integer rounded once, not by way of double. */
    private float rounded(int index) {
        long value = dtype.integer(data, index);
        if (dtype != DType.U64 || value >= 0) return value;
        return (value >>> 1 | value & 1) * 2f;
    }

    /**
     * The values as doubles, exact but for integers beyond 2^53.
     *
     * @throws FormatException for eight-bit floats
     */
    public double[] doubles() {
        double[] values = new double[length()];
        for (int i = 0; i < values.length; i++) values[i] = dtype.number(data, i);
        return values;
    }

    /**
     * The values of an integer or BOOL (0 or 1) tensor.
     *
     * @throws FormatException for floating types, and for U64 beyond 2^63 - 1
     */
    public long[] longs() {
        if (!dtype.isInteger())
            throw new FormatException(
                    "tensor '%s' holds %s, no integers; ask for its floats".formatted(label(), dtype));
        long[] values = new long[length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = dtype.integer(data, i);
            if (dtype == DType.U64 && values[i] < 0) {
                throw new FormatException(
                        "tensor '%s': U64 %s is beyond 2^63 - 1".formatted(label(), Long.toUnsignedString(values[i])));
            }
        }
        return values;
    }

    /**
     * The same values as another floating type, rounded to nearest, ties to even.
     *
     * @throws FormatException if either type is none of F64, F32, F16 and BF16
     */
    public TensorData to(DType other) {
        if (other == dtype) return this;
        if (!dtype.isFloat() || !other.isFloat())
            throw new FormatException("tensor '%s' of %s cannot become %s".formatted(label(), dtype, other));
        var converted = MemorySegment.ofArray(new long[Math.toIntExact((count() * other.bytes() + 7) / 8)])
                .asSlice(0, count() * other.bytes());
        for (long i = 0; i < count(); i++) put(converted, other, i, dtype.number(data, i));
        return new TensorData(name, other, shape, converted);
    }

    private static void put(MemorySegment to, DType type, long index, double value) {
        switch (type) {
            case F64 -> to.set(DType.DOUBLE, index * 8, value);
            case F32 -> to.set(DType.FLOAT, index * 4, (float) value);
            case F16 -> to.set(DType.SHORT, index * 2, Float.floatToFloat16(toOdd(value)));
            case BF16 -> to.set(DType.SHORT, index * 2, DType.toBfloat(toOdd(value)));
            default -> throw new FormatException(type + " cannot be converted to");
        }
    }

    /** Rounded to the neighbour with an odd last bit, so that rounding once more, to half the digits, gives what one rounding would. */
    private static float toOdd(double value) {
        float near = (float) value;
        if (near == value || value != value || (Float.floatToRawIntBits(near) & 1) == 1) return near;
        return near < value ? Math.nextUp(near) : Math.nextDown(near);
    }

    private String label() {
        return JsonPrinter.plain(name);
    }

    private int length() {
        if (count() > LONGEST_ARRAY) throw tooLong();
        return (int) count();
    }

    private ShapeException tooLong() {
        return new ShapeException("tensor '%s' %s has more than 2^31 elements; read it in parts through data()"
                .formatted(label(), Arrays.toString(shape)));
    }

    @Override
    public String toString() {
        return "%s %s %s".formatted(label(), dtype, Arrays.toString(shape));
    }
}
