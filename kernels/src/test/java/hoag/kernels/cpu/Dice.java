package hoag.kernels.cpu;

import hoag.kernels.Conv2dShape;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.List;
import java.util.Random;

/** Random values and sizes for tests, the same at each run. */
final class Dice {
    /** What real networks bring, at sizes where tasks are cut in every way. */
    static final List<Conv2dShape> NETWORKS = List.of(
            new Conv2dShape(2, 3, 64, 64, 32, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1),
            new Conv2dShape(1, 3, 56, 56, 24, 14, 14, 14, 14, 0, 0, 0, 0, 1, 1, 1),
            new Conv2dShape(1, 3, 64, 64, 64, 7, 7, 2, 2, 3, 3, 3, 3, 1, 1, 1),
            new Conv2dShape(9, 480, 1, 1, 20, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1),
            new Conv2dShape(40, 20, 1, 1, 480, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1),
            new Conv2dShape(3, 192, 7, 7, 1152, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1),
            new Conv2dShape(16, 96, 28, 28, 24, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1),
            new Conv2dShape(2, 32, 56, 56, 16, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1),
            new Conv2dShape(1, 64, 28, 28, 128, 1, 1, 2, 2, 0, 0, 0, 0, 1, 1, 1),
            new Conv2dShape(1, 64, 28, 28, 128, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1),
            new Conv2dShape(5, 64, 7, 7, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1));

    final Random random;

    Dice(long seed) {
        random = new Random(seed);
    }

    /** Values from -0.5 to 0.5. */
    float[] values(Shape shape) {
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    /** A whole number from low to high, both included. */
    int between(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    /** A dense or grouped convolution of up to 20 million operations; one of four is 1x1. */
    Conv2dShape convolution() {
        while (true) {
            int groups = random.nextInt(8) == 0 ? between(2, 4) : 1;
            int c = groups * between(1, groups > 1 ? 9 : 70);
            int k = groups * between(1, groups > 1 ? 9 : 70);
            boolean pointwise = random.nextInt(4) == 0;
            try {
                var shape = new Conv2dShape(
                        between(1, 5),
                        c,
                        between(1, 20),
                        between(1, 20),
                        k,
                        pointwise ? 1 : between(1, 5),
                        pointwise ? 1 : between(1, 5),
                        between(1, 3),
                        between(1, 3),
                        between(0, 3),
                        between(0, 3),
                        between(0, 3),
                        between(0, 3),
                        between(1, 2),
                        between(1, 2),
                        groups);
                if (!shape.depthwise() && shape.flops() < 2e7) {
                    return shape;
                }
            } catch (ShapeException smallerThanItsFilter) {
                continue;
            }
        }
    }
}
