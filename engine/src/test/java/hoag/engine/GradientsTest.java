package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.nn.Init;
import hoag.engine.train.Losses;
import hoag.kernels.Backend;
import hoag.kernels.Kernel.PoolMode;
import hoag.kernels.Shape;
import hoag.kernels.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every gradient rule against central differences, in float64 on the reference backend, and every rule's own gradient too. */
class GradientsTest {
    private static final double STEP = 0x1p-11;

    private record Case(Function<Tensor[], Tensor> function, Shape... shapes) {}

    private static Map<String, Case> cases() {
        Map<String, Case> cases = new TreeMap<>();
        Shape image = Shape.of(2, 4, 5, 6);
        cases.put("broadcast multiply", new Case(x -> x[0].mul(x[1]), Shape.of(3, 4), Shape.of(4)));
        cases.put("divide", new Case(x -> x[0].div(x[1].square().add(1)), Shape.of(3, 1), Shape.of(3, 4)));
        cases.put("silu", new Case(x -> x[0].silu(), Shape.of(7)));
        cases.put("sum of an axis", new Case(x -> x[0].sum(1), Shape.of(2, 3, 4)));
        cases.put("max", new Case(x -> x[0].max(1), Shape.of(3, 5)));
        cases.put("log softmax", new Case(x -> x[0].logSoftmax(1), Shape.of(3, 5)));
        cases.put("softmax", new Case(x -> x[0].softmax(0), Shape.of(3, 5)));
        cases.put("product", new Case(x -> Product.of(x[0], true, x[1], false), Shape.of(2, 3, 4), Shape.of(1, 3, 5)));
        cases.put(
                "product of transposed",
                new Case(x -> Product.of(x[0], false, x[1], true), Shape.of(2, 3, 4), Shape.of(2, 5, 4)));
        cases.put(
                "product both transposed",
                new Case(x -> Product.of(x[0], true, x[1], true), Shape.of(1, 3, 4), Shape.of(2, 5, 3)));
        cases.put("matmul", new Case(x -> x[0].matmul(x[1]), Shape.of(2, 1, 3, 4), Shape.of(5, 4, 2)));
        cases.put("linear", new Case(x -> x[0].linear(x[1]), Shape.of(2, 3, 4), Shape.of(5, 4)));
        cases.put("conv", new Case(x -> conv(x, 1, 1), image, Shape.of(3, 4, 3, 3)));
        cases.put("conv strided", new Case(x -> conv(x, 2, 1), image, Shape.of(3, 4, 3, 3)));
        cases.put("conv grouped", new Case(x -> conv(x, 1, 2), image, Shape.of(6, 2, 3, 3)));
        cases.put("conv depthwise", new Case(x -> conv(x, 2, 4), image, Shape.of(4, 1, 3, 3)));
        cases.put("max pool", new Case(x -> pool(x[0], PoolMode.MAX), image));
        cases.put("average pool", new Case(x -> pool(x[0], PoolMode.AVERAGE), image));
        cases.put("average pool with padding", new Case(x -> pool(x[0], PoolMode.AVERAGE_WITH_PADDING), image));
        cases.put("moments", new Case(x -> x[0].moments(0, 2, 3), image));
        cases.put("batch norm", new Case(GradientsTest::batchNorm, image, Shape.of(4), Shape.of(4)));
        cases.put("permute", new Case(x -> x[0].permute(2, 0, 1), Shape.of(2, 3, 4)));
        cases.put("slice", new Case(x -> x[0].slice(1, 4, -2, 2), Shape.of(2, 5)));
        cases.put("pad", new Case(x -> x[0].pad(0, 1, 2), Shape.of(2, 5)));
        cases.put("flip", new Case(x -> x[0].flip(1), Shape.of(2, 5)));
        cases.put("concat", new Case(x -> Tensor.concat(1, x[0], x[1]), Shape.of(2, 3), Shape.of(2, 2)));
        cases.put("gather", new Case(x -> x[0].gather(Tensor.constant(Shape.of(4), 2, 0, 2, 1)), Shape.of(3, 2)));
        cases.put("expand", new Case(x -> x[0].expand(Shape.of(2, 3, 4)), Shape.of(3, 1)));
        functions(cases, image);
        return cases;
    }

    /** What is put together from the operations above. */
    private static void functions(Map<String, Case> cases, Shape image) {
        cases.put("layer norm", new Case(x -> Norms.layer(x[0], x[1], x[2], 1, 1e-3), image, Shape.of(4), Shape.of(4)));
        cases.put("group norm", new Case(x -> Norms.group(x[0], x[1], x[2], 2, 1e-3), image, Shape.of(4), Shape.of(4)));
        cases.put("rms norm", new Case(x -> Norms.rms(x[0], x[1], -1, 1e-3), Shape.of(3, 5), Shape.of(5)));
        cases.put(
                "global response norm",
                new Case(x -> Norms.response(x[0], x[1], x[2], 1, 1e-3), image, Shape.of(4), Shape.of(4)));
        cases.put(
                "attention with a bias",
                new Case(
                        x -> Attention.of(x[0], x[1], x[2], x[3], 0.5),
                        Shape.of(2, 3, 4),
                        Shape.of(2, 5, 4),
                        Shape.of(2, 5, 2),
                        Shape.of(3, 5)));
        cases.put(
                "causal attention",
                new Case(
                        x -> Attention.of(x[0], x[1], x[2], Attention.causal(4, 4), 0.5),
                        Shape.of(1, 4, 3),
                        Shape.of(1, 4, 3),
                        Shape.of(1, 4, 3)));
        cases.put("relative position", new Case(x -> RelativePosition.bias(x[0], 2, 3), Shape.of(15, 2)));
        cases.put(
                "grid and windows",
                new Case(x -> Windows.gridPartition(Windows.reverse(x[0], 4, 6), 2, 3), Shape.of(4, 2, 3, 2)));
        cases.put("adaptive average", new Case(x -> Pools.adaptiveAverage(x[0], 3, 7), image));
        cases.put(
                "average pool that hangs over",
                new Case(
                        x -> Pools.average(
                                x[0],
                                new Pools.Window(
                                        new int[] {3, 3},
                                        new int[] {2, 2},
                                        new int[] {1, 1, 1, 1},
                                        new int[] {1, 1},
                                        true),
                                true),
                        image));
        cases.put("sort", new Case(x -> Sorting.sort(x[0], 0, true).values(), Shape.of(5, 3)));
        cases.put("top 2", new Case(x -> Sorting.topK(x[0], 1, 2, false).values(), Shape.of(3, 6)));
        cases.put("running sum", new Case(x -> Sorting.runningSum(x[0], 1), Shape.of(2, 7)));
        Tensor index = Tensor.constant(Shape.of(2, 3), 0, 3, 3, 1, 1, 1);
        cases.put("gather along an axis", new Case(x -> Indexing.gather(x[0], 1, index), Shape.of(2, 4)));
        cases.put("scatter", new Case(x -> Indexing.scatterAdd(x[0], 1, index, x[1]), Shape.of(2, 4), Shape.of(2, 3)));
        cases.put("reflected edges", new Case(x -> Padding.reflect(x[0], 1, 2, 3), Shape.of(2, 4)));
        cases.put("unfold", new Case(x -> Rearrange.unfold(x[0], Pools.Window.of(3, 2, 1)), image));
        cases.put(
                "transposed conv",
                new Case(
                        x -> x[0].convTranspose2d(
                                x[1], new int[] {2, 2}, new int[] {1, 1, 1, 1}, new int[] {1, 0}, new int[] {1, 1}, 2),
                        image,
                        Shape.of(4, 3, 3, 3)));
        Tensor target = Tensor.constant(Shape.of(3), 2, -1, 0);
        cases.put("cross-entropy", new Case(x -> Losses.crossEntropy(x[0], target, null, 0.1), Shape.of(3, 4)));
    }

    private static Tensor conv(Tensor[] x, int stride, int groups) {
        return x[0].conv2d(x[1], new int[] {stride, stride}, new int[] {1, 1, 1, 1}, new int[] {1, 1}, groups);
    }

    private static Tensor pool(Tensor x, PoolMode mode) {
        return x.pool(mode, new int[] {3, 2}, new int[] {2, 2}, new int[] {1, 0, 1, 0}, new int[] {1, 1});
    }

    private static Tensor batchNorm(Tensor[] x) {
        Tensor moments = x[0].moments(0, 2, 3);
        Shape channel = Shape.of(1, 4, 1, 1);
        return BatchNorm.of(
                x[0],
                moments.slice(0, 0, 1).reshape(channel),
                moments.slice(0, 1, 1).reshape(channel),
                x[1].reshape(channel),
                x[2].reshape(channel),
                1e-3);
    }

    @TestFactory
    List<DynamicTest> agreeWithDifferences() {
        List<DynamicTest> tests = new ArrayList<>();
        cases().forEach((name, c) -> tests.add(DynamicTest.dynamicTest(name, () -> check(c.function, c.shapes))));
        return tests;
    }

    /** The gradient of a weighted sum of the gradient: what a Hessian-vector product is. */
    @TestFactory
    List<DynamicTest> gradientsOfGradientsAgreeToo() {
        List<DynamicTest> tests = new ArrayList<>();
        cases().forEach((name, c) ->
                tests.add(DynamicTest.dynamicTest(name, () -> check(x -> gradientOf(c.function, x), c.shapes))));
        return tests;
    }

    private static Tensor gradientOf(Function<Tensor[], Tensor> function, Tensor[] x) {
        Tensor first = weighted(function.apply(x).square());
        return Gradients.of(first, List.of(x)).stream()
                .map(g -> weighted(g.mul(g.add(1))))
                .reduce(Tensor::add)
                .orElseThrow();
    }

    private static Tensor weighted(Tensor y) {
        Tensor weights = new Init(99).normal("weights", y.shape(), 1).tensor().stopGradient();
        return y.mul(weights).sum().reshape(Shape.SCALAR);
    }

    private static void check(Function<Tensor[], Tensor> function, Shape... shapes) {
        Init init = new Init(7);
        List<Variable> variables = new ArrayList<>();
        for (Shape shape : shapes) {
            variables.add(init.normal("x" + variables.size(), shape, 1));
        }
        Tensor loss =
                weighted(function.apply(variables.stream().map(Variable::tensor).toArray(Tensor[]::new)));
        List<Tensor> gradients =
                Gradients.of(loss, variables.stream().map(Variable::tensor).toList());
        Map<String, Tensor> outputs = new TreeMap<>();
        outputs.put("loss", loss);
        for (int i = 0; i < gradients.size(); i++) {
            assertEquals(variables.get(i).shape(), gradients.get(i).shape());
            outputs.put("g" + i, gradients.get(i));
        }
        try (Backend backend = new ReferenceBackend();
                Workspace workspace = Program.compile(backend, outputs).workspace()) {
            for (int i = 0; i < variables.size(); i++) {
                float[] gradient = workspace.run().output("g" + i);
                compare(variables.get(i), gradient, workspace);
            }
        }
    }

    private static void compare(Variable variable, float[] gradient, Workspace workspace) {
        float[] values = variable.values();
        for (int j = 0; j < values.length; j += Math.max(1, values.length / 12)) {
            double slope = (loss(variable, values, j, STEP, workspace) - loss(variable, values, j, -STEP, workspace))
                    / (2 * STEP);
            assertEquals(slope, gradient[j], 1e-3 * Math.max(1, Math.abs(slope)), variable + " [" + j + "]");
        }
        variable.set(values);
    }

    private static double loss(Variable variable, float[] values, int j, double by, Workspace workspace) {
        float[] moved = values.clone();
        moved[j] += (float) by;
        variable.set(moved);
        return workspace.run().output64("loss")[0];
    }

    @Test
    void unusedVariableGetsZeros() {
        Variable used = Variable.parameter("used", Shape.of(2)).set(1, 2);
        Variable unused = Variable.parameter("unused", Shape.of(3));
        List<Tensor> gradients = Gradients.of(used.tensor().sum(), List.of(used.tensor(), unused.tensor()));
        try (Backend backend = new ReferenceBackend();
                Workspace workspace = Program.compile(backend, Map.of("a", gradients.get(0), "b", gradients.get(1)))
                        .workspace()) {
            workspace.run();
            assertTrue(java.util.Arrays.equals(new float[] {1, 1}, workspace.output("a")));
            assertTrue(java.util.Arrays.equals(new float[3], workspace.output("b")));
        }
    }
}
