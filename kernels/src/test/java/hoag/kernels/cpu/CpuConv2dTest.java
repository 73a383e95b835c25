package hoag.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.KernelRunner;
import hoag.kernels.Layout;
import hoag.kernels.Shape;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Dense and grouped convolutions and their data gradients against the definition in float64. */
class CpuConv2dTest {
    private static final CpuBackend CPU = new CpuBackend(2, true);
    private static final CpuBackend ALONE = new CpuBackend(1, true);
    private final Dice dice = new Dice(7);

    @AfterAll
    static void close() {
        CPU.close();
        ALONE.close();
    }

    private Conv2dShape randomShape() {
        while (true) {
            int groups = dice.random.nextInt(8) == 0 ? dice.between(2, 4) : 1;
            int c = groups * dice.between(1, groups > 1 ? 9 : 70);
            int k = groups * dice.between(1, groups > 1 ? 9 : 70);
            int size = dice.random.nextInt(4);
            var shape = tryShape(c, k, groups, size);
            if (shape != null && !shape.depthwise() && shape.flops() < 2e7) {
                return shape;
            }
        }
    }

    private Conv2dShape tryShape(int c, int k, int groups, int size) {
        try {
            int kh = size == 0 ? 1 : dice.between(1, 5);
            int kw = size == 0 ? 1 : dice.between(1, 5);
            return new Conv2dShape(
                    dice.between(1, 3),
                    c,
                    dice.between(1, 20),
                    dice.between(1, 20),
                    k,
                    kh,
                    kw,
                    dice.between(1, 3),
                    dice.between(1, 3),
                    dice.between(0, 3),
                    dice.between(0, 3),
                    dice.between(0, 3),
                    dice.between(0, 3),
                    dice.between(1, 2),
                    dice.between(1, 2),
                    groups);
        } catch (RuntimeException smallerThanItsFilter) {
            return null;
        }
    }

    private static float[] run(CpuBackend backend, Kernel kernel, Layout offered, float[]... inputs) {
        var wish = backend.wish(kernel, Collections.nCopies(inputs.length, offered));
        try (var runner = new KernelRunner(backend, kernel, wish)) {
            runner.write(inputs);
            runner.run();
            return runner.read()[0];
        }
    }

    private static void assertClose(double[] truth, float[] got, double terms, Object what) {
        assertEquals(truth.length, got.length);
        for (int i = 0; i < truth.length; i++) {
            assertEquals(truth[i], got[i], 4e-7 * Math.sqrt(terms) + 1e-6 * Math.abs(truth[i]), what + " element " + i);
        }
    }

    @Test
    void forwardAgreesWithTheDefinition() {
        for (int i = 0; i < 300; i++) {
            var s = randomShape();
            float[] x = dice.values(s.input());
            float[] w = dice.values(s.filter());
            Layout offered = dice.random.nextBoolean() ? Layout.PLAIN : Layout.BLOCKED;
            float[] y = run(CPU, new Kernel.Conv2d(s, Kernel.Pass.FORWARD, null), offered, x, w);
            assertClose(PlainConv2d.forward(s, x, w), y, s.c() / s.groups() * s.kh() * s.kw(), s);
        }
    }

    @Test
    void dataGradientAgreesWithTheDefinition() {
        for (int i = 0; i < 300; i++) {
            var s = randomShape();
            float[] dy = dice.values(s.output());
            float[] w = dice.values(s.filter());
            Layout offered = dice.random.nextBoolean() ? Layout.PLAIN : Layout.BLOCKED;
            float[] dx = run(CPU, new Kernel.Conv2d(s, Kernel.Pass.DATA, null), offered, dy, w);
            assertClose(PlainConv2d.data(s, dy, w), dx, s.k() / s.groups() * s.kh() * s.kw(), s);
        }
    }

    /** The shapes that real networks bring, at sizes where tasks are cut in every way. */
    @Test
    void networkShapesAgreeWithTheDefinition() {
        for (var s : List.of(
                new Conv2dShape(2, 3, 64, 64, 32, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1),
                new Conv2dShape(1, 3, 56, 56, 24, 14, 14, 14, 14, 0, 0, 0, 0, 1, 1, 1),
                new Conv2dShape(1, 3, 64, 64, 64, 7, 7, 2, 2, 3, 3, 3, 3, 1, 1, 1),
                new Conv2dShape(9, 480, 1, 1, 20, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1),
                new Conv2dShape(40, 20, 1, 1, 480, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1),
                new Conv2dShape(1, 192, 7, 7, 1152, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1),
                new Conv2dShape(2, 32, 56, 56, 16, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1),
                new Conv2dShape(1, 64, 28, 28, 128, 1, 1, 2, 2, 0, 0, 0, 0, 1, 1, 1),
                new Conv2dShape(1, 64, 28, 28, 128, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1))) {
            float[] x = dice.values(s.input());
            float[] w = dice.values(s.filter());
            float[] dy = dice.values(s.output());
            float[] y = run(CPU, new Kernel.Conv2d(s, Kernel.Pass.FORWARD, null), Layout.PLAIN, x, w);
            assertClose(PlainConv2d.forward(s, x, w), y, s.c() * s.kh() * s.kw(), s);
            float[] dx = run(CPU, new Kernel.Conv2d(s, Kernel.Pass.DATA, null), Layout.PLAIN, dy, w);
            assertClose(PlainConv2d.data(s, dy, w), dx, s.k() * s.kh() * s.kw(), s);
        }
    }

    /** relu(y * gate + bias + residual) * 0.5 with every kind of operand, and the same bits from one thread as from two. */
    @Test
    void epilogueIsFused() {
        Expr formula = Expr.in(0)
                .times(Expr.in(1))
                .plus(Expr.in(2))
                .plus(Expr.in(3))
                .max(Expr.of(0))
                .times(Expr.in(4))
                .plus(Expr.in(5));
        for (int plane : new int[] {1, 5, 20}) {
            for (int size : new int[] {1, 3}) {
                var s = new Conv2dShape(
                        3, 40, plane, plane, 37, size, size, 1, 1, size / 2, size / 2, size / 2, size / 2, 1, 1, 1);
                var extras = List.of(
                        Shape.of(3, 37, 1, 1), Shape.of(37, 1, 1), s.output(), Shape.of(1), Shape.of(3, 1, 1, 1));
                var kernel = new Kernel.Conv2d(s, Kernel.Pass.FORWARD, new Kernel.Epilogue(formula, extras));
                assertTrue(CPU.fuses(new Kernel.Conv2d(s, Kernel.Pass.FORWARD, null), kernel.epilogue()));
                float[][] in = kernel.inputs().stream().map(dice::values).toArray(float[][]::new);
                float[] got = run(CPU, kernel, Layout.PLAIN, in);
                double[] truth = PlainConv2d.forward(s, in[0], in[1]);
                int pixels = plane * plane;
                for (int i = 0; i < truth.length; i++) {
                    double sum = truth[i] * in[2][i / pixels] + in[3][i / pixels % 37] + in[4][i];
                    truth[i] = Math.max(0, sum) * in[5][0] + in[6][i / pixels / 37];
                }
                assertClose(truth, got, 40 * size * size, s);
                assertArrayEquals(got, run(ALONE, kernel, Layout.PLAIN, in), "one thread and two");
            }
        }
    }

    @Test
    void anOperandThatFollowsPixelsButNotChannelsIsNotFused() {
        var s = new Conv2dShape(1, 16, 4, 4, 16, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1);
        var epilogue = new Kernel.Epilogue(Expr.in(0).plus(Expr.in(1)), List.of(Shape.of(1, 1, 4, 4)));
        assertTrue(!CPU.fuses(new Kernel.Conv2d(s, Kernel.Pass.FORWARD, null), epilogue));
    }
}
