package hoag.galaxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Json;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Golden numbers among the test resources, as arrays. JSON null is NaN. */
public final class Golden {
    private Golden() {}

    public static Path path(String name) {
        try {
            return Path.of(Golden.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Object json(String name) {
        return Json.read(path(name)).value();
    }

    public static Map<?, ?> map(String name) {
        return (Map<?, ?>) json(name);
    }

    public static Map<?, ?> map(Object map, String key) {
        return (Map<?, ?>) ((Map<?, ?>) map).get(key);
    }

    public static double number(Object map, String key) {
        return number(((Map<?, ?>) map).get(key));
    }

    public static double[] vector(Object map, String key) {
        return vector(((Map<?, ?>) map).get(key));
    }

    public static double[] vector(Object list) {
        return ((List<?>) list).stream().mapToDouble(Golden::number).toArray();
    }

    public static int[] integers(Object map, String key) {
        return Arrays.stream(vector(map, key)).mapToInt(v -> (int) v).toArray();
    }

    public static double[][] matrix(Object map, String key) {
        return matrix(((Map<?, ?>) map).get(key));
    }

    public static double[][] matrix(Object list) {
        return ((List<?>) list).stream().map(Golden::vector).toArray(double[][]::new);
    }

    public static List<?> list(Object map, String key) {
        return (List<?>) ((Map<?, ?>) map).get(key);
    }

    private static double number(Object value) {
        return value == null ? Double.NaN : ((Number) value).doubleValue();
    }

    public static void close(double[] wanted, double[] got, double relative, double absolute, String what) {
        assertEquals(wanted.length, got.length, what);
        for (int i = 0; i < wanted.length; i++) close(wanted[i], got[i], relative, absolute, what + " [" + i + "]");
    }

    public static void close(double wanted, double got, double relative, double absolute, String what) {
        if (Double.isNaN(wanted) && Double.isNaN(got)) return;
        double allowed = Math.max(absolute, relative * Math.abs(wanted));
        assertTrue(
                Math.abs(wanted - got) <= allowed,
                () -> what + ": wanted " + wanted + ", got " + got + ", allowed " + allowed);
    }
}
