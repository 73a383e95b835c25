package hoag.engine.files;

import hoag.kernels.FormatException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

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
                var bytes = MemorySegment.ofArray(zip.read(member));
                arrays.put(
                        name, Npy.parse(path + ": " + member, bytes).rowMajor().named(name));
            }
        }
        return arrays;
    }
}
