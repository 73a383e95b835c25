package hoag.engine.files;

import hoag.kernels.FormatException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A zip file of {@code .npy} members, stored or deflated. */
final class Npz {
    private static final String ENDING = ".npy";

    private Npz() {}

    static Map<String, TensorData> read(Path path) {
        var arrays = new LinkedHashMap<String, TensorData>();
        try (var zip = new ZipMembers(path)) {
            for (String member : zip.names()) {
                if (!member.endsWith(ENDING))
                    throw new FormatException("%s: member %s is no .npy array".formatted(path, member));
                String name = member.substring(0, member.length() - ENDING.length());
                String source = path + ": " + member;
                var bytes = MemorySegment.ofArray(zip.read(member, start -> Npy.size(source, start)));
                arrays.put(name, Npy.parse(source, bytes).rowMajor().named(name));
            }
        }
        return arrays;
    }

    /** Members as they are, like {@code numpy.savez}; the same arrays give the same bytes. */
    static void write(Path path, Collection<TensorData> arrays) {
        SafetensorsHeader.checkNames(path, arrays);
        AtomicFile.write(path, out -> {
            var zip = new ZipOutputStream(out);
            zip.setMethod(ZipOutputStream.STORED);
            for (var array : arrays) member(zip, array);
            zip.finish();
        });
    }

    private static void member(ZipOutputStream zip, TensorData array) throws IOException {
        byte[] header = NpyHeader.bytes(array.dtype(), array.shape(), 0);
        var entry = new ZipEntry(array.name() + ENDING);
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        entry.setSize(header.length + array.data().byteSize());
        entry.setCrc(checksum(header, array));
        zip.putNextEntry(entry);
        zip.write(header);
        SafetensorsHeader.copy(array.data(), zip);
        zip.closeEntry();
    }

    private static long checksum(byte[] header, TensorData array) throws IOException {
        var out = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
        out.write(header);
        SafetensorsHeader.copy(array.data(), out);
        return out.getChecksum().getValue();
    }
}
