package hoag.galaxy.survey;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** How far apart two representations are. */
public enum Metric {
    /** Root of the sum of squared differences. */
    EUCLIDEAN {
        @Override
        public double between(float[] a, float[] b) {
            DoubleVector sums = DoubleVector.zero(WIDE);
            int bound = WIDE.loopBound(a.length);
            for (int i = 0; i < bound; i += WIDE.length()) {
                DoubleVector gap = wide(a, i).sub(wide(b, i));
                sums = gap.fma(gap, sums);
            }
            double sum = sum(sums);
            for (int i = bound; i < a.length; i++) {
                double gap = (double) a[i] - b[i];
                sum += gap * gap;
            }
            return Math.sqrt(sum);
        }
    },
    /** One minus the cosine of the angle; 1 beside a row of zeros. */
    COSINE {
        @Override
        public double between(float[] a, float[] b) {
            double squares = dot(a, a) * dot(b, b);
            return squares == 0 ? 1 : 1 - dot(a, b) / Math.sqrt(squares);
        }
    },
    /** Sum of absolute differences. */
    MANHATTAN {
        @Override
        public double between(float[] a, float[] b) {
            DoubleVector sums = DoubleVector.zero(WIDE);
            int bound = WIDE.loopBound(a.length);
            for (int i = 0; i < bound; i += WIDE.length()) {
                sums = sums.add(wide(a, i).sub(wide(b, i)).abs());
            }
            double sum = sum(sums);
            for (int i = bound; i < a.length; i++) {
                sum += Math.abs((double) a[i] - b[i]);
            }
            return sum;
        }
    };

    private static final VectorSpecies<Float> NARROW =
            FloatVector.SPECIES_PREFERRED.length() > 2 && FloatVector.SPECIES_PREFERRED.vectorBitSize() > 64
                    ? FloatVector.SPECIES_PREFERRED.withShape(
                            VectorShape.forBitSize(FloatVector.SPECIES_PREFERRED.vectorBitSize() / 2))
                    : FloatVector.SPECIES_64;
    private static final VectorSpecies<Double> WIDE =
            DoubleVector.SPECIES_PREFERRED.withShape(VectorShape.forBitSize(2 * NARROW.vectorBitSize()));

    /** The distance in double precision. */
    public abstract double between(float[] a, float[] b);

    private static DoubleVector wide(float[] from, int i) {
        return (DoubleVector) FloatVector.fromArray(NARROW, from, i).convertShape(VectorOperators.F2D, WIDE, 0);
    }

    /** The lanes in order: what {@code reduceLanes} gives depends on whether the code is compiled yet. */
    private static double sum(DoubleVector lanes) {
        double sum = 0;
        for (double lane : lanes.toArray()) {
            sum += lane;
        }
        return sum;
    }

    private static double dot(float[] a, float[] b) {
        DoubleVector sums = DoubleVector.zero(WIDE);
        int bound = WIDE.loopBound(a.length);
        for (int i = 0; i < bound; i += WIDE.length()) {
            sums = wide(a, i).fma(wide(b, i), sums);
        }
        double sum = sum(sums);
        for (int i = bound; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
