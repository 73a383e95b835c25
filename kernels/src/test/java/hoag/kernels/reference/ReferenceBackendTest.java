package hoag.kernels.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hoag.kernels.Backend;
import hoag.kernels.Conv2dShape;
import hoag.kernels.DataException;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Kernel.Mover;
import hoag.kernels.Kernel.Pass;
import hoag.kernels.Kernel.PoolMode;
import hoag.kernels.KernelRunner;
import hoag.kernels.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The truth itself: numbers worked out by hand, and gradients that are adjoint to what they differentiate. */
class ReferenceBackendTest {
    private final Backend backend = new ReferenceBackend();

    private float[] run(Kernel kernel, float[]... inputs) {
        return KernelRunner.run(backend, kernel, inputs)[0];
    }

    private static float[] of(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static float[] random(Shape shape, long seed) {
        var random = new Random(seed);
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    private static double dot(float[] a, float[] b) {
        assertEquals(a.length, b.length);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** (1, 1, 3, 3) with a 2x2 filter, stride 2, one row and column of zeros above and left. */
    @Test
    void convolvesByHand() {
        var shape = new Conv2dShape(1, 1, 3, 3, 1, 2, 2, 2, 2, 1, 1, 0, 0, 1, 1, 1);
        float[] x = of(1, 2, 3, 4, 5, 6, 7, 8, 9);
        float[] y = run(new Kernel.Conv2d(shape, Pass.FORWARD, null), x, of(1, 10, 100, 1000));
        assertArrayEquals(of(1000, 3200, 7040, 9865), y);
    }

    @Test
    void theThreePassesOfConvolutionAreAdjoint() {
        for (var s : List.of(
                new Conv2dShape(2, 4, 7, 6, 6, 3, 2, 2, 1, 1, 0, 2, 1, 1, 2, 2),
                new Conv2dShape(1, 3, 5, 5, 3, 5, 5, 1, 1, 2, 2, 2, 2, 1, 1, 3))) {
            float[] x = random(s.input(), 1);
            float[] w = random(s.filter(), 2);
            float[] dy = random(s.output(), 3);
            double product = dot(run(new Kernel.Conv2d(s, Pass.FORWARD, null), x, w), dy);
            assertEquals(product, dot(run(new Kernel.Conv2d(s, Pass.DATA, null), dy, w), x), 1e-5);
            assertEquals(product, dot(run(new Kernel.Conv2d(s, Pass.FILTER, null), x, dy), w), 1e-5);
        }
    }

    @Test
    void multipliesTransposedAndBroadcast() {
        float[] a = of(1, 2, 3, 4, 5, 6);
        float[] b = of(1, 0, 0, 1, 1, 1);
        assertArrayEquals(
                of(4, 5, 10, 11), run(new Kernel.Product(1, 2, 2, 3, false, false, false, false, null), a, b));
        float[] at = of(1, 4, 2, 5, 3, 6);
        float[] bt = of(1, 0, 1, 0, 1, 1);
        assertArrayEquals(
                of(4, 5, 10, 11), run(new Kernel.Product(1, 2, 2, 3, true, true, false, false, null), at, bt));
        float[] twice = of(1, 1, 10, 10);
        assertArrayEquals(
                of(3, 30), run(new Kernel.Product(2, 1, 1, 2, false, false, false, true, null), of(1, 2), twice));
    }

    @Test
    void epilogueSeesTheResultAndItsExtras() {
        Expr formula = Expr.in(0).plus(Expr.in(1)).max(Expr.of(0)).times(Expr.in(2));
        var epilogue = new Kernel.Epilogue(formula, List.of(Shape.of(2), Shape.of(1, 2, 1)));
        var product = new Kernel.Product(1, 2, 2, 1, false, false, false, false, epilogue);
        assertArrayEquals(of(11, 0, 24, 0), run(product, of(1, 2), of(1, -10), of(10, 5), of(1, 2)));
    }

    @Test
    void poolsByHand() {
        var window = new Conv2dShape(1, 1, 3, 3, 1, 2, 2, 2, 2, 0, 0, 1, 1, 1, 1, 1);
        float[] x = of(1, 2, 3, 4, 5, 6, 7, 8, 8);
        assertArrayEquals(of(5, 6, 8, 8), run(new Kernel.Pool(window, PoolMode.MAX, false), x));
        assertArrayEquals(of(3, 4.5, 7.5, 8), run(new Kernel.Pool(window, PoolMode.AVERAGE, false), x));
        assertArrayEquals(of(3, 2.25, 3.75, 2), run(new Kernel.Pool(window, PoolMode.AVERAGE_WITH_PADDING, false), x));
        float[] dy = of(1, 2, 4, 8);
        assertArrayEquals(of(0, 0, 0, 0, 1, 2, 0, 4, 8), run(new Kernel.Pool(window, PoolMode.MAX, true), x, dy));
        assertArrayEquals(
                of(.25, .25, 1, .25, .25, 1, 2, 2, 8), run(new Kernel.Pool(window, PoolMode.AVERAGE, true), x, dy));
    }

    @Test
    void pointwiseBroadcasts() {
        var kernel = new Kernel.Pointwise(
                Shape.of(2, 3),
                List.of(Shape.of(2, 1), Shape.of(3)),
                List.of(Expr.in(0).times(Expr.in(1)), Expr.in(0)));
        float[][] out = KernelRunner.run(backend, kernel, of(1, 10), of(1, 2, 3));
        assertArrayEquals(of(1, 2, 3, 10, 20, 30), out[0]);
        assertArrayEquals(of(1, 1, 1, 10, 10, 10), out[1]);
    }

    @Test
    void reducesAlongAxes() {
        float[] x = of(1, 5, 5, 4, 0, 6);
        Shape space = Shape.of(2, 3);
        assertArrayEquals(of(11, 10), run(reduce(space, Fold.SUM, 1), x));
        assertArrayEquals(
                of(5, 0, 30),
                run(new Kernel.Reduce(space, List.of(space), List.of(Expr.in(0)), Fold.PROD, 0), of(1, 5, 5, 5, 0, 6)));
        assertArrayEquals(of(0), run(reduce(space, Fold.MIN, 0, 1), x));
        assertArrayEquals(of(1, 2), run(reduce(space, Fold.ARGMAX, 1), x));
        assertArrayEquals(of(0, 1, 0), run(reduce(space, Fold.ARGMIN, 0), x));
    }

    private static Kernel reduce(Shape space, Fold fold, int... axes) {
        return new Kernel.Reduce(space, List.of(space), List.of(Expr.in(0)), fold, axes);
    }

    @Test
    void momentsKeepTheirDigitsFarFromZero() {
        float[] x = of(100001, 100002, 100003, -1, 0, 1, 100001, 100002, 100003, -1, 0, 1);
        float[] moments = run(new Kernel.Moments(Shape.of(2, 2, 3), 0, 2), x);
        assertArrayEquals(of(100002, 0, 2 / 3.0, 2 / 3.0), moments);
    }

    @Test
    void movesElements() {
        float[] x = of(0, 1, 2, 10, 11, 12);
        Shape shape = Shape.of(2, 3);
        assertArrayEquals(of(0, 10, 1, 11, 2, 12), run(new Kernel.Move(shape, new Mover.Permute(List.of(1, 0))), x));
        assertArrayEquals(of(2, 0, 12, 10), run(new Kernel.Move(shape, new Mover.Slice(1, 2, -2, 2)), x));
        assertArrayEquals(
                of(0, 0, 0, 1, 0, 2, 0, 0, 0, 10, 0, 11, 0, 12, 0, 0),
                run(new Kernel.Move(shape, new Mover.Place(1, 1, 2, 8)), x));
        assertArrayEquals(
                of(0, 1, 2, 7, 10, 11, 12, 8), run(new Kernel.Concat(List.of(shape, Shape.of(2, 1)), 1), x, of(7, 8)));
    }

    @Test
    void gathersRowsAndAddsThemBack() {
        assertArrayEquals(
                of(5, 6, 1, 2, 5, 6), run(new Kernel.Gather(3, 2, 3, false), of(1, 2, 3, 4, 5, 6), of(2, 0, 2)));
        assertArrayEquals(
                of(3, 4, 0, 0, 6, 8), run(new Kernel.Gather(3, 2, 3, true), of(2, 0, 2), of(1, 2, 3, 4, 5, 6)));
        var error = assertThrows(DataException.class, () -> run(new Kernel.Gather(3, 1, 1, false), of(1, 2, 3), of(3)));
        assertEquals("gather: index 3.0 at place 0 is outside 0..2, the rows of the table", error.getMessage());
    }

    @Test
    void ordersRows() {
        assertArrayEquals(of(1, 2, 0), run(new Kernel.Order(1, 3, 3, true), of(1, 3, 2)));
        assertArrayEquals(of(0, 2, 2, 1), run(new Kernel.Order(2, 3, 2, false), of(1, 3, 2, 9, 8, 7)));
    }
}
