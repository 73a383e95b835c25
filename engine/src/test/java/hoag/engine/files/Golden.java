package hoag.engine.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Small files written by PyTorch, safetensors and NumPy, good and broken, and what each holds. */
final class Golden {
    private static final Map<String, DType> NUMPY = Map.of(
            "float32",
            DType.F32,
            "float64",
            DType.F64,
            "float16",
            DType.F16,
            "int64",
            DType.I64,
            "int32",
            DType.I32,
            "int16",
            DType.I16,
            "uint8",
            DType.U8,
            "uint32",
            DType.U32,
            "bool",
            DType.BOOL);

    private Golden() {}

    static Path file(String name) {
        try {
            return Path.of(Golden.class.getResource("/golden/files/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Bytes that this thread has put on the heap. */
    static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    static JsonNode expected() {
        return Json.read(file("expected.json"));
    }

    static JsonNode expected(String name) {
        return expected().get(name);
    }

    static Stream<String> names(boolean good, String... endings) {
        return expected().members().entrySet().stream()
                .filter(e -> List.of(endings).stream().anyMatch(e.getKey()::endsWith))
                .filter(e -> e.getValue().get("read").truth() == good)
                .map(Map.Entry::getKey);
    }

    /** Type, shape, the hash of the bytes, and every value that is recorded. */
    static void check(JsonNode expected, TensorData got) {
        String type = expected.get("dtype").string();
        assertEquals(NUMPY.containsKey(type) ? NUMPY.get(type) : DType.valueOf(type), got.dtype(), got.name());
        assertArrayEquals(expected.get("shape").wholes(), got.shape(), got.name());
        assertEquals(expected.get("sha256").string(), sha256(got), got.name());
        expected.find("values").ifPresent(values -> checkValues(values, got));
    }

    private static void checkValues(JsonNode values, TensorData got) {
        if (got.dtype().isInteger()) {
            assertArrayEquals(values.items().stream().mapToLong(Golden::whole).toArray(), got.longs(), got.name());
            return;
        }
        double[] wanted = values.items().stream().mapToDouble(Golden::number).toArray();
        assertArrayEquals(wanted, got.doubles(), got.name());
        for (int i = 0; i < wanted.length; i++) assertEquals((float) wanted[i], got.floats()[i], got.name());
    }

    private static long whole(JsonNode value) {
        return value.value() instanceof Boolean truth ? (truth ? 1 : 0) : value.whole();
    }

    private static double number(JsonNode value) {
        return value.value() instanceof String text
                ? Double.parseDouble(text.replace("inf", "Infinity").replace("nan", "NaN"))
                : value.number();
    }

    private static String sha256(TensorData got) {
        try {
            byte[] bytes = got.data().toArray(ValueLayout.JAVA_BYTE);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
