package hoag.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Layout;
import hoag.kernels.Shape;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Convolutions by Winograd's transform against the definition in float64, within the error that {@link Winograd#ERROR} states. */
class CpuWinogradTest {
    private static final CpuBackend CPU = new CpuBackend(2);
    private static final CpuBackend ALONE = new CpuBackend(1);
    private static final CpuBackend EXACT = new CpuBackend(2, true);
    private final Dice dice = new Dice(11);

    @AfterAll
    static void close() {
        CPU.close();
        ALONE.close();
        EXACT.close();
    }

    private static boolean chosen(CpuBackend backend, Kernel.Conv2d kernel) {
        var wish = backend.wish(kernel, Collections.nCopies(2, Layout.BLOCKED));
        return backend.prepare(kernel, wish).algorithm().startsWith("winograd");
    }

    private static void assertNear(double[] truth, float[] got, int channels, Object what) {
        assertNear(truth, got, Winograd.ERROR * Math.sqrt(channels), what);
    }

    /** rms of the error within twice what is stated, no error above 14 times that. */
    private static void assertNear(double[] truth, float[] got, double share, Object what) {
        assertEquals(truth.length, got.length);
        double squares = 0;
        double errors = 0;
        double worst = 0;
        for (int i = 0; i < truth.length; i++) {
            double error = Math.abs(truth[i] - got[i]);
            assertFalse(Double.isNaN(error), what + " element " + i + " is not a number");
            squares += truth[i] * truth[i];
            errors += error * error;
            worst = Math.max(worst, error);
        }
        double rms = Math.sqrt(squares / truth.length);
        double stated = share * rms;
        assertTrue(Math.sqrt(errors / truth.length) <= 2 * stated, what + ": rms of the error above " + 2 * stated);
        assertTrue(worst <= 14 * stated, what + ": error " + worst + " above " + 14 * stated);
    }

    private void agrees(Conv2dShape s) {
        var forward = new Kernel.Conv2d(s, Kernel.Pass.FORWARD, null);
        assertTrue(chosen(CPU, forward), s + " is computed in another way");
        assertFalse(chosen(EXACT, forward), "exact, and yet by Winograd");
        float[] w = dice.values(s.filter());
        float[] x = dice.values(s.input());
        float[] y = Once.run(CPU, forward, Layout.BLOCKED, x, w);
        assertNear(PlainConv2d.forward(s, x, w), y, s.c(), s);
        assertArrayEquals(y, Once.run(ALONE, forward, Layout.BLOCKED, x, w), "one thread and two");
        var data = new Kernel.Conv2d(s, Kernel.Pass.DATA, null);
        float[] dy = dice.values(s.output());
        float[] dx = Once.run(CPU, data, Layout.BLOCKED, dy, w);
        assertNear(PlainConv2d.data(s, dy, w), dx, s.k(), s + " data");
        assertArrayEquals(dx, Once.run(ALONE, data, Layout.BLOCKED, dy, w), "one thread and two");
        if (Math.min(s.c(), s.k()) >= 32) {
            filterAgrees(s, x, dy);
        }
    }

    private void filterAgrees(Conv2dShape s, float[] x, float[] dy) {
        var filter = new Kernel.Conv2d(s, Kernel.Pass.FILTER, null);
        assertTrue(chosen(CPU, filter), s + " has its filter's gradient computed in another way");
        assertFalse(chosen(EXACT, filter), "exact, and yet by Winograd");
        var wish = CPU.wish(filter, Collections.nCopies(2, Layout.BLOCKED));
        float[] dw = Once.run(CPU, filter, wish, x, dy);
        assertNear(PlainConv2d.filter(s, x, dy), dw, Winograd.FILTER_ERROR, s + " filter");
        assertArrayEquals(dw, Once.run(ALONE, filter, wish, x, dy), "one thread and two");
    }

    /** Planes that tiles of four do and do not divide, channels that blocks of 16 do not, uneven and missing padding, one image and several. */
    @Test
    void agreesWithTheDefinition() {
        for (var s : List.of(
                new Conv2dShape(2, 37, 33, 30, 50, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1),
                new Conv2dShape(1, 64, 56, 56, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1),
                new Conv2dShape(3, 40, 23, 41, 70, 3, 3, 1, 1, 0, 2, 1, 0, 1, 1, 1),
                new Conv2dShape(2, 16, 80, 81, 24, 3, 3, 1, 1, 2, 2, 2, 2, 1, 1, 1),
                new Conv2dShape(2, 64, 26, 27, 80, 3, 3, 1, 1, 0, 0, 0, 0, 1, 1, 1))) {
            agrees(s);
        }
    }

    /** Where the filters of a position are read once for all images. */
    @Test
    void manyWeightsAgreeWithTheDefinition() {
        agrees(new Conv2dShape(1, 250, 7, 7, 256, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1));
        agrees(new Conv2dShape(1, 128, 14, 13, 100, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1));
    }

    /** Two pixels of four in a tile: as many multiplications as without, and the transforms. */
    @Test
    void filtersOfTinyPlanesAreSummedDirectly() {
        var tiny = new Conv2dShape(32, 512, 2, 2, 512, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        assertFalse(chosen(CPU, new Kernel.Conv2d(tiny, Kernel.Pass.FILTER, null)));
    }

    /** More images than three phases take at a time. */
    @Test
    void manyImagesAgreeWithDirectSums() {
        var s = new Conv2dShape(70, 130, 7, 7, 190, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        var kernel = new Kernel.Conv2d(s, Kernel.Pass.FORWARD, null);
        float[] x = dice.values(s.input());
        float[] w = dice.values(s.filter());
        float[] direct = Once.run(EXACT, kernel, Layout.BLOCKED, x, w);
        double[] truth = new double[direct.length];
        java.util.Arrays.setAll(truth, i -> direct[i]);
        assertNear(truth, Once.run(CPU, kernel, Layout.BLOCKED, x, w), s.c(), s);
    }

    @Test
    void anImageDoesNotDependOnItsBatch() {
        var one = new Conv2dShape(1, 192, 14, 14, 200, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        var many = new Conv2dShape(18, 192, 14, 14, 200, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        float[] x = dice.values(many.input());
        float[] w = dice.values(many.filter());
        float[] all = Once.run(CPU, new Kernel.Conv2d(many, Kernel.Pass.FORWARD, null), Layout.BLOCKED, x, w);
        int in = one.input().size();
        int out = one.output().size();
        for (int image : new int[] {0, 17}) {
            float[] picture = java.util.Arrays.copyOfRange(x, image * in, (image + 1) * in);
            float[] alone =
                    Once.run(CPU, new Kernel.Conv2d(one, Kernel.Pass.FORWARD, null), Layout.BLOCKED, picture, w);
            assertArrayEquals(alone, java.util.Arrays.copyOfRange(all, image * out, (image + 1) * out));
        }
    }

    /** relu(y * gate + bias + residual) for both ways of cutting the work. */
    @Test
    void epilogueIsFused() {
        Expr formula =
                Expr.in(0).times(Expr.in(1)).plus(Expr.in(2)).plus(Expr.in(3)).max(Expr.of(0));
        for (var s : List.of(
                new Conv2dShape(2, 40, 30, 30, 37, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1),
                new Conv2dShape(3, 200, 9, 9, 133, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1))) {
            var extras = List.of(Shape.of(s.n(), s.k(), 1, 1), Shape.of(s.k(), 1, 1), s.output());
            var kernel = new Kernel.Conv2d(s, Kernel.Pass.FORWARD, new Kernel.Epilogue(formula, extras));
            float[][] in = kernel.inputs().stream().map(dice::values).toArray(float[][]::new);
            double[] truth = PlainConv2d.forward(s, in[0], in[1]);
            int pixels = s.oh() * s.ow();
            for (int i = 0; i < truth.length; i++) {
                truth[i] = Math.max(0, truth[i] * in[2][i / pixels] + in[3][i / pixels % s.k()] + in[4][i]);
            }
            assertNear(truth, Once.run(CPU, kernel, Layout.BLOCKED, in), s.c(), s);
        }
    }

    /** The emitted transforms and their plain twins give the same bits, for vectors of every width. */
    @Test
    void emittedTransformsAgreeWithPlainOnes() {
        for (var kind : WinogradKernels.Kind.values()) {
            for (int lanes : new int[] {4, 8, 16}) {
                float[] from = dice.values(Shape.of(6 * 6 * 16 + 5 * 64));
                float[] plain = new float[40 * 16 * 3];
                float[] emitted = new float[plain.length];
                float[] s = new float[576];
                new PlainWinograd(kind).run(from, 8, 96, 16, 64, plain, 5, 192, 16, 64, s, 0, 3);
                WinogradKernels.emit(kind, lanes).run(from, 8, 96, 16, 64, emitted, 5, 192, 16, 64, s, 0, 3);
                assertArrayEquals(plain, emitted, kind + " with " + lanes + " lanes");
            }
        }
    }
}
