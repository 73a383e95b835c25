package hoag.tests;

import hoag.engine.Variable;
import hoag.engine.files.JsonNode;
import hoag.kernels.Shape;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The generator of the golden models' weights and images: a number is a function of the tensor's name and the index (FNV-1a, splitmix64). */
final class Recipe {
    private Recipe() {}

    static long fnv1a64(String text) {
        long h = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            h = (h ^ (b & 0xff)) * 0x100000001b3L;
        }
        return h;
    }

    static double unit(long h, long i) {
        long z = h + (i + 1) * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return ((z ^ (z >>> 31)) >>> 40) * 0x1p-23 - 1;
    }

    static float[] values(String key, int count, double shift, double scale) {
        long h = fnv1a64(key);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (shift + scale * unit(h, i));
        }
        return values;
    }

    static float[] image(JsonNode input) {
        int count = 1;
        for (long dim : input.get("shape").wholes()) {
            count *= (int) dim;
        }
        return values(
                input.get("name").string(),
                count,
                input.get("shift").number(),
                input.get("scale").number());
    }

    /** Fills variables by the list of tensors; {@code changed} replaces some of them. */
    static void fill(String prefix, JsonNode tensors, JsonNode changed, Map<String, Variable> variables) {
        tensors.items().forEach(tensor -> fill(prefix, tensor, variables));
        changed.items().forEach(tensor -> fill(prefix, tensor, variables));
    }

    private static void fill(String prefix, JsonNode tensor, Map<String, Variable> variables) {
        Variable variable = variables.get(tensor.get("name").string());
        if (variable != null && variable.shape().equals(shape(tensor))) {
            variable.set(values(
                    prefix + "/" + tensor.get("name").string(),
                    variable.shape().size(),
                    tensor.get("shift").number(),
                    tensor.get("scale").number()));
        }
    }

    private static Shape shape(JsonNode tensor) {
        return Shape.of(java.util.Arrays.stream(tensor.get("shape").wholes())
                .mapToInt(Math::toIntExact)
                .toArray());
    }
}
