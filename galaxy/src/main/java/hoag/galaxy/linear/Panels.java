package hoag.galaxy.linear;

import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of doubles, some beside each other so that a product reads them in order: element r of the vectors {@code WIDE p ... WIDE p + WIDE - 1}
 * is contiguous. Products keep a tile of 4 by two registers at work; 2 cores of an AVX-512 machine reach some 60 GFLOP/s.
 */
public final class Panels {
    private static final VectorSpecies<Double> LANES = DoubleVector.SPECIES_PREFERRED;
    private static final int L = LANES.length();
    private static final int TALL = 4;

    /** Vectors beside each other. */
    private static final int WIDE = Math.max(TALL, 2 * L);

    private final double[] values;
    private final int count;
    private final int depth;

    /**
     * Zeros.
     *
     * @param count vectors
     * @param depth elements of each
     */
    public Panels(int count, int depth) {
        this.count = count;
        this.depth = depth;
        values = new double[Math.multiplyExact(Math.ceilDiv(count, WIDE) * WIDE, depth)];
    }

    /** Rows of a matrix. */
    public static Panels of(double[][] rows) {
        Panels panels = new Panels(rows.length, rows.length == 0 ? 0 : rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            panels.set(i, rows[i]);
        }
        return panels;
    }

    /** Makes this vector {@code i}. */
    public void set(int i, double... vector) {
        int at = place(i);
        for (int r = 0; r < depth; r++) {
            values[at + r * WIDE] = vector[r];
        }
    }

    /** Makes these floats, less a mean, vector {@code i}. */
    public void set(int i, float[] from, int offset, double... mean) {
        int at = place(i);
        for (int r = 0; r < depth; r++) {
            values[at + r * WIDE] = from[offset + r] - mean[r];
        }
    }

    /** Makes these floats, less a mean, element {@code r} of all vectors. */
    public void setAcross(int r, float[] from, int offset, double... mean) {
        for (int i = 0; i < count; i += WIDE) {
            int at = i * depth + r * WIDE;
            for (int lane = 0; lane < Math.min(WIDE, count - i); lane++) {
                values[at + lane] = from[offset + i + lane] - mean[i + lane];
            }
        }
    }

    /** Makes element {@code r} of all vectors zero. */
    public void clearAcross(int r) {
        for (int i = 0; i < count; i += WIDE) {
            java.util.Arrays.fill(values, i * depth + r * WIDE, i * depth + (r + 1) * WIDE, 0);
        }
    }

    private int place(int i) {
        return i / WIDE * WIDE * depth + i % WIDE;
    }

    /** {@code to[i][j] += a_i . b_j}. */
    public static void product(Panels a, Panels b, double[][] to) {
        for (int panel = 0; panel < a.count; panel += WIDE) {
            stripe(a, panel, b, 0, to);
        }
    }

    /** The same on all threads of the pool that calls. */
    public static void parallelProduct(Panels a, Panels b, double[][] to) {
        IntStream.range(0, Math.ceilDiv(a.count, WIDE)).parallel().forEach(p -> stripe(a, p * WIDE, b, 0, to));
    }

    /** {@code to[i][j] += a_i . a_j} for j from i on, on all threads of the pool that calls; what stands before j = i is of no meaning. */
    public static void square(Panels a, double[][] to) {
        IntStream.range(0, Math.ceilDiv(a.count, WIDE)).parallel().forEach(p -> stripe(a, p * WIDE, a, p * WIDE, to));
    }

    private static void stripe(Panels a, int panel, Panels b, int from, double[][] to) {
        for (int j = from; j < b.count; j += 2 * L) {
            VectorMask<Double> first = LANES.indexInRange(j, b.count);
            VectorMask<Double> second = LANES.indexInRange(Math.min(j + L, b.count), b.count);
            for (int i = panel; i < Math.min(a.count, panel + WIDE); i += TALL) {
                tile(a, i, b, j, to, first, second);
            }
        }
    }

    private static void tile(
            Panels a, int i, Panels b, int j, double[][] to, VectorMask<Double> first, VectorMask<Double> second) {
        double[] left = a.values;
        double[] right = b.values;
        int x = a.place(i);
        int y = b.place(j);
        DoubleVector c00 = DoubleVector.zero(LANES);
        DoubleVector c01 = c00;
        DoubleVector c10 = c00;
        DoubleVector c11 = c00;
        DoubleVector c20 = c00;
        DoubleVector c21 = c00;
        DoubleVector c30 = c00;
        DoubleVector c31 = c00;
        for (int r = 0; r < a.depth; r++, x += WIDE, y += WIDE) {
            DoubleVector low = DoubleVector.fromArray(LANES, right, y);
            DoubleVector high = DoubleVector.fromArray(LANES, right, y + L);
            DoubleVector v0 = DoubleVector.broadcast(LANES, left[x]);
            c00 = v0.fma(low, c00);
            c01 = v0.fma(high, c01);
            DoubleVector v1 = DoubleVector.broadcast(LANES, left[x + 1]);
            c10 = v1.fma(low, c10);
            c11 = v1.fma(high, c11);
            DoubleVector v2 = DoubleVector.broadcast(LANES, left[x + 2]);
            c20 = v2.fma(low, c20);
            c21 = v2.fma(high, c21);
            DoubleVector v3 = DoubleVector.broadcast(LANES, left[x + 3]);
            c30 = v3.fma(low, c30);
            c31 = v3.fma(high, c31);
        }
        add(to[i], j, c00, c01, first, second);
        if (i + 1 < a.count) {
            add(to[i + 1], j, c10, c11, first, second);
        }
        if (i + 2 < a.count) {
            add(to[i + 2], j, c20, c21, first, second);
        }
        if (i + 3 < a.count) {
            add(to[i + 3], j, c30, c31, first, second);
        }
    }

    private static void add(
            double[] to,
            int j,
            DoubleVector low,
            DoubleVector high,
            VectorMask<Double> first,
            VectorMask<Double> second) {
        low.add(DoubleVector.fromArray(LANES, to, j, first)).intoArray(to, j, first);
        if (second.anyTrue()) {
            high.add(DoubleVector.fromArray(LANES, to, j + L, second)).intoArray(to, j + L, second);
        }
    }
}
