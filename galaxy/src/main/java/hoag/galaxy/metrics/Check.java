package hoag.galaxy.metrics;

import hoag.kernels.DataException;
import hoag.kernels.ShapeException;

/** Arguments that every score wants. */
final class Check {
    private Check() {}

    static void sameLength(String first, int a, String second, int b) {
        if (a != b)
            throw new ShapeException("%s has %d values, %s has %d; want as many".formatted(first, a, second, b));
        if (a == 0) throw new DataException("%s is empty; a score needs at least one value".formatted(first));
    }

    static void labels(int[] y, int classes) {
        for (int i = 0; i < y.length; i++)
            if (y[i] < 0 || y[i] >= classes)
                throw new DataException("label of row %d is %d; want 0..%d".formatted(i, y[i], classes - 1));
    }

    static void numbers(String name, double[] values) {
        for (int i = 0; i < values.length; i++)
            if (Double.isNaN(values[i])) throw new DataException("%s of row %d is NaN".formatted(name, i));
    }
}
