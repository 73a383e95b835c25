package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.kernels.Shape;
import hoag.kernels.Unary;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What the golden optimizers minimise, 1/2 |M p - t|^2 + sum log cosh p, with the files' numbers and how near to them is near enough.
 */
final class OptimProblem {
    private static final double FLOAT = 1e-5;

    private static final JsonNode PROBLEM = read("problem");
    static final List<String> ORDER = PROBLEM.get("order").strings();

    private OptimProblem() {}

    static JsonNode read(String name) {
        return Json.read(GoldenCase.resource("optim/" + name + ".json"));
    }

    /** All weights where the steps begin, one behind the other. */
    static double[] start() {
        return ORDER.stream()
                .flatMapToDouble(name -> Arrays.stream(start(name)))
                .toArray();
    }

    static double[] start(String name) {
        return flat(PROBLEM.get("start").get(name));
    }

    static Map<String, Variable> weights() {
        Map<String, Variable> weights = new LinkedHashMap<>();
        for (String name : ORDER) {
            long[] dims = PROBLEM.get("shapes").get(name).wholes();
            Shape shape =
                    Shape.of(Arrays.stream(dims).mapToInt(Math::toIntExact).toArray());
            weights.put(name, Variable.parameter(name, shape).set(floats(start(name))));
        }
        return weights;
    }

    static double[] flat(JsonNode node) {
        return node.value() instanceof List<?>
                ? node.items().stream()
                        .flatMapToDouble(each -> Arrays.stream(flat(each)))
                        .toArray()
                : new double[] {node.number()};
    }

    static float[] floats(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    static Tensor loss(Map<String, Variable> weights) {
        double[] t = PROBLEM.get("t").numbers();
        Tensor p = Tensor.concat(
                0,
                weights.values().stream()
                        .map(w -> w.tensor().reshape(w.shape().size(), 1))
                        .toArray(Tensor[]::new));
        Tensor m = Tensor.constant(Shape.of(t.length, p.shape().dim(0)), floats(flat(PROBLEM.get("M"))));
        Tensor rest = m.matmul(p).sub(Tensor.constant(Shape.of(t.length, 1), floats(t)));
        return rest.square().sum().mul(0.5).add(p.map(Unary.COSH).log().sum()).reshape(Shape.SCALAR);
    }

    static DoubleStream widened(float... values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]);
    }

    static void near(String what, double[] truth, float[] got) {
        near(what, truth, widened(got).toArray(), FLOAT);
    }

    /** Relative to the largest value of the tensor. */
    static void near(String what, double[] truth, double[] got, double relative) {
        double largest = Arrays.stream(truth).map(Math::abs).max().orElseThrow();
        assertEquals(truth.length, got.length, what);
        for (int i = 0; i < truth.length; i++) {
            assertEquals(truth[i], got[i], relative * largest, what + " [" + i + "]");
        }
    }

    /** Settings that the file names; what it does not name has the default of PyTorch or timm. */
    record Settings(JsonNode json) {
        boolean has(String name) {
            return json.find(name).isPresent();
        }

        double number(String name, double otherwise) {
            return json.find(name).map(JsonNode::number).orElse(otherwise);
        }

        double beta(int index, double otherwise) {
            return json.find("betas").map(betas -> betas.at(index).number()).orElse(otherwise);
        }
    }
}
