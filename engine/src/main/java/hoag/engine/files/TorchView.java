package hoag.engine.files;

import hoag.engine.files.Python.Tuple;
import java.util.Arrays;

/**
 * A tensor of PyTorch: a view of a storage, checked to lie within what the storage claims to hold. Offset and strides count elements. Views are
 * told apart by identity.
 */
final class TorchView {
    private static final int MOST_AXES = 64;

    final TorchStorage storage;
    final DType dtype;
    final long offset;
    final long[] shape;
    final long[] strides;

    private TorchView(TorchStorage storage, DType dtype, long offset, long[] shape, long[] strides) {
        this.storage = storage;
        this.dtype = dtype;
        this.offset = offset;
        this.shape = shape;
        this.strides = strides;
    }

    /** From the arguments (storage, offset, sizes, strides, ...) of {@code torch._utils._rebuild_tensor_v2}; version 3 has a type behind them. */
    static TorchView of(PickleReader in, Tuple arguments) {
        if (!(arguments.at(0) instanceof TorchStorage storage)) throw in.error("a tensor without a storage");
        DType dtype = storage.dtype() != null ? storage.dtype() : TorchStorage.typed(in, arguments.at(6));
        var view = new TorchView(
                storage,
                dtype,
                PickleCalls.whole(in, arguments.at(1)),
                wholes(in, arguments.at(2)),
                wholes(in, arguments.at(3)));
        view.check(in);
        return view;
    }

    private static long[] wholes(PickleReader in, Object value) {
        if (!(value instanceof Tuple tuple)) throw in.error("a tensor's sizes and strides want tuples");
        if (tuple.size() > MOST_AXES) throw in.error("a tensor of %d axes".formatted(tuple.size()));
        return tuple.items.stream()
                .mapToLong(item -> PickleCalls.whole(in, item))
                .toArray();
    }

    private void check(PickleReader in) {
        if (shape.length != strides.length) throw wrong(in, "sizes and strides differ in number");
        if (offset < 0 || Arrays.stream(strides).anyMatch(n -> n < 0)) throw wrong(in, "a negative offset or stride");
        if (bytes() < 0) throw wrong(in, "a negative size or too many elements");
        if (bytes() > 0 && end() > storage.count() * storage.bytes() / dtype.bytes())
            throw wrong(in, "it reaches beyond its storage of %d elements".formatted(storage.count()));
    }

    private hoag.kernels.FormatException wrong(PickleReader in, String what) {
        return in.error("tensor with offset %d, sizes %s, strides %s: %s"
                .formatted(offset, Arrays.toString(shape), Arrays.toString(strides), what));
    }

    long bytes() {
        return TensorData.bytes(dtype, shape);
    }

    /** One past the last element, or the largest long. */
    private long end() {
        try {
            long last = offset;
            for (int axis = 0; axis < shape.length; axis++)
                last = Math.addExact(last, Math.multiplyExact(shape[axis] - 1, strides[axis]));
            return Math.addExact(last, 1);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /** True where the elements stand in the storage as they do in the tensor. */
    boolean isContiguous() {
        long step = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] != 1 && strides[axis] != step) return false;
            step *= shape[axis];
        }
        return true;
    }
}
