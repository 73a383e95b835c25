package hoag.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.Gradients;
import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Variable;
import hoag.engine.Workspace;
import hoag.engine.nn.Modules;
import hoag.engine.nn.Trace;
import hoag.engine.train.Losses;
import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.Backbones;
import hoag.kernels.Backend;
import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.Shape;
import hoag.kernels.Work;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole models on the CPU, with and without fusion, against the float64 reference: what they answer, and the gradient of every weight (with running statistics). */
class ReferenceModelsTest {
    private static final int SIDE = 32;
    private static final int BATCH = 2;

    /** A backend under another name, for which programs are fused or not: they are not for the one called reference. */
    private record Named(String name, Backend real) implements Backend {
        @Override
        public String description() {
            return real.description();
        }

        @Override
        public Optional<String> whyNot() {
            return real.whyNot();
        }

        @Override
        public Buffer allocate(long elements) {
            return real.allocate(elements);
        }

        @Override
        public Optional<Buffer> share(float[] host, int offset, int length) {
            return real.share(host, offset, length);
        }

        @Override
        public void write(float[] from, int fromOffset, Buffer to, int count) {
            real.write(from, fromOffset, to, count);
        }

        @Override
        public void read(Buffer from, float[] to, int toOffset, int count) {
            real.read(from, to, toOffset, count);
        }

        @Override
        public double[] read(Buffer from, int count) {
            return real.read(from, count);
        }

        @Override
        public Wish wish(Kernel kernel, List<Layout> offered) {
            return real.wish(kernel, offered);
        }

        @Override
        public boolean fuses(Kernel kernel, Kernel.Epilogue epilogue) {
            return real.fuses(kernel, epilogue);
        }

        @Override
        public Launch prepare(Kernel kernel, Wish layouts) {
            return real.prepare(kernel, layouts);
        }

        @Override
        public void run(List<Work> works) {
            real.run(works);
        }

        @Override
        public int workers() {
            return real.workers();
        }

        @Override
        public void close() {
            real.close();
        }
    }

    private static Backbone model(String name) {
        Backbone model = Backbones.create(name, 5, 3, 10, 0);
        var random = new java.util.Random(1);
        Modules.variables(model).forEach((key, variable) -> {
            if (key.endsWith("running_var") || variable.shape().rank() == 1 && key.endsWith("weight")) {
                variable.set(filled(variable, () -> 0.7f + 0.6f * random.nextFloat()));
            } else if (variable.shape().rank() == 1) {
                variable.set(filled(variable, () -> 0.2f * (random.nextFloat() - 0.5f)));
            }
        });
        return model;
    }

    private static float[] filled(Variable variable, java.util.function.Supplier<Float> value) {
        float[] values = new float[variable.shape().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.get();
        }
        return values;
    }

    private static Map<String, double[]> run(Backend backend, Map<String, Tensor> outputs, int batch) {
        var random = new java.util.Random(2);
        float[] image = new float[batch * 3 * SIDE * SIDE];
        for (int i = 0; i < image.length; i++) {
            image[i] = (float) random.nextGaussian();
        }
        Map<String, double[]> all = new LinkedHashMap<>();
        try (backend;
                Workspace workspace = Program.compile(backend, outputs).workspace()) {
            workspace.feed("image", image);
            if (workspace.reads("target")) {
                workspace.feed("target", new float[] {3, 7, 1, 0}, 0, batch);
            }
            workspace.run();
            outputs.keySet().forEach(key -> all.put(key, workspace.output64(key)));
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet18", "tf_efficientnet_lite0", "efficientnet_b0"})
    void inference(String name) {
        Backbone model = model(name);
        Tensor pooled = model.pooled(Tensor.input("image", Shape.of(BATCH, 3, SIDE, SIDE)), Trace.eval());
        compare(Map.of("features", pooled, "logits", model.classifier().apply(pooled, Trace.eval())), BATCH, 1e-4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet18", "tf_efficientnet_lite0", "efficientnet_b0"})
    void gradients(String name) {
        Backbone model = model(name);
        Trace trace = Trace.eval();
        Tensor logits = model.forward(Tensor.input("image", Shape.of(BATCH, 3, SIDE, SIDE)), trace);
        Tensor loss = Losses.crossEntropy(logits, Tensor.input("target", Shape.of(BATCH)), null, 0);
        Map<String, Variable> parameters = Modules.parameters(model);
        List<Tensor> gradients = Gradients.of(
                loss, parameters.values().stream().map(Variable::tensor).toList());
        Map<String, Tensor> outputs = new LinkedHashMap<>(Map.of("loss", loss));
        int next = 0;
        for (String key : parameters.keySet()) {
            outputs.put(key, gradients.get(next++));
        }
        compare(outputs, BATCH, 1e-4);
    }

    private static void compare(Map<String, Tensor> outputs, int batch, double allowed) {
        Map<String, double[]> truth = run(new ReferenceBackend(), outputs, batch);
        near("fused", truth, run(new CpuBackend(2), outputs, batch), allowed);
        near("not fused", truth, run(new Named("reference", new CpuBackend(2)), outputs, batch), allowed);
    }

    /** Each tensor's difference by its norm; gradients that are near 0 by the mean norm. */
    private static void near(String how, Map<String, double[]> truth, Map<String, double[]> got, double allowed) {
        double mean = truth.values().stream()
                .mapToDouble(ReferenceModelsTest::norm)
                .average()
                .orElseThrow();
        assertTrue(mean > 0 && Double.isFinite(mean), how);
        for (String key : truth.keySet()) {
            double[] difference = truth.get(key).clone();
            for (int i = 0; i < difference.length; i++) {
                difference[i] -= got.get(key)[i];
            }
            double of = norm(difference) / Math.max(norm(truth.get(key)), 0.01 * mean);
            assertEquals(0, of, allowed, how + ": " + key);
        }
    }

    private static double norm(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
