package hoag.galaxy.survey;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Distances in float32 between an example and a row in memory, which begins at a byte, as vector loops with four sums under way. */
final class Loops {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final int L = F.length();

    private Loops() {}

    /** What {@link Metric#between} is, in float32; of the differences themselves, so that nothing cancels. */
    static float distance(Metric metric, float[] a, MemorySegment rows, long at) {
        return switch (metric) {
            case EUCLIDEAN -> (float) Math.sqrt(squared(a, rows, at));
            case COSINE -> cosine(a, rows, at);
            case MANHATTAN -> absolute(a, rows, at);
        };
    }

    private static FloatVector floats(MemorySegment rows, long at, int i) {
        return FloatVector.fromMemorySegment(F, rows, at + 4L * i, ByteOrder.nativeOrder());
    }

    private static float one(MemorySegment rows, long at, int i) {
        return rows.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at + 4L * i);
    }

    private static FloatVector gap(float[] a, int i, MemorySegment rows, long at) {
        return FloatVector.fromArray(F, a, i).sub(floats(rows, at, i));
    }

    private static float squared(float[] a, MemorySegment rows, long at) {
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i + 4 * L <= a.length; i += 4 * L) {
            FloatVector g0 = gap(a, i, rows, at);
            FloatVector g1 = gap(a, i + L, rows, at);
            FloatVector g2 = gap(a, i + 2 * L, rows, at);
            FloatVector g3 = gap(a, i + 3 * L, rows, at);
            s0 = g0.fma(g0, s0);
            s1 = g1.fma(g1, s1);
            s2 = g2.fma(g2, s2);
            s3 = g3.fma(g3, s3);
        }
        float sum = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
        for (; i < a.length; i++) {
            float gap = a[i] - one(rows, at, i);
            sum += gap * gap;
        }
        return sum;
    }

    private static float absolute(float[] a, MemorySegment rows, long at) {
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        int i = 0;
        for (; i + 2 * L <= a.length; i += 2 * L) {
            s0 = s0.add(gap(a, i, rows, at).abs());
            s1 = s1.add(gap(a, i + L, rows, at).abs());
        }
        float sum = s0.add(s1).reduceLanes(VectorOperators.ADD);
        for (; i < a.length; i++) {
            sum += Math.abs(a[i] - one(rows, at, i));
        }
        return sum;
    }

    private static float cosine(float[] a, MemorySegment rows, long at) {
        FloatVector both = FloatVector.zero(F);
        FloatVector ofA = both;
        FloatVector ofRow = both;
        int i = 0;
        for (; i + L <= a.length; i += L) {
            FloatVector x = FloatVector.fromArray(F, a, i);
            FloatVector y = floats(rows, at, i);
            both = x.fma(y, both);
            ofA = x.fma(x, ofA);
            ofRow = y.fma(y, ofRow);
        }
        float dot = both.reduceLanes(VectorOperators.ADD);
        float squaresA = ofA.reduceLanes(VectorOperators.ADD);
        float squaresRow = ofRow.reduceLanes(VectorOperators.ADD);
        for (; i < a.length; i++) {
            dot += a[i] * one(rows, at, i);
            squaresA += a[i] * a[i];
            squaresRow += one(rows, at, i) * one(rows, at, i);
        }
        float squares = squaresA * squaresRow;
        return squares == 0 ? 1 : 1 - dot / (float) Math.sqrt(squares);
    }

    static float dot(float[] a, float[] b) {
        FloatVector sums = FloatVector.zero(F);
        int i = 0;
        for (; i + L <= a.length; i += L) {
            sums = FloatVector.fromArray(F, a, i).fma(FloatVector.fromArray(F, b, i), sums);
        }
        float sum = sums.reduceLanes(VectorOperators.ADD);
        for (; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
