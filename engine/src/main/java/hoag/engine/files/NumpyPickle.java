package hoag.engine.files;

import hoag.engine.files.Python.Instance;
import hoag.engine.files.Python.Tuple;
import hoag.kernels.FormatException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Arrays and scalars of NumPy as they stand in a pickle: a type, sizes and bytes. */
final class NumpyPickle {
    private NumpyPickle() {}

    /**
     * The numbers of an array or scalar (a tensor of no axes); empty for other objects and for arrays of text or objects.
     *
     * @throws FormatException when bytes and sizes do not agree
     */
    static Optional<TensorData> read(String source, Instance object) {
        return switch (object.type.toString()) {
            case "numpy.core.multiarray._reconstruct" ->
                object.state instanceof Tuple state
                        ? array(source, state.at(1), state.at(2), Boolean.TRUE.equals(state.at(3)), state.at(4))
                        : Optional.empty();
            case "numpy.core.multiarray.scalar" ->
                array(source, Tuple.EMPTY, object.arguments.at(0), false, object.arguments.at(1));
            case "numpy.core.numeric._frombuffer" ->
                array(
                        source,
                        object.arguments.at(2),
                        object.arguments.at(1),
                        "F".equals(object.arguments.at(3)),
                        object.arguments.at(0));
            default -> Optional.empty();
        };
    }

    private static Optional<TensorData> array(
            String source, Object sizes, Object type, boolean fortran, Object contents) {
        if (!(sizes instanceof Tuple tuple) || !(type instanceof Instance dtype) || !(contents instanceof byte[] bytes))
            return Optional.empty();
        if (!tuple.items.stream().allMatch(Long.class::isInstance) || tuple.size() > 64) return Optional.empty();
        long[] shape = tuple.items.stream().mapToLong(n -> (Long) n).toArray();
        boolean bigEndian = dtype.state instanceof Tuple state && ">".equals(state.at(1));
        return dtype(dtype).map(known -> {
            if (TensorData.bytes(known, shape) != bytes.length)
                throw new FormatException(
                        "%s: a NumPy array of %d bytes does not fit its sizes".formatted(source, bytes.length));
            var header = new NpyHeader(known, bigEndian, fortran, shape, 0);
            return new Npy.Stored(header, MemorySegment.ofArray(bytes)).rowMajor();
        });
    }

    private static Optional<DType> dtype(Instance dtype) {
        return dtype.type.toString().equals("numpy.dtype") && dtype.arguments.at(0) instanceof String code
                ? DType.byNumpy(code)
                : Optional.empty();
    }
}
