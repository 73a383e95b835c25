package hoag.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Layout;
import hoag.kernels.Shape;
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

    private static void assertClose(double[] truth, float[] got, double terms, Object what) {
        assertEquals(truth.length, got.length);
        for (int i = 0; i < truth.length; i++) {
            assertEquals(truth[i], got[i], 4e-7 * Math.sqrt(terms) + 1e-6 * Math.abs(truth[i]), what + " element " + i);
        }
    }

    @Test
    void forwardAgreesWithTheDefinition() {
        for (int i = 0; i < 300; i++) {
            var s = dice.convolution();
            float[] x = dice.values(s.input());
            float[] w = dice.values(s.filter());
            Layout offered = dice.random.nextBoolean() ? Layout.PLAIN : Layout.BLOCKED;
            float[] y = Once.run(CPU, new Kernel.Conv2d(s, Kernel.Pass.FORWARD, null), offered, x, w);
            assertClose(PlainConv2d.forward(s, x, w), y, s.c() / s.groups() * s.kh() * s.kw(), s);
        }
    }

    @Test
    void dataGradientAgreesWithTheDefinition() {
        for (int i = 0; i < 300; i++) {
            var s = dice.convolution();
            float[] dy = dice.values(s.output());
            float[] w = dice.values(s.filter());
            Layout offered = dice.random.nextBoolean() ? Layout.PLAIN : Layout.BLOCKED;
            float[] dx = Once.run(CPU, new Kernel.Conv2d(s, Kernel.Pass.DATA, null), offered, dy, w);
            assertClose(PlainConv2d.data(s, dy, w), dx, s.k() / s.groups() * s.kh() * s.kw(), s);
        }
    }

    /** The shapes that real networks bring, at sizes where tasks are cut in every way. */
    @Test
    void networkShapesAgreeWithTheDefinition() {
        for (var s : Dice.NETWORKS) {
            float[] x = dice.values(s.input());
            float[] w = dice.values(s.filter());
            float[] dy = dice.values(s.output());
            float[] y = Once.run(CPU, new Kernel.Conv2d(s, Kernel.Pass.FORWARD, null), Layout.PLAIN, x, w);
            assertClose(PlainConv2d.forward(s, x, w), y, s.c() * s.kh() * s.kw(), s);
            float[] dx = Once.run(CPU, new Kernel.Conv2d(s, Kernel.Pass.DATA, null), Layout.PLAIN, dy, w);
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
                float[] got = Once.run(CPU, kernel, Layout.PLAIN, in);
                double[] truth = PlainConv2d.forward(s, in[0], in[1]);
                int pixels = plane * plane;
                for (int i = 0; i < truth.length; i++) {
                    double sum = truth[i] * in[2][i / pixels] + in[3][i / pixels % 37] + in[4][i];
                    truth[i] = Math.max(0, sum) * in[5][0] + in[6][i / pixels / 37];
                }
                assertClose(truth, got, 40 * size * size, s);
                assertArrayEquals(got, Once.run(ALONE, kernel, Layout.PLAIN, in), "one thread and two");
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
