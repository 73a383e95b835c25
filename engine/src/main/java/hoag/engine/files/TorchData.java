package hoag.engine.files;

import hoag.kernels.FormatException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;

/** The elements of tensors: slices of the storages where they stand there in order, else copies. */
final class TorchData {
    /** Copies of this many bytes are made for any file, of four times its length for a larger one. */
    private static final long FREE = 32L << 20;

    private final String source;
    private final Function<TorchStorage, MemorySegment> storages;
    private final Map<String, MemorySegment> stored = new HashMap<>();
    private final Map<TorchView, TensorData> views = new IdentityHashMap<>();
    private final long most;
    private long copied;

    /**
     * @param length of the file; views may repeat elements, so without a limit a few bytes could ask for any amount of memory
     * @param storages all bytes of a storage
     */
    TorchData(String source, long length, Function<TorchStorage, MemorySegment> storages) {
        this.source = source;
        this.storages = storages;
        most = FREE + 4 * length;
    }

    /** A tensor without a name. */
    TensorData tensor(TorchView view) {
        return views.computeIfAbsent(view, this::read);
    }

    private TensorData read(TorchView view) {
        long bytes = view.bytes();
        var memory = bytes == 0 ? MemorySegment.ofArray(new byte[0]) : elements(view, bytes);
        return new TensorData("", view.dtype, view.shape, memory);
    }

    private MemorySegment elements(TorchView view, long bytes) {
        var storage = memory(view.storage);
        int size = view.dtype.bytes();
        if (view.isContiguous()) return storage.asSlice(view.offset * size, bytes);
        copied += bytes;
        if (copied > most)
            throw new FormatException("%s: strided views ask for more than %d bytes of copies; save contiguous tensors"
                    .formatted(source, most));
        return Bytes.fromStrides(storage, view.offset, view.shape, view.strides, size);
    }

    private MemorySegment memory(TorchStorage storage) {
        var all = stored.computeIfAbsent(storage.key(), _ -> storages.apply(storage));
        long from = storage.first() * storage.bytes();
        long bytes = storage.count() * storage.bytes();
        if (from + bytes > all.byteSize())
            throw new FormatException("%s: storage '%s' wants %d bytes, found %d"
                    .formatted(source, JsonPrinter.plain(storage.key()), from + bytes, all.byteSize()));
        return all.asSlice(from, bytes);
    }
}
