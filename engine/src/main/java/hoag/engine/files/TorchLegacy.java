package hoag.engine.files;

import hoag.kernels.FormatException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * PyTorch's files before 1.6: pickles of a magic number, of a version, of the machine, of the contents and of the storages' keys, and behind them
 * each storage, its number of elements first.
 */
final class TorchLegacy {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final byte[] START = {(byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46};
    private static final long VERSION = 1001;

    private final String source;
    private final PickleReader in;
    private final Map<String, TorchStorage> claimed = new HashMap<>();
    private final Map<String, MemorySegment> found = new HashMap<>();

    private TorchLegacy(String source, MemorySegment file) {
        this.source = source;
        in = new PickleReader(source, file);
    }

    /** True for the first bytes of such a file. */
    static boolean isOne(byte[] start) {
        return start.length >= START.length && java.util.Arrays.equals(start, 0, START.length, START, 0, START.length);
    }

    static TorchFile.Contents read(String source, MemorySegment file) {
        return new TorchLegacy(source, file).contents(file.byteSize());
    }

    private TorchFile.Contents contents(long length) {
        if (!MAGIC.equals(plain()))
            throw new FormatException("%s: no PyTorch file: a pickle without its magic number".formatted(source));
        if (!(plain() instanceof Long version) || version != VERSION)
            throw new FormatException("%s: not version %d of PyTorch's old format".formatted(source, VERSION));
        if (!(plain() instanceof Map<?, ?> machine) || !Boolean.TRUE.equals(machine.get("little_endian")))
            throw new FormatException("%s: big-endian; save it again on a little-endian machine".formatted(source));
        Object root = new Pickle(in, this::storage).load();
        long pickled = in.position();
        if (!(plain() instanceof List<?> keys)) throw in.error("the storages' keys want a list");
        keys.forEach(this::find);
        return new TorchFile.Contents(root, pickled, new TorchData(source, length, this::memory));
    }

    private Object plain() {
        return new Pickle(in, _ -> {
                    throw in.error("a storage where none can be");
                })
                .load();
    }

    private Object storage(Object id) {
        Object value = TorchStorage.of(in, id);
        if (value instanceof TorchStorage storage) claimed.putIfAbsent(storage.key(), storage);
        return value;
    }

    private void find(Object key) {
        var storage = key instanceof String name ? claimed.get(name) : null;
        if (storage == null) throw in.error("a storage that nothing refers to");
        long count = in.i8();
        if (count < 0 || count > Long.MAX_VALUE / 8) throw in.error("a storage of %d elements".formatted(count));
        found.put(storage.key(), in.slice(count * storage.bytes()));
    }

    private MemorySegment memory(TorchStorage storage) {
        var memory = found.get(storage.key());
        if (memory == null)
            throw new FormatException(
                    "%s: storage '%s' is missing".formatted(source, JsonPrinter.plain(storage.key())));
        return memory;
    }
}
