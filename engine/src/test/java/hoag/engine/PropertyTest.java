package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.Backend;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Random chains of operations of random shapes: the CPU, fused, against float64, and gradients against differences. System property
 * {@code hoag.seed} tries others, {@code hoag.examples} more.
 */
class PropertyTest {
    private static final long SEED = Long.getLong("hoag.seed", 1);
    private static final int EXAMPLES = Integer.getInteger("hoag.examples", 150);
    private static final float STEP = 0x1p-9f;

    @Test
    void theCpuAgreesWithTheReference() {
        try (Backend cpu = new CpuBackend(2);
                Backend reference = new ReferenceBackend()) {
            Draw.examples(SEED, EXAMPLES, draw -> {
                RandomGraph graph = new RandomGraph(draw, false);
                Map<String, Tensor> outputs = new LinkedHashMap<>();
                outputs.put("result", graph.result);
                outputs.put("loss", graph.loss());
                List<Tensor> slopes = slopes(graph);
                slopes.forEach(slope -> outputs.put("gradient " + (outputs.size() - 2), slope));
                Map<String, double[]> truth = run(reference, outputs);
                Map<String, double[]> got = run(cpu, outputs);
                double slope = largest(truth.entrySet().stream()
                        .filter(each -> each.getKey().startsWith("gradient"))
                        .flatMapToDouble(each -> Arrays.stream(each.getValue()))
                        .toArray());
                truth.forEach((key, values) ->
                        near(graph + ": " + key, values, got.get(key), key.startsWith("gradient") ? slope : 0));
            });
        }
    }

    /** Without gradients, which keep from being joined what they read; and with any number of threads the same bits. */
    @Test
    void whatIsJoinedForARunWithoutGradientsAgreesToo() {
        try (Backend cpu = new CpuBackend(2);
                Backend more = new CpuBackend(1);
                Backend reference = new ReferenceBackend()) {
            Draw.examples(SEED, EXAMPLES, draw -> {
                RandomGraph graph = new RandomGraph(draw, false, true);
                Map<String, Tensor> outputs = Map.of("result", graph.result);
                float[] fed = graph.variables.getFirst().values();
                double[] truth = forward(reference, outputs, fed);
                double[] got = forward(cpu, outputs, fed);
                near(graph + ": fed", truth, got, 0);
                assertArrayEquals(got, forward(more, outputs, fed), 0, graph + ": the bits depend on the threads");
            });
        }
    }

    private static double[] forward(Backend backend, Map<String, Tensor> outputs, float... fed) {
        try (Workspace workspace = Program.compile(backend, outputs).workspace()) {
            return workspace.feed(RandomGraph.FED, fed).run(2, 3).output64("result");
        }
    }

    private static List<Tensor> slopes(RandomGraph graph) {
        return Gradients.of(
                graph.loss(), graph.variables.stream().map(Variable::tensor).toList());
    }

    private static Map<String, double[]> run(Backend backend, Map<String, Tensor> outputs) {
        Map<String, double[]> results = new LinkedHashMap<>();
        try (Workspace workspace = Program.compile(backend, outputs).workspace()) {
            workspace.run(2, 3);
            outputs.keySet().forEach(key -> results.put(key, workspace.output64(key)));
        }
        return results;
    }

    private static double largest(double... values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    /** @param about the size of numbers that may cancel: a normalised value leaves no gradient to what scales it */
    private static void near(String what, double[] truth, double[] got, double about) {
        double largest = Math.max(Math.max(1e-2, about), largest(truth));
        for (int i = 0; i < truth.length; i++) {
            assertEquals(truth[i], got[i], 1e-4 * largest, what + " " + i + " of " + truth.length);
        }
    }

    @Test
    void gradientsAgreeWithDifferences() {
        try (Backend reference = new ReferenceBackend()) {
            Draw.examples(SEED, EXAMPLES, draw -> {
                RandomGraph graph = new RandomGraph(draw, true);
                List<Tensor> slopes = slopes(graph);
                Map<String, Tensor> outputs = new LinkedHashMap<>(Map.of("loss", graph.loss()));
                for (int i = 0; i < slopes.size(); i++) {
                    outputs.put("g" + i, slopes.get(i));
                }
                try (Workspace workspace = Program.compile(reference, outputs).workspace()) {
                    for (int i = 0; i < slopes.size(); i++) {
                        compare(graph, i, workspace);
                    }
                }
            });
        }
    }

    /** Along a direction of ones and minus ones, at two steps, extrapolated. */
    private static void compare(RandomGraph graph, int i, Workspace workspace) {
        Variable variable = graph.variables.get(i);
        float[] at = variable.values();
        double[] slope = workspace.run(2, 3).output64("g" + i);
        double along = 0;
        for (int j = 0; j < slope.length; j++) {
            along += slope[j] * sign(j);
        }
        double coarse = difference(variable, at, STEP, workspace);
        double fine = difference(variable, at, STEP / 2, workspace);
        variable.set(at);
        double wanted = (4 * fine - coarse) / 3;
        assertEquals(wanted, along, 1e-4 * Math.max(1, Math.abs(wanted)), graph + ": gradient of " + variable);
    }

    private static double difference(Variable variable, float[] at, float step, Workspace workspace) {
        double[] loss = new double[2];
        for (int side = 0; side < 2; side++) {
            float[] moved = at.clone();
            for (int j = 0; j < moved.length; j++) {
                moved[j] += (side == 0 ? step : -step) * sign(j);
            }
            variable.set(moved);
            loss[side] = workspace.run(2, 3).output64("loss")[0];
        }
        return (loss[0] - loss[1]) / (2 * step);
    }

    private static int sign(int j) {
        return j * 2654435761L % 7 < 3 ? 1 : -1;
    }

    /** A mistake in what has three axes or more and more than 20 elements is found and told by the smallest such shape. */
    @Test
    void failuresShrink() {
        var failure = assertThrows(
                AssertionError.class,
                () -> Draw.examples(1, 500, draw -> {
                    int[] dims = new int[draw.between(1, 4)];
                    for (int i = 0; i < dims.length; i++) {
                        dims[i] = draw.between(1, 9);
                    }
                    Shape shape = Shape.of(dims);
                    assertTrue(shape.rank() < 3 || shape.size() <= 20, shape.toString());
                }));
        Shape shape = shape(failure.getMessage().substring(failure.getMessage().lastIndexOf('[')));
        assertEquals(3, shape.rank(), failure.getMessage());
        assertTrue(shape.size() > 20 && shape.size() < 30, failure.getMessage());
    }

    private static Shape shape(String text) {
        return Shape.of(java.util.Arrays.stream(text.replaceAll("[^0-9,]", "").split(","))
                .mapToInt(Integer::parseInt)
                .toArray());
    }
}
