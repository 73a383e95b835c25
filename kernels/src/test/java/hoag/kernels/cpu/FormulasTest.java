package hoag.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.kernels.Backend;
import hoag.kernels.Binary;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.KernelRunner;
import hoag.kernels.Layout;
import hoag.kernels.Shape;
import hoag.kernels.Unary;
import hoag.kernels.Uniform;
import hoag.kernels.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Formulas, folds and moments over random spaces, plain and blocked, against the reference. */
class FormulasTest {
    private static final List<Unary> FUNCTIONS = List.of(
            Unary.NEG,
            Unary.ABS,
            Unary.SIGMOID,
            Unary.TANH,
            Unary.EXP,
            Unary.SOFTPLUS,
            Unary.LOG_SIGMOID,
            Unary.SIN,
            Unary.FLOOR,
            Unary.SIGN);
    private static final List<Binary> OPERATIONS = List.of(
            Binary.ADD,
            Binary.ADD,
            Binary.SUB,
            Binary.MUL,
            Binary.MUL,
            Binary.MAX,
            Binary.MIN,
            Binary.LT,
            Binary.LE,
            Binary.EQ);

    private static Expr formula(Random random, int operands, int depth) {
        if (depth == 0) {
            return random.nextInt(4) == 0 ? Expr.of(random.nextInt(5) / 2.0 - 1) : Expr.in(random.nextInt(operands));
        }
        return switch (random.nextInt(5)) {
            case 0 ->
                formula(random, operands, depth - 1)
                        .apply(FUNCTIONS.get(random.nextInt(FUNCTIONS.size())))
                        .apply(Unary.TANH);
            case 1 ->
                Expr.where(
                        formula(random, operands, depth - 1),
                        formula(random, operands, depth - 1),
                        formula(random, operands, depth - 1));
            default ->
                formula(random, operands, depth - 1)
                        .apply(OPERATIONS.get(random.nextInt(OPERATIONS.size())), formula(random, operands, depth - 1));
        };
    }

    private static Shape space(Random random) {
        int rank = 1 + random.nextInt(4);
        int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) {
            dims[i] = 1 + random.nextInt(i == 1 ? 40 : 9);
        }
        return Shape.of(dims);
    }

    private static Shape operand(Random random, Shape space) {
        Shape shape = space;
        for (int axis = 0; axis < space.rank(); axis++) {
            shape = random.nextInt(4) == 0 ? shape.with(axis, 1) : shape;
        }
        return shape;
    }

    private static List<Shape> operands(Random random, Shape space) {
        List<Shape> shapes = new ArrayList<>(List.of(space));
        for (int i = random.nextInt(3); i > 0; i--) {
            shapes.add(
                    switch (random.nextInt(4)) {
                        case 0 -> space;
                        case 1 -> Shape.SCALAR;
                        case 2 ->
                            space.rank() == 4
                                    ? Shape.of(random.nextBoolean() ? 1 : space.dim(0), space.dim(1), 1, 1)
                                    : operand(random, space);
                        default -> operand(random, space);
                    });
        }
        return shapes;
    }

    private static void check(Kernel kernel, long seed) {
        float[][] inputs = new float[kernel.inputs().size()][];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = new float[kernel.inputs().get(i).size()];
            for (int j = 0; j < inputs[i].length; j++) {
                inputs[i][j] = Math.round(Uniform.at(seed + i, j) * 16) / 4f - 2;
            }
        }
        try (Backend cpu = new CpuBackend(2);
                Backend reference = new ReferenceBackend()) {
            float[][] expected = KernelRunner.run(reference, kernel, inputs);
            for (Layout layout : List.of(Layout.PLAIN, Layout.BLOCKED)) {
                Backend.Wish wish = cpu.wish(kernel, Collections.nCopies(inputs.length, layout));
                try (var runner = new KernelRunner(cpu, kernel, wish)) {
                    runner.write(inputs);
                    runner.run();
                    compare(kernel, wish, expected, runner.read());
                }
            }
        }
    }

    private static void compare(Kernel kernel, Backend.Wish wish, float[][] expected, float[][] got) {
        for (int o = 0; o < expected.length; o++) {
            for (int j = 0; j < expected[o].length; j++) {
                assertEquals(
                        expected[o][j],
                        got[o][j],
                        2e-5 * Math.max(1, Math.abs(expected[o][j])),
                        kernel + " " + wish + " output " + o + " [" + j + "]");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void pointwise(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            Shape space = space(random);
            List<Shape> operands = operands(random, space);
            // products of big numbers make comparisons flip by rounding: the outermost function keeps values small
            List<Expr> formulas = List.of(
                    formula(random, operands.size(), 1 + random.nextInt(2)),
                    Expr.in(0).times(Expr.in(operands.size() - 1)).plus(1));
            check(new Kernel.Pointwise(space, operands, formulas), seed * 100 + i);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6, 7, 8})
    void folds(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            Shape space = space(random);
            List<Shape> operands = operands(random, space);
            Fold fold = List.of(Fold.SUM, Fold.SUM, Fold.MAX, Fold.MIN).get(random.nextInt(4));
            List<Expr> maps = List.of(Expr.in(0), Expr.in(0).times(Expr.in(operands.size() - 1)));
            check(new Kernel.Reduce(space, operands, maps, fold, axes(random, space)), seed * 100 + i);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {9, 10})
    void indices(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            Shape space = space(random);
            Fold fold = random.nextBoolean() ? Fold.ARGMAX : Fold.ARGMIN;
            check(
                    new Kernel.Reduce(space, List.of(space), List.of(Expr.in(0)), fold, random.nextInt(space.rank())),
                    seed * 100 + i);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void moments(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            Shape space = space(random);
            check(new Kernel.Moments(space, axes(random, space)), seed * 100 + i);
        }
    }

    /** Several pieces of a run, chunks of rows, strips of columns. */
    @Test
    void largeFolds() {
        Expr product = Expr.in(0).times(Expr.in(0));
        for (Fold fold : List.of(Fold.SUM, Fold.MAX, Fold.MIN)) {
            check(
                    new Kernel.Reduce(
                            Shape.of(3000, 37), List.of(Shape.of(3000, 37)), List.of(Expr.in(0), product), fold, 0),
                    1);
            check(
                    new Kernel.Reduce(Shape.of(130, 1100), List.of(Shape.of(130, 1100)), List.of(Expr.in(0)), fold, 0),
                    2);
            check(
                    new Kernel.Reduce(
                            Shape.of(3, 70, 3, 600), List.of(Shape.of(3, 70, 3, 600)), List.of(Expr.in(0)), fold, 1),
                    3);
            check(
                    new Kernel.Reduce(
                            Shape.of(2, 20, 70, 70),
                            List.of(Shape.of(2, 20, 70, 70)),
                            List.of(Expr.in(0), product),
                            fold,
                            0,
                            2,
                            3),
                    4);
            check(new Kernel.Reduce(Shape.of(100_000), List.of(Shape.of(100_000)), List.of(Expr.in(0)), fold, 0), 5);
        }
    }

    @Test
    void largeMoments() {
        check(new Kernel.Moments(Shape.of(3000, 37), 0), 1);
        check(new Kernel.Moments(Shape.of(130, 1100), 0), 2);
        check(new Kernel.Moments(Shape.of(3, 70, 3, 600), 1), 3);
        check(new Kernel.Moments(Shape.of(2, 20, 70, 70), 0, 2, 3), 4);
        check(new Kernel.Moments(Shape.of(7, 9000), 1), 5);
    }

    /** Mean 1000, spread 1: squares around zero would leave nothing of the variance. */
    @Test
    void farMoments() {
        for (int[] axes : List.of(new int[] {0, 2, 3}, new int[] {1}, new int[] {3})) {
            Shape shape = Shape.of(3, 20, 40, 30);
            float[] x = new float[shape.size()];
            for (int i = 0; i < x.length; i++) {
                x[i] = 1000 + 3.4f * (Uniform.at(7, i) - 0.5f);
            }
            var kernel = new Kernel.Moments(shape, axes);
            try (Backend cpu = new CpuBackend(2);
                    Backend reference = new ReferenceBackend()) {
                float[] truth = KernelRunner.run(reference, kernel, x)[0];
                for (Layout layout : List.of(Layout.PLAIN, Layout.BLOCKED)) {
                    try (var runner = new KernelRunner(cpu, kernel, cpu.wish(kernel, List.of(layout)))) {
                        runner.write(x);
                        runner.run();
                        float[] got = runner.read()[0];
                        for (int i = 0; i < got.length; i++) {
                            assertEquals(
                                    truth[i],
                                    got[i],
                                    i < got.length / 2 ? 6.2e-5 : 2e-6,
                                    "axes " + axes.length + ", [" + i + "]");
                        }
                    }
                }
            }
        }
    }

    @Test
    void theFirstNaNIsTheLargest() {
        float[] x = {1, 5, Float.NaN, 9, Float.NaN};
        Shape shape = Shape.of(5);
        try (Backend cpu = new CpuBackend(1)) {
            assertEquals(
                    2,
                    KernelRunner.run(
                            cpu, new Kernel.Reduce(shape, List.of(shape), List.of(Expr.in(0)), Fold.ARGMAX, 0), x)[0][
                            0]);
            assertEquals(
                    Float.NaN,
                    KernelRunner.run(
                            cpu, new Kernel.Reduce(shape, List.of(shape), List.of(Expr.in(0)), Fold.MAX, 0), x)[0][0]);
        }
    }

    private static int[] axes(Random random, Shape space) {
        if (space.rank() == 4 && random.nextBoolean()) {
            return random.nextBoolean() ? new int[] {0, 2, 3} : new int[] {2, 3};
        }
        int[] axes = java.util.stream.IntStream.range(0, space.rank())
                .filter(axis -> random.nextBoolean())
                .toArray();
        return axes.length == 0 ? new int[] {space.rank() - 1} : axes;
    }
}
