package hoag.engine.files;

import hoag.kernels.DataException;
import hoag.kernels.FormatException;
import hoag.kernels.HoagException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code torch.save} writes ({@code .pt}, {@code .pth}, {@code .bin}), as a zip file or as PyTorch before 1.6 did, and Lightning's
 * {@code .ckpt}: a pickle and the memory of its tensors. The pickle is read as data; no class is looked up and nothing is called, whatever the
 * file asks for. A file that asks for a function of Python is refused.
 *
 * <p>A tensor is named by its place: {@code {"model": {"a": ..., "list": [...]}}} holds {@code model.a} and {@code model.list.0}; one that is saved
 * alone has the empty name. Views are made row-major. NumPy's arrays are tensors too.
 *
 * <pre>{@code
 * try (var file = TorchFile.open(path)) {
 *     float[] weights = file.get("state_dict.encoder.conv_stem.weight").floats();
 *     long epoch = file.values().get("epoch").whole();
 * }
 * }</pre>
 */
public final class TorchFile implements AutoCloseable {
    private final Path path;
    /** Null where the tensors stand on the heap. */
    private final Arena mapped;

    private final Map<String, TensorData> tensors;
    private final JsonNode values;

    /** What a file holds: the pickle's value, the length of the pickle, and the storages. */
    record Contents(Object root, long pickled, TorchData data) {}

    private TorchFile(Path path, Arena mapped, Contents contents) {
        this.path = path;
        this.mapped = mapped;
        String source = path.toString();
        tensors = new PickleNames(source, contents.data, contents.pickled).find(contents.root);
        values = new JsonNode(source, "", new PickleValues(source, contents.pickled).plain(contents.root));
    }

    /**
     * Reads a file and checks it.
     *
     * @throws DataException when the file is missing or cannot be read
     * @throws FormatException when it is none of PyTorch's, is damaged, asks for code to be run, or holds what Hoag does not read (big-endian files,
     *     complex, quantised and sparse tensors)
     */
    public static TorchFile open(Path path) {
        byte[] start = start(path, 8);
        if (start.length > 1 && start[0] == 'P' && start[1] == 'K') return openZip(path);
        if (TorchLegacy.isOne(start)) return openLegacy(path);
        throw new FormatException("%s: no PyTorch file: neither a zip file nor PyTorch's older format".formatted(path));
    }

    private static TorchFile openZip(Path path) {
        try (var zip = new ZipMembers(path)) {
            return new TorchFile(path, null, TorchZip.read(path, zip));
        }
    }

    private static TorchFile openLegacy(Path path) {
        var arena = Arena.ofShared();
        try {
            return new TorchFile(path, arena, TorchLegacy.read(path.toString(), Safetensors.map(path, arena)));
        } catch (HoagException e) {
            arena.close();
            throw e;
        }
    }

    /** The first bytes of a file, fewer where it is shorter. */
    static byte[] start(Path path, int count) {
        try (var in = Files.newInputStream(path)) {
            return in.readNBytes(count);
        } catch (IOException e) {
            throw AtomicFile.cannotRead(path, e);
        }
    }

    /** The tensors' names, in the order of the file. */
    public Set<String> names() {
        return tensors.keySet();
    }

    /** All tensors, in the order of the file. */
    public Collection<TensorData> tensors() {
        return tensors.values();
    }

    /**
     * A tensor; its {@link TensorData#data} can be had until this file is closed.
     *
     * @throws FormatException when there is none of that name
     */
    public TensorData get(String name) {
        return find(name)
                .orElseThrow(() -> new FormatException(
                        "%s: no tensor '%s' among its %d".formatted(path, JsonPrinter.plain(name), tensors.size())));
    }

    /** A tensor, if there is one of that name. */
    public Optional<TensorData> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /**
     * All that the file holds, hyper-parameters among it, as JSON would: dicts as objects (keys as text), lists, tuples and sets as lists. A tensor
     * is the text of its type and sizes, a NumPy array of up to 1,024 numbers a list of them; whole numbers beyond 64 bits, bytes (in hexadecimal),
     * names of types and numbers that are not finite are text. An object of any class is {@code {"class": name, "arguments": ..., "state": ...}}
     * where it stands first, its class alone where it stands again. What lies more than a hundred levels deep, or within itself, is "...".
     */
    public JsonNode values() {
        return values;
    }

    /** Gives the memory back: the {@link TensorData#data} of the tensors can no longer be had. */
    @Override
    public void close() {
        if (mapped != null) mapped.close();
    }
}
