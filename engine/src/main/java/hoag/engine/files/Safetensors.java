package hoag.engine.files;

import hoag.kernels.DataException;
import hoag.kernels.FormatException;
import hoag.kernels.HoagException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A safetensors file, mapped into memory: eight bytes with the length of the header, the header (JSON: name to type, shape and offsets, and
 * {@code __metadata__}, string to string), the data without a gap. Every rule of the format is checked at opening, before any tensor is touched,
 * so what {@link #get} returns never reaches beyond the file. The file must not be shortened while it is open.
 *
 * <pre>{@code
 * try (var file = Safetensors.open(path)) {
 *     float[] weights = file.get("conv_stem.weight").floats();
 * }
 * Safetensors.write(path, List.of(TensorData.of("bias", Shape.of(2), 1, 2)), Map.of("format", "pt"));
 * }</pre>
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class Safetensors implements AutoCloseable {
    private final Path path;
    private final Arena arena;
    private final Map<String, TensorData> tensors;
    private final Map<String, String> metadata;

    private Safetensors(Path path, Arena arena, MemorySegment file) {
        this.path = path;
        this.arena = arena;
        var header = SafetensorsHeader.read(path.toString(), file);
        tensors = header.tensors();
        metadata = header.metadata();
    }

    /**
     * Maps a file and checks it.
     *
     * @throws DataException when the file is missing or cannot be read
     * @throws FormatException when it breaks a rule of the format, or holds a type that Hoag does not know
     */
    public static Safetensors open(Path path) {
        var arena = Arena.ofShared();
        try {
            return new Safetensors(path, arena, map(path, arena));
        } catch (HoagException e) {
            arena.close();
            throw e;
        }
    }

    /** A whole file as memory. */
    static MemorySegment map(Path path, Arena arena) {
        try (var channel = FileChannel.open(path)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw AtomicFile.cannotRead(path, e);
        }
    }

    /** The tensors' names, in the order of the header. */
    public Set<String> names() {
        return tensors.keySet();
    }

    /** What the file says about itself; empty where it says nothing. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** All tensors, in the order of the header. */
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
                        "%s: no tensor '%s' among its %d%s".formatted(path, name, tensors.size(), like(name))));
    }

    /** A tensor, if there is one of that name. */
    public Optional<TensorData> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    private String like(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        List<String> near =
                tensors.keySet().stream().filter(n -> n.endsWith(last)).limit(3).toList();
        return near.isEmpty() ? "" : "; it has " + String.join(", ", near);
    }

    /** Unmaps the file: the {@link TensorData#data} of its tensors can no longer be had. */
    @Override
    public void close() {
        arena.close();
    }

    /**
     * Writes a file whole or not at all. The header names the tensors in the order given; the data stand wider types first, so that each is
     * aligned to its type, the first to eight bytes. The same tensors and metadata give the same bytes.
     *
     * @throws FormatException when a name occurs twice or is {@code __metadata__}
     * @throws DataException when the file cannot be written
     */
    public static void write(Path path, Collection<TensorData> tensors, Map<String, String> metadata) {
        SafetensorsHeader.checkNames(path, tensors);
        AtomicFile.write(path, out -> SafetensorsHeader.write(out, tensors, metadata));
    }
}
