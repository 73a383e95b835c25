package hoag.engine.files;

import hoag.engine.files.Python.Name;
import hoag.engine.files.Python.Tuple;
import java.util.Map;

/**
 * The memory behind tensors, as a pickle names it.
 *
 * @param dtype null for memory without a type, whose tensors name theirs
 * @param count elements (bytes, without a type)
 * @param first element of the stored data at which this begins; only old files have such windows
 */
record TorchStorage(String key, DType dtype, long count, long first) {
    private static final long MOST = Long.MAX_VALUE >> 5;
    private static final Map<String, DType> CLASSES = Map.of(
            "DoubleStorage",
            DType.F64,
            "FloatStorage",
            DType.F32,
            "HalfStorage",
            DType.F16,
            "BFloat16Storage",
            DType.BF16,
            "LongStorage",
            DType.I64,
            "IntStorage",
            DType.I32,
            "ShortStorage",
            DType.I16,
            "CharStorage",
            DType.I8,
            "ByteStorage",
            DType.U8,
            "BoolStorage",
            DType.BOOL);
    private static final Map<String, DType> TYPES = Map.ofEntries(
            Map.entry("float64", DType.F64),
            Map.entry("float32", DType.F32),
            Map.entry("float16", DType.F16),
            Map.entry("bfloat16", DType.BF16),
            Map.entry("int64", DType.I64),
            Map.entry("int32", DType.I32),
            Map.entry("int16", DType.I16),
            Map.entry("int8", DType.I8),
            Map.entry("uint64", DType.U64),
            Map.entry("uint32", DType.U32),
            Map.entry("uint16", DType.U16),
            Map.entry("uint8", DType.U8),
            Map.entry("bool", DType.BOOL),
            Map.entry("float8_e4m3fn", DType.F8_E4M3),
            Map.entry("float8_e5m2", DType.F8_E5M2));

    TorchStorage checked(PickleReader in) {
        if (count < 0 || first < 0 || count > MOST || first > MOST)
            throw in.error("storage '%s' claims %d elements from %d".formatted(JsonPrinter.plain(key), count, first));
        return this;
    }

    /** Bytes of an element. */
    int bytes() {
        return dtype == null ? 1 : dtype.bytes();
    }

    /** What the persistent id {@code ('storage', class, key, device, count[, window])} of PyTorch stands for; a saved module's class for its other kind. */
    static Object of(PickleReader in, Object id) {
        if (!(id instanceof Tuple tuple)) throw in.error("a persistent id that is no tuple");
        if ("module".equals(tuple.at(0))) return tuple.at(1);
        if (!"storage".equals(tuple.at(0))
                || !(tuple.at(1) instanceof Name type)
                || !(tuple.at(2) instanceof String key)) throw in.error("a persistent id that is no storage");
        long count = PickleCalls.whole(in, tuple.at(4));
        var storage = new TorchStorage(key, ofClass(in, type), count, 0);
        return (tuple.at(5) instanceof Tuple window ? storage.window(in, window) : storage).checked(in);
    }

    private TorchStorage window(PickleReader in, Tuple window) {
        return new TorchStorage(key, dtype, PickleCalls.whole(in, window.at(2)), PickleCalls.whole(in, window.at(1)));
    }

    private static DType ofClass(PickleReader in, Name type) {
        if (type.name().equals("UntypedStorage")) return null;
        DType known = CLASSES.get(type.name());
        if (known == null) throw in.error("tensors of " + JsonPrinter.plain(type.name()) + " are not read");
        return known;
    }

    /** The type that {@code torch.float32} and its like name. */
    static DType typed(PickleReader in, Object name) {
        DType known = name instanceof Name type ? TYPES.get(type.name()) : null;
        if (known == null)
            throw in.error("tensors of type %s are not read"
                    .formatted(name instanceof Name n ? JsonPrinter.plain(n.toString()) : "unknown"));
        return known;
    }
}
