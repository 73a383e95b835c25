package hoag.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.PoolMode;
import hoag.kernels.KernelRunner;
import hoag.kernels.Layout;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import hoag.kernels.reference.ReferenceBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Pooling and its gradients against the reference's plain loops in float64, and by hand where it matters which pixel wins. */
class CpuPoolTest {
    private static final CpuBackend CPU = new CpuBackend(2);
    private final Dice dice = new Dice(3);

    @AfterAll
    static void close() {
        CPU.close();
    }

    /** Few distinct values, so that windows have ties. */
    private float[] random(Shape shape) {
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = dice.between(-3, 3) / 4f;
        }
        return values;
    }

    private Conv2dShape window() {
        while (true) {
            int c = dice.between(1, 40);
            try {
                return new Conv2dShape(
                        dice.between(1, 2),
                        c,
                        dice.between(1, 12),
                        dice.between(1, 12),
                        c,
                        dice.between(1, 4),
                        dice.between(1, 4),
                        dice.between(1, 3),
                        dice.between(1, 3),
                        dice.between(0, 2),
                        dice.between(0, 2),
                        dice.between(0, 3),
                        dice.between(0, 3),
                        dice.between(1, 2),
                        dice.between(1, 2),
                        c);
            } catch (ShapeException smallerThanItsWindow) {
                continue;
            }
        }
    }

    @Test
    void agreesWithTheReference() {
        try (var reference = new ReferenceBackend()) {
            for (int i = 0; i < 200; i++) {
                var mode = PoolMode.values()[i % 3];
                var kernel = new Kernel.Pool(window(), mode, i % 2 == 0);
                float[][] in = kernel.inputs().stream().map(this::random).toArray(float[][]::new);
                float[] truth = KernelRunner.run(reference, kernel, in)[0];
                assertArrayEquals(truth, Once.run(CPU, kernel, Layout.PLAIN, in), 2e-6f, "plain " + kernel);
                assertArrayEquals(truth, Once.run(CPU, kernel, Layout.BLOCKED, in), 2e-6f, "blocked " + kernel);
            }
        }
    }

    @Test
    void theFirstLargestPixelReceivesTheGradient() {
        var kernel =
                new Kernel.Pool(new Conv2dShape(1, 1, 2, 3, 1, 2, 3, 1, 1, 0, 0, 0, 0, 1, 1, 1), PoolMode.MAX, true);
        float[] x = {1, 5, 2, 5, 0, 5};
        assertArrayEquals(new float[] {0, 7, 0, 0, 0, 0}, Once.run(CPU, kernel, Layout.PLAIN, x, new float[] {7}));
        assertArrayEquals(new float[] {0, 7, 0, 0, 0, 0}, Once.run(CPU, kernel, Layout.BLOCKED, x, new float[] {7}));
    }

    @Test
    void paddingNeverWinsAndNaNAlwaysDoes() {
        var kernel =
                new Kernel.Pool(new Conv2dShape(1, 1, 2, 2, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1), PoolMode.MAX, false);
        assertArrayEquals(
                new float[] {-1, -1, -1, -1}, Once.run(CPU, kernel, Layout.BLOCKED, new float[] {-4, -3, -2, -1}));
        assertEquals(Float.NaN, Once.run(CPU, kernel, Layout.BLOCKED, new float[] {-4, Float.NaN, -2, -1})[0]);
    }
}
