package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.nn.BatchNorm2d;
import hoag.engine.nn.Conv2d;
import hoag.engine.nn.Init;
import hoag.engine.nn.Linear;
import hoag.engine.nn.Module;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.train.Losses;
import hoag.kernels.Backend;
import hoag.kernels.Shape;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * H v of a small network (convolution, batch norm by the batch, SiLU, max pooling, linear, cross-entropy) as the gradient of (gradient, v),
 * against (gradient at w + h v - gradient at w - h v) / 2h at two h, extrapolated to h = 0 (Richardson). All weights and steps are multiples of
 * 2^-19, so that w + h v is exact in float32, and so near that no window's largest pixel changes.
 */
class HessianTest {
    private static final float STEP = 0x1p-12f;

    private record Net(Conv2d conv, BatchNorm2d bn, Linear classifier) implements Module {
        @Override
        public Tensor forward(Tensor x, Trace trace) {
            Tensor y = Pools.max(bn.apply(conv.apply(x, trace), trace), Pools.Window.of(2, 2, 0));
            return classifier.apply(
                    y.mean(2, 3).reshape(y.shape().dim(0), y.shape().dim(1)), trace);
        }
    }

    private final Net net = net();
    private final Map<String, Variable> weights = Modules.parameters(net);
    private final Map<String, float[]> at = new LinkedHashMap<>();
    private final Map<String, float[]> along = new LinkedHashMap<>();

    private static Net net() {
        Init init = new Init(8);
        return new Net(
                Conv2d.of(init, 3, 5, 3, 2, 1, 1, true),
                BatchNorm2d.of(init, 5, 1e-3, Activation.SILU),
                Linear.of(init, 5, 4));
    }

    HessianTest() {
        Init init = new Init(9);
        weights.forEach((key, variable) -> {
            at.put(key, rounded(variable.values()));
            variable.set(at.get(key));
            along.put(key, rounded(init.normal("v", variable.shape(), 1).values()));
        });
    }

    private static float[] rounded(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.round(values[i] * 64) / 64f;
        }
        return values;
    }

    /** The gradient and H v for every weight. */
    private Map<String, Tensor> outputs() {
        Tensor logits = net.forward(Tensor.input("image", Shape.of(6, 3, 7, 6)), Trace.train());
        Tensor loss = Losses.crossEntropy(logits, Tensor.input("target", Shape.of(6)), null, 0.1);
        List<Tensor> wrt = weights.values().stream().map(Variable::tensor).toList();
        List<Tensor> gradient = Gradients.of(loss, wrt);
        List<Tensor> v = new ArrayList<>();
        along.forEach((key, values) -> v.add(Tensor.constant(weights.get(key).shape(), values)));
        List<Tensor> product = Gradients.of(gradient, v, wrt);
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        int next = 0;
        for (String key : weights.keySet()) {
            outputs.put("g " + key, gradient.get(next));
            outputs.put("Hv " + key, product.get(next++));
        }
        return outputs;
    }

    private Map<String, double[]> run(Workspace workspace, float step) {
        weights.forEach((key, variable) -> {
            float[] moved = at.get(key).clone();
            for (int i = 0; i < moved.length; i++) {
                moved[i] += step * along.get(key)[i];
            }
            variable.set(moved);
        });
        float[] image = new float[6 * 3 * 7 * 6];
        for (int i = 0; i < image.length; i++) {
            image[i] = (float) Math.sin(i * i);
        }
        workspace.feed("image", image).feed("target", 0, 1, 2, 3, 1, 0).run();
        Map<String, double[]> all = new LinkedHashMap<>();
        for (String key : weights.keySet()) {
            all.put("g " + key, workspace.output64("g " + key));
            all.put("Hv " + key, workspace.output64("Hv " + key));
        }
        return all;
    }

    @Test
    void agreesWithDifferencesOfTheGradient() {
        try (Backend reference = new ReferenceBackend();
                Workspace workspace = Program.compile(reference, outputs()).workspace()) {
            Map<String, double[]> here = run(workspace, 0);
            Map<String, double[]> coarse = differences(workspace, STEP);
            Map<String, double[]> fine = differences(workspace, STEP / 2);
            double largest = largest(here);
            assertTrue(largest > 0.1, "H v is " + largest);
            for (String key : weights.keySet()) {
                double[] product = here.get("Hv " + key);
                for (int i = 0; i < product.length; i++) {
                    double slope = (4 * fine.get(key)[i] - coarse.get(key)[i]) / 3;
                    assertEquals(slope, product[i], 1e-8 * largest, key + " [" + i + "]");
                }
            }
        }
    }

    private Map<String, double[]> differences(Workspace workspace, float step) {
        Map<String, double[]> above = run(workspace, step);
        Map<String, double[]> below = run(workspace, -step);
        Map<String, double[]> slopes = new LinkedHashMap<>();
        for (String key : weights.keySet()) {
            double[] slope = above.get("g " + key).clone();
            for (int i = 0; i < slope.length; i++) {
                slope[i] = (slope[i] - below.get("g " + key)[i]) / (2 * step);
            }
            slopes.put(key, slope);
        }
        return slopes;
    }

    /** The same nodes, fused, in float32. */
    @Test
    void theCpuAgrees() {
        try (Backend reference = new ReferenceBackend();
                Backend cpu = new CpuBackend(2);
                Workspace exact = Program.compile(reference, outputs()).workspace();
                Workspace fast = Program.compile(cpu, outputs()).workspace()) {
            Map<String, double[]> truth = run(exact, 0);
            Map<String, double[]> got = run(fast, 0);
            double largest = largest(truth);
            truth.forEach((key, values) -> {
                for (int i = 0; i < values.length; i++) {
                    assertEquals(values[i], got.get(key)[i], 2e-6 * Math.max(1, largest), key + " [" + i + "]");
                }
            });
        }
    }

    private static double largest(Map<String, double[]> values) {
        return values.entrySet().stream()
                .filter(e -> e.getKey().startsWith("Hv"))
                .flatMapToDouble(e -> java.util.Arrays.stream(e.getValue()))
                .map(Math::abs)
                .max()
                .orElseThrow();
    }
}
