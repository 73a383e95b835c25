package hoag.engine.files;

import hoag.kernels.FormatException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The header of a safetensors file: checked when read, laid out when written. */
record SafetensorsHeader(Map<String, TensorData> tensors, Map<String, String> metadata) {
    private static final String METADATA = "__metadata__";
    private static final int LENGTH_BYTES = 8;
    private static final int ALIGNMENT = 8;
    /** The reference implementation's limit. */
    private static final long LONGEST = 100_000_000;

    private static final int CHUNK = 1 << 20;

    /** A tensor's place, from the end of the header. */
    private record Entry(String name, DType dtype, long[] shape, long begin, long end) {
        String label() {
            return JsonPrinter.plain(name);
        }
    }

    static SafetensorsHeader read(String source, MemorySegment file) {
        long length = length(source, file);
        String text = Json.decode(source, file.asSlice(LENGTH_BYTES, length).asByteBuffer());
        if (!text.startsWith("{"))
            throw new FormatException(
                    "%s: not a safetensors file: the header does not begin with '{'".formatted(source));
        var root = Json.parse(source, text);
        var data = file.asSlice(LENGTH_BYTES + length);
        var entries = entries(root);
        checkPlaces(source, entries, data.byteSize());
        return new SafetensorsHeader(tensors(entries, data), metadata(root));
    }

    private static long length(String source, MemorySegment file) {
        if (file.byteSize() < LENGTH_BYTES) {
            throw new FormatException("%s: not a safetensors file: %d bytes, the length of the header alone takes 8"
                    .formatted(source, file.byteSize()));
        }
        long length = file.get(DType.LONG, 0);
        long left = file.byteSize() - LENGTH_BYTES;
        if (length < 0 || length > left) {
            throw new FormatException("%s: truncated or no safetensors file: header of %s bytes, %d left in the file"
                    .formatted(source, Long.toUnsignedString(length), left));
        }
        if (length > LONGEST)
            throw new FormatException(
                    "%s: header of %d bytes; the format allows %d".formatted(source, length, LONGEST));
        return length;
    }

    private static Map<String, String> metadata(JsonNode root) {
        var metadata = new LinkedHashMap<String, String>();
        root.find(METADATA)
                .ifPresent(node -> node.members().forEach((key, value) -> metadata.put(key, value.string())));
        return Collections.unmodifiableMap(metadata);
    }

    private static List<Entry> entries(JsonNode root) {
        var entries = new ArrayList<Entry>();
        root.members().forEach((name, node) -> {
            if (!name.equals(METADATA)) entries.add(entry(name, node));
        });
        return entries;
    }

    private static Entry entry(String name, JsonNode node) {
        var type = node.get("dtype");
        var dtype = DType.byName(type.string())
                .orElseThrow(() -> type.error("unknown type %s; Hoag knows %s"
                        .formatted(JsonPrinter.quoted(type.string()), Arrays.toString(DType.values()))));
        long[] shape = node.get("shape").wholes();
        long[] offsets = node.get("data_offsets").wholes();
        if (offsets.length != 2)
            throw node.get("data_offsets").error("want begin and end, found %d numbers".formatted(offsets.length));
        long bytes = TensorData.bytes(dtype, shape);
        if (bytes < 0)
            throw node.get("shape")
                    .error("%s has a negative size or too many elements".formatted(Arrays.toString(shape)));
        if (offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] - offsets[0] != bytes) {
            throw node.get("data_offsets")
                    .error("%s; %s %s wants %d bytes"
                            .formatted(Arrays.toString(offsets), dtype, Arrays.toString(shape), bytes));
        }
        return new Entry(name, dtype, shape, offsets[0], offsets[1]);
    }

    /** Sorted by place the tensors must follow each other from the first byte to the last. */
    private static void checkPlaces(String source, List<Entry> entries, long size) {
        long end = 0;
        for (var entry : entries.stream()
                .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
                .toList()) {
            if (entry.end > size) {
                throw new FormatException("%s: truncated: tensor '%s' ends at byte %d of the data, which has %d"
                        .formatted(source, entry.label(), entry.end, size));
            }
            if (entry.begin != end) {
                String what = entry.begin < end ? "overlaps the tensor before it" : "leaves a hole before it";
                throw new FormatException("%s: tensor '%s' %s: begins at %d, want %d"
                        .formatted(source, entry.label(), what, entry.begin, end));
            }
            end = entry.end;
        }
        if (end != size) throw new FormatException("%s: %d bytes after the last tensor".formatted(source, size - end));
    }

    private static Map<String, TensorData> tensors(List<Entry> entries, MemorySegment data) {
        var tensors = new LinkedHashMap<String, TensorData>();
        for (var e : entries)
            tensors.put(e.name, new TensorData(e.name, e.dtype, e.shape, data.asSlice(e.begin, e.end - e.begin)));
        return Collections.unmodifiableMap(tensors);
    }

    static void checkNames(Path path, Collection<TensorData> tensors) {
        var names = new HashSet<String>();
        for (var tensor : tensors) {
            if (tensor.name().equals(METADATA))
                throw new FormatException("%s: no tensor may be called %s".formatted(path, METADATA));
            if (!names.add(tensor.name()))
                throw new FormatException("%s: two tensors are called '%s'".formatted(path, tensor.name()));
        }
    }

    static void write(OutputStream out, Collection<TensorData> tensors, Map<String, String> metadata)
            throws IOException {
        var placed = tensors.stream()
                .sorted(Comparator.comparingInt((TensorData t) -> -t.dtype().bytes()))
                .toList();
        byte[] header = header(tensors, placed, metadata).getBytes(StandardCharsets.UTF_8);
        int padding = Math.floorMod(-header.length, ALIGNMENT);
        out.write(ByteBuffer.allocate(LENGTH_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, header.length + padding)
                .array());
        out.write(header);
        out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
        for (var tensor : placed) copy(tensor.data(), out);
    }

    private static String header(
            Collection<TensorData> tensors, List<TensorData> placed, Map<String, String> metadata) {
        var begins = new LinkedHashMap<String, Long>();
        long at = 0;
        for (var tensor : placed) {
            begins.put(tensor.name(), at);
            at += tensor.data().byteSize();
        }
        var header = new LinkedHashMap<String, Object>();
        if (!metadata.isEmpty()) header.put(METADATA, new TreeMap<>(metadata));
        for (var tensor : tensors) header.put(tensor.name(), place(tensor, begins.get(tensor.name())));
        return Json.compact(header);
    }

    private static Map<String, Object> place(TensorData tensor, long begin) {
        var place = new LinkedHashMap<String, Object>();
        place.put("dtype", tensor.dtype());
        place.put("shape", tensor.shape());
        place.put("data_offsets", List.of(begin, begin + tensor.data().byteSize()));
        return place;
    }

    /** Streams the bytes of a segment. */
    static void copy(MemorySegment data, OutputStream out) throws IOException {
        byte[] chunk = new byte[(int) Math.min(CHUNK, data.byteSize())];
        for (long at = 0; at < data.byteSize(); at += chunk.length) {
            int length = (int) Math.min(chunk.length, data.byteSize() - at);
            MemorySegment.copy(data, at, MemorySegment.ofArray(chunk), 0, length);
            out.write(chunk, 0, length);
        }
    }
}
