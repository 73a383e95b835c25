package hoag.kernels.cpu;

import hoag.kernels.Shape;
import java.util.Random;

/** Random values and sizes for tests, the same at each run. */
final class Dice {
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
}
