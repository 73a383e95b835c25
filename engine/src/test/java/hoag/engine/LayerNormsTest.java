package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.kernels.Backend;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import hoag.kernels.Unary;
import hoag.kernels.cpu.CpuBackend;
import hoag.kernels.reference.ReferenceBackend;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayerNormsTest {
    private static final Tensor X = Tensor.input("x", Shape.of(2, 32, 5, 48));
    private static final Tensor CHANNELS = Norms.layer(X.mul(2), vector(1, 32), vector(2, 32), 1, 1e-6);
    private static final Tensor ROWS = Norms.layer(X.relu(), vector(3, 48), null, 3, 1e-3);

    private static Tensor vector(long seed, int size) {
        return Tensor.constant(Shape.of(size), numbers(seed, size));
    }

    private static float[] numbers(long seed, int count) {
        Random random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian() + 1;
        }
        return numbers;
    }

    private static long norms(Map<String, Tensor> outputs) {
        try (Backend cpu = new CpuBackend(2)) {
            return Program.compile(cpu, outputs).plan.steps().stream()
                    .filter(step -> step.kernel() instanceof Kernel.LayerNorm)
                    .count();
        }
    }

    private static float[] run(Backend backend, Tensor y) {
        try (backend;
                Workspace workspace = Program.compile(backend, Map.of("y", y)).workspace()) {
            return workspace.feed("x", numbers(5, X.shape().size())).run().output("y");
        }
    }

    private static void agrees(Tensor y) {
        assertEquals(1, norms(Map.of("y", y)));
        float[] two = run(new CpuBackend(2), y);
        assertArrayEquals(run(new ReferenceBackend(), y), two, 2e-5f);
        assertArrayEquals(two, run(new CpuBackend(5), y), 0, "the bits depend on the threads");
    }

    @Test
    void oneLaunchAlongChannelsAndAlongRows() {
        agrees(CHANNELS);
        agrees(ROWS);
    }

    @Test
    void whatFollowsIsDoneInIt() {
        agrees(CHANNELS.silu().add(X));
        agrees(ROWS.add(1).mul(X.relu()));
    }

    @Test
    void momentsThatAreReadElsewhereAreWritten() {
        Tensor moments = X.moments(3);
        assertEquals(0, norms(Map.of("y", Norms.layer(X, null, null, 3, 1e-5), "moments", moments)));
        Tensor gradient = Gradients.of(ROWS.square().sum(), List.of(X)).getFirst();
        assertEquals(0, norms(Map.of("y", ROWS, "gradient", gradient)));
    }

    private static final Tensor WEIGHT = Tensor.input("w", Shape.of(48));
    private static final Tensor BIAS = Tensor.input("b", Shape.of(48));

    /** Gradients of x, weight and bias of a norm over the last axis, or over axis 1 of x turned; the residual's is added to that of x. */
    private static Map<String, Tensor> gradients(int axis, boolean residual) {
        Tensor x = axis == 3 ? X : X.permute(0, 3, 1, 2);
        Tensor y = Norms.layer(x, WEIGHT, BIAS, axis, 1e-5);
        Tensor up = Tensor.constant(y.shape(), numbers(8, y.shape().size()));
        List<Tensor> all = Gradients.of(List.of(residual ? y.add(x) : y), List.of(up), List.of(X, WEIGHT, BIAS));
        return Map.of("x'", all.get(0), "w'", all.get(1), "b'", all.get(2), "y", y);
    }

    private static Map<String, float[]> run(Backend backend, Map<String, Tensor> outputs) {
        try (backend;
                Workspace workspace = Program.compile(backend, outputs).workspace()) {
            workspace.feed("x", numbers(5, X.shape().size()));
            workspace.feed("w", numbers(6, 48)).feed("b", numbers(7, 48)).run();
            var values = new java.util.HashMap<String, float[]>();
            outputs.keySet().forEach(name -> values.put(name, workspace.output(name)));
            return values;
        }
    }

    private static long gradients(Map<String, Tensor> outputs) {
        try (Backend cpu = new CpuBackend(2)) {
            return Program.compile(cpu, outputs).plan.steps().stream()
                    .filter(step -> step.kernel() instanceof Kernel.LayerNormGradient)
                    .count();
        }
    }

    /** To a few roundings of the largest. */
    private static void agree(Map<String, Tensor> outputs) {
        Map<String, float[]> truth = run(new ReferenceBackend(), outputs);
        Map<String, float[]> two = run(new CpuBackend(2), outputs);
        Map<String, float[]> five = run(new CpuBackend(5), outputs);
        for (String name : outputs.keySet()) {
            float largest = 1;
            for (float value : truth.get(name)) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertArrayEquals(truth.get(name), two.get(name), 1e-5f * largest, name);
            assertArrayEquals(two.get(name), five.get(name), 0, name + ": the bits depend on the threads");
        }
    }

    @Test
    void theGradientsOfAllThreeAreOneLaunch() {
        for (int axis : new int[] {1, 3}) {
            for (boolean residual : new boolean[] {false, true}) {
                Map<String, Tensor> outputs = gradients(axis, residual);
                assertEquals(1, gradients(outputs), "axis " + axis);
                assertEquals(1, norms(outputs), "axis " + axis);
                agree(outputs);
            }
        }
    }

    /** A step of gradient descent writes the weights at its end; who reads them before may be this. */
    @Test
    void theGradientOfVariablesThatAreTrainedIsOneLaunch() {
        var weight = Variable.parameter("weight", Shape.of(48));
        var bias = Variable.parameter("bias", Shape.of(48));
        Tensor y = Norms.layer(X, weight.tensor(), bias.tensor(), 3, 1e-5);
        Tensor up = Tensor.constant(y.shape(), numbers(8, y.shape().size()));
        List<Tensor> all = Gradients.of(List.of(y), List.of(up), List.of(X, weight.tensor(), bias.tensor()));
        Expr down = Expr.in(0).minus(Expr.in(1).times(0.1));
        List<Tensor> updates = List.of(
                Update.of(List.of(weight), List.of(down), weight.tensor(), all.get(1)),
                Update.of(List.of(bias), List.of(down), bias.tensor(), all.get(2)));
        try (Backend cpu = new CpuBackend(2)) {
            Program program = Program.compile(cpu, Map.of("y", y, "x'", all.getFirst()), updates);
            assertEquals(
                    1,
                    program.plan.steps().stream()
                            .filter(step -> step.kernel() instanceof Kernel.LayerNormGradient)
                            .count());
        }
    }

    @Test
    void gradientsOfSomeOfThemStayInSteps() {
        Map<String, Tensor> all = gradients(3, true);
        for (String name : List.of("x'", "w'", "b'")) {
            Map<String, Tensor> one = Map.of(name, all.get(name), "y", all.get("y"));
            assertEquals(0, gradients(one), name);
            agree(one);
        }
    }

    @Test
    void momentsThatAreReadBesideTheGradientAreWritten() {
        var outputs = new java.util.HashMap<>(gradients(3, false));
        outputs.put("moments", X.moments(3));
        assertEquals(0, gradients(outputs));
        agree(outputs);
    }

    /** Mean and deviation of other rows, or of many together, are not the layer's own. */
    @Test
    void whatIsStandardisedByOtherMomentsIsNoLayerNorm() {
        Tensor square = X.reshape(10, 32, 48).slice(2, 0, 32);
        Tensor moments = square.moments(2);
        Expr over = Expr.of(1).over(Expr.in(0).plus(1e-3).apply(Unary.SQRT));
        for (Shape seen : new Shape[] {Shape.of(10, 1, 32), Shape.of(10, 32, 1)}) {
            Tensor mean = moments.slice(0, 0, 1).reshape(seen);
            Tensor scale = moments.slice(0, 1, 1).reshape(seen).map(over);
            same(square.sub(mean).mul(scale));
            same(square.sub(mean).mul(scale.sum(0)));
        }
    }

    private static void same(Tensor y) {
        assertArrayEquals(run(new ReferenceBackend(), y), run(new CpuBackend(2), y), 2e-4f);
    }
}
