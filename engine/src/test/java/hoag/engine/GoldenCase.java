package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.engine.files.DType;
import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.kernels.Shape;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/** One case of a golden file: inputs, upstream gradients, truth in float64, and the error of PyTorch's own float32 as the yardstick. */
record GoldenCase(Safetensors file, JsonNode json) {
    static Path resource(String name) {
        try {
            return Path.of(GoldenCase.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static List<GoldenCase> of(Safetensors file) {
        return Json.parse("cases", file.metadata().get("cases")).items().stream()
                .map(json -> new GoldenCase(file, json))
                .toList();
    }

    String name() {
        return json.get("name").string();
    }

    String op() {
        return json.get("op").string();
    }

    /** Names in one of the lists: in, up, out, grad. */
    List<String> names(String list) {
        return json.get(list).strings();
    }

    boolean has(String attribute) {
        return json.get("attrs")
                .find(attribute)
                .filter(value -> !value.isNull())
                .isPresent();
    }

    double number(String attribute, double otherwise) {
        return has(attribute) ? json.get("attrs").get(attribute).number() : otherwise;
    }

    int whole(String attribute) {
        return json.get("attrs").get(attribute).integer();
    }

    boolean truth(String attribute) {
        return json.get("attrs").get(attribute).truth();
    }

    String text(String attribute) {
        return json.get("attrs").get(attribute).string();
    }

    int[] axes() {
        return wholes("axes");
    }

    int[] wholes(String attribute) {
        return java.util.Arrays.stream(json.get("attrs").get(attribute).wholes())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private TensorData tensor(String key) {
        return file.get(name() + "/" + key);
    }

    Shape shape(String key) {
        return tensor(key).dims();
    }

    float[] floats(String key) {
        TensorData tensor = tensor(key);
        if (!tensor.dtype().isInteger()) {
            return tensor.floats();
        }
        long[] wholes = tensor.longs();
        float[] values = new float[wholes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = wholes[i];
        }
        return values;
    }

    /** Whole numbers and comparisons exactly; others within 4 times PyTorch's error and 1e-6 of the largest value; zeros on paper within 1e-5. */
    void check(String key, float[] got) {
        TensorData truth = tensor(key);
        if (truth.dtype() != DType.F64) {
            assertArrayEquals(floats(key), got, name() + " " + key);
            return;
        }
        double[] wanted = truth.doubles();
        assertEquals(wanted.length, got.length, name() + " " + key);
        double tolerance = tolerance(key);
        for (int i = 0; i < wanted.length; i++) {
            assertEquals(wanted[i], got[i], tolerance, name() + " " + key + " [" + i + "]");
        }
    }

    private double tolerance(String key) {
        if (json.find("zero").filter(zero -> zero.strings().contains(key)).isPresent()) {
            return 1e-5;
        }
        double[] error = json.get("error").get(key).numbers();
        return 4 * error[1] + 1e-6 * error[0];
    }
}
