package hoag.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.KernelRunner;
import hoag.kernels.Layout;
import hoag.kernels.Shape;
import hoag.kernels.Unary;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Reductions and training-mode BatchNorm against PyTorch in float64, within four times the error of its float32. */
class GoldenFoldsTest {
    private static final Golden REDUCE = new Golden("/golden/reduce.safetensors");
    private static final Golden NORM = new Golden("/golden/norm.safetensors");
    private static final Set<String> FOLDS = Set.of("sum", "mean", "amax", "amin", "norm1", "norm2", "prod");
    private static final CpuBackend CPU = new CpuBackend(2);
    private static final Expr X = Expr.in(0);

    @AfterAll
    static void close() {
        CPU.close();
    }

    private static int[] axes(Golden.Case each, int rank) {
        return Arrays.stream(each.numbers("axes"))
                .map(axis -> Math.floorMod(axis, rank))
                .toArray();
    }

    private static float[] run(Kernel kernel, Layout offered, float[]... inputs) {
        var layouts = kernel.inputs().stream()
                .map(shape -> shape.rank() == 4 ? offered : Layout.PLAIN)
                .toList();
        try (var runner = new KernelRunner(CPU, kernel, CPU.wish(kernel, layouts))) {
            runner.write(inputs);
            runner.run();
            return runner.read()[0];
        }
    }

    private static void near(double[] truth, float[] got, int from, double tolerance, DoubleUnaryOperator after) {
        for (int i = 0; i < truth.length; i++) {
            assertEquals(truth[i], after.applyAsDouble(got[from + i]), tolerance, "[" + i + "]");
        }
    }

    private static void near(double[] truth, float[] got, double tolerance) {
        near(truth, got, 0, tolerance, x -> x);
    }

    @TestFactory
    Stream<DynamicTest> folds() {
        return REDUCE.cases().stream()
                .filter(each -> FOLDS.contains(each.op()))
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> {
                    Shape shape = Shape.of(REDUCE.shape(each.name() + "/in/x"));
                    Expr map = switch (each.op()) {
                        case "norm1" -> X.apply(Unary.ABS);
                        case "norm2" -> X.square();
                        default -> X;
                    };
                    Fold fold = switch (each.op()) {
                        case "amax" -> Fold.MAX;
                        case "amin" -> Fold.MIN;
                        case "prod" -> Fold.PROD;
                        default -> Fold.SUM;
                    };
                    var kernel = new Kernel.Reduce(shape, List.of(shape), List.of(map), fold, axes(each, shape.rank()));
                    double[] truth = REDUCE.doubles(each.name() + "/out/y");
                    double members = (double) shape.size() / truth.length;
                    for (Layout layout : List.of(Layout.PLAIN, Layout.BLOCKED)) {
                        float[] got = run(kernel, layout, REDUCE.floats(each.name() + "/in/x"));
                        near(
                                truth,
                                got,
                                0,
                                each.tolerance("out/y"),
                                x -> each.op().equals("norm2")
                                        ? Math.sqrt(x)
                                        : each.op().equals("mean") ? x / members : x);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> variances() {
        return REDUCE.cases().stream()
                .filter(each -> each.op().equals("var"))
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> {
                    Shape shape = Shape.of(REDUCE.shape(each.name() + "/in/x"));
                    double[] truth = REDUCE.doubles(each.name() + "/out/y");
                    double members = (double) shape.size() / truth.length;
                    int correction = each.numbers("correction")[0];
                    for (Layout layout : List.of(Layout.PLAIN, Layout.BLOCKED)) {
                        float[] got = run(
                                new Kernel.Moments(shape, axes(each, shape.rank())),
                                layout,
                                REDUCE.floats(each.name() + "/in/x"));
                        near(
                                truth,
                                got,
                                truth.length,
                                each.tolerance("out/y"),
                                x -> x * members / (members - correction));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> batchNorm() {
        return NORM.cases().stream()
                .filter(each -> each.name().startsWith("batch-train"))
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> {
                    Shape shape = Shape.of(NORM.shape(each.name() + "/in/x"));
                    int c = shape.dim(1);
                    Shape channels = Shape.of(shape.rank() == 4 ? new int[] {1, c, 1, 1} : new int[] {1, c});
                    int[] axes = shape.rank() == 4 ? new int[] {0, 2, 3} : new int[] {0};
                    double eps = each.attributes().contains("0.001") ? 1e-3 : 1e-5;
                    Expr y = X.minus(Expr.in(1))
                            .times(Expr.in(3).over(Expr.in(2).plus(eps).sqrt()))
                            .plus(Expr.in(4));
                    var inputs = new java.util.ArrayList<>(Collections.nCopies(4, channels));
                    inputs.addFirst(shape);
                    float[] x = NORM.floats(each.name() + "/in/x");
                    for (Layout layout : List.of(Layout.PLAIN, Layout.BLOCKED)) {
                        float[] moments = run(new Kernel.Moments(shape, axes), layout, x);
                        float[] mean = Arrays.copyOf(moments, c);
                        float[] variance = Arrays.copyOfRange(moments, c, 2 * c);
                        float[] weight = NORM.floats(each.name() + "/in/weight");
                        float[] bias = NORM.floats(each.name() + "/in/bias");
                        near(
                                NORM.doubles(each.name() + "/out/y"),
                                run(
                                        new Kernel.Pointwise(shape, inputs, List.of(y)),
                                        layout,
                                        x,
                                        mean,
                                        variance,
                                        weight,
                                        bias),
                                each.tolerance("out/y"));
                    }
                }));
    }
}
