package hoag.tests;

import hoag.engine.files.Safetensors;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Numbers by their bits: NaN, signs of zeros and last digits count. */
final class Bits {
    private Bits() {}

    static byte[] of(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** Every tensor of a file. */
    static Map<String, byte[]> ofFile(Path path) {
        Map<String, byte[]> all = new LinkedHashMap<>();
        try (Safetensors file = Safetensors.open(path)) {
            file.names().forEach(name -> all.put(name, of(file.get(name).floats())));
        }
        return all;
    }
}
