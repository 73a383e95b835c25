package hoag.engine.files;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Elements moved as bytes. */
final class Bytes {
    private Bytes() {}

    /** Turns the bytes of every element round, in place. */
    static void reverse(MemorySegment data, int size) {
        for (long at = 0; at < data.byteSize(); at += size) {
            switch (size) {
                case 2 -> data.set(DType.SHORT, at, Short.reverseBytes(data.get(DType.SHORT, at)));
                case 4 -> data.set(DType.INT, at, Integer.reverseBytes(data.get(DType.INT, at)));
                case 8 -> data.set(DType.LONG, at, Long.reverseBytes(data.get(DType.LONG, at)));
                default -> {}
            }
        }
    }

    /** A row-major copy of elements whose first axis runs fastest. */
    static MemorySegment fromFortran(MemorySegment data, long[] shape, int size) {
        long[] strides = new long[shape.length];
        long step = 1;
        for (int axis = 0; axis < shape.length; step *= shape[axis++]) strides[axis] = step;
        return fromStrides(data, 0, shape, strides, size);
    }

    /** A row-major copy of a view; all of it must lie within the data. Offset and strides count elements. */
    static MemorySegment fromStrides(MemorySegment data, long offset, long[] shape, long[] strides, int size) {
        long count = 1;
        for (long n : shape) count *= n;
        var out = Npy.onHeap(count * size);
        long[] index = new long[shape.length];
        long from = offset;
        for (long to = 0; to < count; to++) {
            element(data, from * size, out, to * size, size);
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                from += strides[axis];
                if (++index[axis] < shape[axis]) break;
                from -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return out;
    }

    private static void element(MemorySegment data, long from, MemorySegment out, long to, int size) {
        switch (size) {
            case 1 -> out.set(ValueLayout.JAVA_BYTE, to, data.get(ValueLayout.JAVA_BYTE, from));
            case 2 -> out.set(DType.SHORT, to, data.get(DType.SHORT, from));
            case 4 -> out.set(DType.INT, to, data.get(DType.INT, from));
            default -> out.set(DType.LONG, to, data.get(DType.LONG, from));
        }
    }
}
