package hoag.kernels;

import java.nio.charset.StandardCharsets;

/**
 * One kernel with its shapes and how near a float32 result must be: {@code |x - truth| <= tolerance * (largest |truth|)} for every element.
 * The same cases are tests, benchmarks, the support matrix and a table of the documentation.
 *
 * @param name such as {@code conv2d/b0 3x3 s2 3-32 @224/forward}
 * @param tolerance 0 for kernels that only copy or compare
 */
public record Case(String name, Kernel kernel, double tolerance) {
    /** The word before the first slash: what the support matrix groups by. */
    public String family() {
        return name.substring(0, name.indexOf('/'));
    }

    /** Row-major inputs, a function of name, operand and index: uniform in [-1, 1), or row numbers where a table is looked up. */
    public float[][] inputs() {
        float[][] inputs = new float[kernel.inputs().size()][];
        for (int i = 0; i < inputs.length; i++) {
            long key = fnv1a64(name + "/" + i);
            inputs[i] = new float[kernel.inputs().get(i).size()];
            for (int j = 0; j < inputs[i].length; j++) {
                inputs[i][j] = isIndex(i) ? row(key, j) : (float) unit(key, j);
            }
        }
        return inputs;
    }

    private boolean isIndex(int input) {
        return kernel instanceof Kernel.Gather gather && input == (gather.gradient() ? 0 : 1);
    }

    private float row(long key, int index) {
        return (Uniform.mix(key + (index + 1) * 0x9e3779b97f4a7c15L) >>> 32) % ((Kernel.Gather) kernel).rows();
    }

    private static double unit(long key, int index) {
        return (Uniform.mix(key + (index + 1) * 0x9e3779b97f4a7c15L) >>> 40) * 0x1p-23 - 1;
    }

    private static long fnv1a64(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    @Override
    public String toString() {
        return name;
    }
}
