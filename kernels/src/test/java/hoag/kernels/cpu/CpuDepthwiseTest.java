package hoag.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.Backend;
import hoag.kernels.Buffer;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Pass;
import hoag.kernels.KernelRunner;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.RunState;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Depthwise convolutions and both gradients against the definition in float64. */
class CpuDepthwiseTest {
    private static final CpuBackend CPU = new CpuBackend(2);
    private static final CpuBackend ALONE = new CpuBackend(1);
    private final Dice dice = new Dice(11);

    @AfterAll
    static void close() {
        CPU.close();
        ALONE.close();
    }

    private Conv2dShape randomShape() {
        while (true) {
            int c = dice.between(2, 70);
            int k = 2 * dice.between(0, 3) + 1;
            boolean usual = dice.random.nextBoolean();
            try {
                var shape = new Conv2dShape(
                        dice.between(1, 3),
                        c,
                        dice.between(1, 20),
                        dice.between(1, 20),
                        c,
                        usual ? k : dice.between(1, 5),
                        usual ? k : dice.between(1, 9),
                        dice.between(1, 3),
                        dice.between(1, 3),
                        usual ? k / 2 : dice.between(0, 6),
                        usual ? k / 2 : dice.between(0, 6),
                        usual ? k / 2 : dice.between(0, 6),
                        usual ? k / 2 : dice.between(0, 6),
                        usual ? 1 : dice.between(1, 3),
                        usual ? 1 : dice.between(1, 3),
                        c);
                if (shape.flops() < 2e6) {
                    return shape;
                }
            } catch (ShapeException smallerThanItsFilter) {
                continue;
            }
        }
    }

    private static double[] truth(Kernel.Conv2d kernel, float[] a, float[] b) {
        return switch (kernel.pass()) {
            case FORWARD -> PlainConv2d.forward(kernel.shape(), a, b);
            case DATA -> PlainConv2d.data(kernel.shape(), a, b);
            case FILTER -> PlainConv2d.filter(kernel.shape(), a, b);
        };
    }

    private static void assertClose(double[] truth, float[] got, Object what) {
        assertEquals(truth.length, got.length);
        for (int i = 0; i < truth.length; i++) {
            assertEquals(truth[i], got[i], 5e-6 + 1e-6 * Math.abs(truth[i]), what + " element " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(Pass.class)
    void agreesWithTheDefinition(Pass pass) {
        for (int i = 0; i < 200; i++) {
            var kernel = new Kernel.Conv2d(randomShape(), pass, null);
            float[][] in = kernel.inputs().stream().map(dice::values).toArray(float[][]::new);
            float[] got = KernelRunner.run(CPU, kernel, in)[0];
            assertClose(truth(kernel, in[0], in[1]), got, kernel);
            assertArrayEquals(got, KernelRunner.run(ALONE, kernel, in)[0], "one thread and two: " + kernel);
        }
    }

    /** Every vector width gives the same sums as the widest, up to rounding. */
    @ParameterizedTest
    @EnumSource(Pass.class)
    void narrowVectorsAgreeWithTheDefinition(Pass pass) {
        for (int lanes = 4; lanes <= Lanes.count(); lanes *= 2) {
            for (int i = 0; i < 20; i++) {
                var kernel = new Kernel.Conv2d(randomShape(), pass, null);
                float[][] in = kernel.inputs().stream().map(dice::values).toArray(float[][]::new);
                var wish = CPU.wish(kernel, List.of(Layout.PLAIN, Layout.PLAIN));
                assertClose(
                        truth(kernel, in[0], in[1]),
                        run(kernel, wish, CpuDepthwise.prepare(kernel, lanes), in),
                        lanes + " lanes, " + kernel);
            }
        }
    }

    private static float[] run(Kernel kernel, Backend.Wish wish, Launch launch, float[]... in) {
        var operands = new ArrayList<Buffer>();
        for (int i = 0; i < in.length; i++) {
            operands.add(relayout(
                    kernel.inputs().get(i),
                    CPU.share(java.util.Arrays.copyOf(in[i], in[i].length + 16), 0, in[i].length)
                            .orElseThrow(),
                    Layout.PLAIN,
                    wish.inputs().get(i)));
        }
        Shape shape = kernel.outputs().getFirst();
        Layout layout = wish.outputs().getFirst();
        operands.add(CPU.allocate(layout.floats(shape)));
        CPU.run(List.of(launch.bind(operands, CPU.allocate(launch.scratch(CPU.workers())), new RunState())));
        Buffer plain = relayout(shape, operands.getLast(), layout, Layout.PLAIN);
        float[] got = new float[shape.size()];
        CPU.read(plain, got, 0, got.length);
        return got;
    }

    private static Buffer relayout(Shape shape, Buffer from, Layout is, Layout becomes) {
        if (is.equals(becomes)) {
            return from;
        }
        Buffer to = CPU.allocate(becomes.floats(shape));
        var launch =
                CPU.prepare(new Kernel.Relayout(shape, is, becomes), new Backend.Wish(List.of(is), List.of(becomes)));
        CPU.run(List.of(launch.bind(List.of(from, to), null, new RunState())));
        return to;
    }

    /** relu(y * scale + shift) + residual with every kind of operand. */
    @Test
    void epilogueIsFused() {
        Expr formula = Expr.in(0)
                .times(Expr.in(1))
                .plus(Expr.in(2))
                .max(Expr.of(0))
                .times(Expr.in(4))
                .plus(Expr.in(3));
        for (int size : new int[] {3, 20}) {
            var s = new Conv2dShape(2, 37, size, size, 37, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 37);
            var extras = List.of(Shape.of(37, 1, 1), Shape.of(1, 37, 1, 1), s.output(), Shape.of(2, 37, 1, 1));
            var kernel = new Kernel.Conv2d(s, Pass.FORWARD, new Kernel.Epilogue(formula, extras));
            assertTrue(CPU.fuses(new Kernel.Conv2d(s, Pass.FORWARD, null), kernel.epilogue()));
            float[][] in = kernel.inputs().stream().map(dice::values).toArray(float[][]::new);
            double[] truth = PlainConv2d.forward(s, in[0], in[1]);
            for (int i = 0; i < truth.length; i++) {
                int plane = i / size / size;
                truth[i] = Math.max(0, truth[i] * in[2][plane % 37] + in[3][plane % 37]) * in[5][plane] + in[4][i];
            }
            assertClose(truth, KernelRunner.run(CPU, kernel, in)[0], kernel);
        }
    }

    /** What lies in lanes beyond the last channel may be anything, and must not be seen. */
    @Test
    void lanesBeyondTheChannelsAreNotSeen() {
        var s = new Conv2dShape(1, 5, 9, 9, 5, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 5);
        float[] x = new float[9 * 9 * 16 + 16];
        float[] dy = new float[9 * 9 * 16 + 16];
        float[] plainX = dice.values(s.input());
        float[] plainDy = dice.values(s.output());
        java.util.Arrays.fill(x, Float.NaN);
        java.util.Arrays.fill(dy, Float.NaN);
        for (int i = 0; i < 5 * 81; i++) {
            x[i % 81 * 16 + i / 81] = plainX[i];
            dy[i % 81 * 16 + i / 81] = plainDy[i];
        }
        var kernel = new Kernel.Conv2d(s, Pass.FILTER, null);
        var launch = CPU.prepare(kernel, CPU.wish(kernel, List.of(Layout.BLOCKED, Layout.BLOCKED)));
        Buffer dw = CPU.allocate(45);
        var operands = List.of(new Buffer(x, 0, 9 * 9 * 16), new Buffer(dy, 0, 9 * 9 * 16), dw);
        CPU.run(List.of(launch.bind(operands, CPU.allocate(launch.scratch(CPU.workers())), new RunState())));
        float[] got = new float[45];
        CPU.read(dw, got, 0, 45);
        assertClose(PlainConv2d.filter(s, plainX, plainDy), got, kernel);
    }
}
