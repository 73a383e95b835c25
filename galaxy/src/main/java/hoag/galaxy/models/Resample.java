package hoag.galaxy.models;

import hoag.engine.Tensor;
import hoag.kernels.Shape;
import java.util.function.IntFunction;

/** Maps (n, c, h, w) to other sizes as products with small constant matrices, one for each axis. */
final class Resample {
    private Resample() {}

    /** Bicubic with antialiasing, as timm resizes position embeddings: a = -0.5, weights normalised (PyTorch's {@code interpolate}). */
    static Tensor bicubic(Tensor x, int rows, int columns) {
        int h = x.shape().dim(2);
        int w = x.shape().dim(3);
        Tensor wide = columns == w ? x : x.linear(Tensor.constant(Shape.of(columns, w), cubics(columns, w)));
        return rows == h
                ? wide
                : Tensor.constant(Shape.of(1, 1, rows, h), cubics(rows, h)).matmul(wide);
    }

    private static float[] cubics(int to, int from) {
        double scale = (double) from / to;
        double stretch = Math.max(1, scale);
        return matrix(to, from, i -> {
            double centre = scale * (i + 0.5);
            int first = Math.max(0, (int) (centre - 2 * stretch + 0.5));
            int end = Math.min(from, (int) (centre + 2 * stretch + 0.5));
            double[] row = new double[from];
            double sum = 0;
            for (int j = first; j < end; j++) {
                row[j] = cubic(Math.abs((j - centre + 0.5) / stretch));
                sum += row[j];
            }
            for (int j = first; j < end; j++) {
                row[j] /= sum;
            }
            return row;
        });
    }

    /** Keys 1981 with a = -0.5. */
    private static double cubic(double x) {
        if (x < 1) {
            return (1.5 * x - 2.5) * x * x + 1;
        }
        return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    }

    private static float[] matrix(int to, int from, IntFunction<double[]> rows) {
        float[] all = new float[to * from];
        for (int i = 0; i < to; i++) {
            double[] row = rows.apply(i);
            for (int j = 0; j < from; j++) {
                all[i * from + j] = (float) row[j];
            }
        }
        return all;
    }
}
