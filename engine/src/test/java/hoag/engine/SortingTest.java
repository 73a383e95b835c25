package hoag.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What golden cases have not: ties, NaN, zeros of both signs, infinities in running sums, refusals. */
class SortingTest {
    private static final float NAN = Float.NaN;
    private static final float INF = Float.POSITIVE_INFINITY;

    private static Tensor row(float... values) {
        return Tensor.constant(Shape.of(values.length), values);
    }

    @Test
    void equalElementsKeepTheirOrderAndNanIsLargest() {
        Tensor x = row(2, 0, NAN, 2, -0f, INF, -1);
        assertArrayEquals(
                new float[] {2, 5, 0, 3, 1, 4, 6},
                Sorting.sort(x, 0, true).index().values());
        assertArrayEquals(
                new float[] {6, 1, 4, 0, 3, 5, 2},
                Sorting.sort(x, 0, false).index().values());
    }

    @Test
    void firstOfManyAreTheBeginningOfAll() {
        Random random = new Random(5);
        float[] values = new float[3 * 1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(200); // many ties
        }
        Tensor x = Tensor.constant(Shape.of(3, 1000), values);
        for (boolean largest : new boolean[] {true, false}) {
            Sorting.Sorted few = Sorting.topK(x, 1, 100, largest);
            Sorting.Sorted all = Sorting.sort(x, 1, largest);
            assertArrayEquals(all.index().slice(1, 0, 100).values(), few.index().values());
            assertArrayEquals(
                    all.values().slice(1, 0, 100).values(), few.values().values());
        }
    }

    @Test
    void runningSumsDoNotLookAhead() {
        assertArrayEquals(
                new float[] {1, INF, INF, NAN},
                Sorting.runningSum(row(1, INF, 2, -INF), 0).values());
    }

    @Test
    void tooManyAreRefused() {
        var error = assertThrows(ShapeException.class, () -> Sorting.topK(row(1, 2), 0, 3, true));
        assertEquals("top-k: k 3 is outside 0..2, the size of axis 0 of [2]", error.getMessage());
    }
}
