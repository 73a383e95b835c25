package hoag.engine.files;

import hoag.kernels.DataException;
import hoag.kernels.FormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;

/**
 * NumPy's {@code .npy} (versions 1 to 3, either byte order, C and Fortran order) and {@code .npz}. Read are floats of 2, 4 and 8 bytes, integers
 * and booleans; Python objects and structured types are refused, and nothing in a file is ever executed.
 *
 * <pre>{@code
 * float[] features = Npy.read(path).floats();                       // (rows, columns), row-major
 * Npy.write(path, TensorData.of("", Shape.of(2, 3), values));
 * try (var rows = Npy.rows(path, 1280)) {
 *     rows.append(feature);
 *     rows.commit();
 * }
 * }</pre>
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the format</a>
 */
public final class Npy {
    private Npy() {}

    /**
     * Reads an array into memory, row-major; its name is empty.
     *
     * @throws DataException when the file is missing or cannot be read
     * @throws FormatException when it is truncated, has bytes to spare, or holds what is no array of numbers
     */
    public static TensorData read(Path path) {
        try (var arena = Arena.ofConfined()) {
            return parse(path.toString(), Safetensors.map(path, arena)).copied();
        }
    }

    /**
     * Maps an array that may be larger than memory: elements are read as they are asked for, until the arena is closed. Arrays in Fortran order or
     * big-endian are read into memory.
     *
     * @throws DataException when the file is missing or cannot be read
     * @throws FormatException as {@link #read}
     */
    public static TensorData map(Path path, Arena arena) {
        return parse(path.toString(), Safetensors.map(path, arena)).rowMajor();
    }

    /**
     * Reads all arrays of an {@code .npz}, by name, in the order of the file.
     *
     * @throws DataException when the file is missing or cannot be read
     * @throws FormatException when it is no zip file, a checksum is wrong, or a member is no array
     */
    public static Map<String, TensorData> readAll(Path path) {
        return Npz.read(path);
    }

    /**
     * Writes an array whole or not at all, version 1, C order.
     *
     * @throws FormatException for BF16 and eight-bit floats, which NumPy does not have
     * @throws DataException when the file cannot be written
     */
    public static void write(Path path, TensorData array) {
        byte[] header = NpyHeader.bytes(array.dtype(), array.shape(), 0);
        AtomicFile.write(path, out -> {
            out.write(header);
            SafetensorsHeader.copy(array.data(), out);
        });
    }

    /**
     * Writes arrays under their names into an {@code .npz}, whole or not at all, as {@code numpy.savez} does.
     *
     * @throws FormatException for BF16 and eight-bit floats, which NumPy does not have, and when a name occurs twice
     * @throws DataException when the file cannot be written
     */
    public static void writeAll(Path path, Collection<TensorData> arrays) {
        Npz.write(path, arrays);
    }

    /**
     * Begins a float32 matrix whose rows come one after the other.
     *
     * @param columns floats in a row, at least 1
     * @throws DataException when the file cannot be written
     */
    public static NpyRows rows(Path path, int columns) {
        try {
            return new NpyRows(AtomicFile.create(path), columns);
        } catch (IOException e) {
            throw AtomicFile.cannotWrite(path, e);
        }
    }

    /** Bytes of a file that begins like this. */
    static long size(String source, MemorySegment start) {
        var header = NpyHeader.read(source, start);
        return header.length() + TensorData.bytes(header.dtype(), header.shape());
    }

    /** An array as it stands in its file. */
    static Stored parse(String source, MemorySegment file) {
        var header = NpyHeader.read(source, file);
        long bytes = TensorData.bytes(header.dtype(), header.shape());
        long got = file.byteSize() - header.length();
        if (got != bytes) {
            String what = got < bytes ? "truncated" : "bytes after the data";
            throw new FormatException(
                    "%s: %s: %s wants %d bytes, found %d".formatted(source, what, header, bytes, got));
        }
        return new Stored(header, file.asSlice(header.length()));
    }

    /** Elements in the order and byte order of a file. */
    record Stored(NpyHeader header, MemorySegment data) {
        TensorData rowMajor() {
            return header.fortran() || header.bigEndian() ? copied() : tensor(data);
        }

        TensorData copied() {
            var copy = onHeap(data.byteSize());
            copy.copyFrom(data);
            if (header.bigEndian()) Bytes.reverse(copy, header.dtype().bytes());
            return tensor(
                    header.fortran()
                            ? Bytes.fromFortran(
                                    copy, header.shape(), header.dtype().bytes())
                            : copy);
        }

        private TensorData tensor(MemorySegment values) {
            return new TensorData("", header.dtype(), header.shape(), values);
        }
    }

    /** Zeroed memory on the heap, up to 16 GB. */
    static MemorySegment onHeap(long bytes) {
        return MemorySegment.ofArray(new long[Math.toIntExact((bytes + 7) / 8)]).asSlice(0, bytes);
    }
}
