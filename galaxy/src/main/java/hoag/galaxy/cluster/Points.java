package hoag.galaxy.cluster;

import hoag.galaxy.survey.Rows;
import hoag.kernels.DataException;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Points to be grouped, in double precision.
 *
 * @param values (points, dims), row-major, all finite
 * @param dims numbers of a point
 */
public record Points(double[] values, int dims) {
    /** Points that one thread takes at a time, whatever the number of threads. */
    static final int PIECE = 1024;

    /** @throws DataException when a number is not finite, or there are none */
    public Points {
        if (values.length == 0 || dims < 1) {
            throw new DataException("clusters: no points");
        }
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new DataException("clusters: number " + i % dims + " of point " + i / dims + " is " + values[i]
                        + "; want finite numbers only");
            }
        }
    }

    /** All rows. */
    public static Points of(Rows rows) {
        int width = rows.width();
        double[] values = new double[Math.multiplyExact(rows.size(), width)];
        float[] row = new float[width];
        for (int i = 0; i < rows.size(); i++) {
            rows.read(i, 1, row);
            for (int j = 0; j < width; j++) {
                values[i * width + j] = row[j];
            }
        }
        return new Points(values, width);
    }

    /** How many there are. */
    public int size() {
        return values.length / dims;
    }

    int pieces() {
        return Math.ceilDiv(size(), PIECE);
    }

    int end(int piece) {
        return Math.min(size(), (piece + 1) * PIECE);
    }

    /** Every piece, on all threads of the pool that calls. */
    void each(IntConsumer piece) {
        IntStream.range(0, pieces()).parallel().forEach(piece);
    }

    /** Squared distance of a point to some others' row. */
    double square(int point, double[] others, int row) {
        double sum = 0;
        int a = point * dims;
        int b = row * dims;
        for (int j = 0; j < dims; j++) {
            double gap = values[a + j] - others[b + j];
            sum += gap * gap;
        }
        return sum;
    }
}
