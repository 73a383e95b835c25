package hoag.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Buffer;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.RunState;
import hoag.kernels.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Filter gradients of dense and grouped convolutions against the definition in float64. */
class CpuConv2dFilterTest {
    private static final CpuBackend CPU = new CpuBackend(2);
    private static final CpuBackend ALONE = new CpuBackend(1);
    private final Dice dice = new Dice(5);

    @AfterAll
    static void close() {
        CPU.close();
        ALONE.close();
    }

    private void check(Conv2dShape s, Layout offered) {
        float[] x = dice.values(s.input());
        float[] dy = dice.values(s.output());
        var kernel = new Kernel.Conv2d(s, Kernel.Pass.FILTER, null);
        var wish = CPU.wish(kernel, List.of(offered, offered));
        float[] got = Once.run(CPU, kernel, wish, x, dy);
        assertClose(s, PlainConv2d.filter(s, x, dy), got);
        assertArrayEquals(got, Once.run(ALONE, kernel, wish, x, dy), "one thread and two: " + s);
    }

    private static void assertClose(Conv2dShape s, double[] truth, float[] got) {
        assertEquals(truth.length, got.length);
        double bound = 4e-7 * Math.sqrt(s.n() * s.oh() * s.ow());
        for (int i = 0; i < truth.length; i++) {
            assertEquals(truth[i], got[i], bound + 2e-6 * Math.abs(truth[i]), s + " element " + i);
        }
    }

    @Test
    void agreesWithTheDefinition() {
        for (int i = 0; i < 300; i++) {
            check(dice.convolution(), dice.random.nextBoolean() ? Layout.PLAIN : Layout.BLOCKED);
        }
    }

    /** The shapes that real networks bring, at sizes where tasks are cut in every way. */
    @Test
    void networkShapesAgreeWithTheDefinition() {
        for (var s : Dice.NETWORKS) {
            check(s, Layout.PLAIN);
        }
    }

    @Test
    void narrowVectorsAgreeWithTheDefinition() {
        for (int lanes = 4; lanes <= Lanes.count(); lanes *= 2) {
            for (int c : new int[] {3, 16, 37, 64}) {
                var s = new Conv2dShape(2, c, 9, 11, 41, 3, 3, 2, 1, 1, 1, 1, 1, 1, 1, 1);
                float[] x = dice.values(s.input());
                float[] dy = dice.values(s.output());
                var kernel = new Kernel.Conv2d(s, Kernel.Pass.FILTER, null);
                var wish = CPU.wish(kernel, List.of(Layout.PLAIN, Layout.PLAIN));
                assertClose(
                        s,
                        PlainConv2d.filter(s, x, dy),
                        launch(s, wish, CpuConv2dFilter.prepare(s, wish, lanes), x, dy));
            }
        }
    }

    private static float[] launch(Conv2dShape s, Wish wish, Launch launch, float[] x, float[] dy) {
        Buffer to = CPU.allocate(s.filter().size());
        var operands = List.of(
                relayout(s.input(), x, wish.inputs().get(0)),
                relayout(s.output(), dy, wish.inputs().get(1)),
                to);
        CPU.run(List.of(launch.bind(operands, CPU.allocate(launch.scratch(CPU.workers())), new RunState())));
        float[] got = new float[s.filter().size()];
        CPU.read(to, got, 0, got.length);
        return got;
    }

    private static Buffer relayout(Shape shape, float[] values, Layout becomes) {
        Buffer from = CPU.share(Arrays.copyOf(values, values.length + 16), 0, values.length)
                .orElseThrow();
        if (becomes.equals(Layout.PLAIN)) {
            return from;
        }
        Buffer to = CPU.allocate(becomes.floats(shape));
        var launch = CPU.prepare(
                new Kernel.Relayout(shape, Layout.PLAIN, becomes), new Wish(List.of(Layout.PLAIN), List.of(becomes)));
        CPU.run(List.of(launch.bind(List.of(from, to), null, new RunState())));
        return to;
    }

    /** What lies in lanes beyond the last channel may be anything, and must not be seen. */
    @Test
    void lanesBeyondTheChannelsAreNotSeen() {
        var s = new Conv2dShape(1, 5, 6, 6, 7, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        float[] plainX = dice.values(s.input());
        float[] plainDy = dice.values(s.output());
        float[] x = new float[36 * 16 + 16];
        float[] dy = new float[36 * 16 + 16];
        Arrays.fill(x, Float.NaN);
        Arrays.fill(dy, Float.NaN);
        for (int pixel = 0; pixel < 36; pixel++) {
            for (int c = 0; c < 5; c++) {
                x[pixel * 16 + c] = plainX[c * 36 + pixel];
            }
            for (int k = 0; k < 7; k++) {
                dy[pixel * 16 + k] = plainDy[k * 36 + pixel];
            }
        }
        Buffer dw = CPU.allocate(s.filter().size());
        var wish = new Wish(List.of(Layout.BLOCKED, Layout.BLOCKED), List.of(Layout.PLAIN));
        var launch = CPU.prepare(new Kernel.Conv2d(s, Kernel.Pass.FILTER, null), wish);
        CPU.run(List.of(launch.bind(
                List.of(new Buffer(x, 0, 576), new Buffer(dy, 0, 576), dw),
                CPU.allocate(launch.scratch(2)),
                new RunState())));
        float[] got = new float[s.filter().size()];
        CPU.read(dw, got, 0, got.length);
        assertClose(s, PlainConv2d.filter(s, plainX, plainDy), got);
    }
}
