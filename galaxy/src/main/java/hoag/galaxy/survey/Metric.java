package hoag.galaxy.survey;

/** How far apart two representations are. */
public enum Metric {
    /** Root of the sum of squared differences. */
    EUCLIDEAN {
        @Override
        public double between(float[] a, float[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
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
            double both = 0;
            double squaresA = 0;
            double squaresB = 0;
            for (int i = 0; i < a.length; i++) {
                both += (double) a[i] * b[i];
                squaresA += (double) a[i] * a[i];
                squaresB += (double) b[i] * b[i];
            }
            return squaresA == 0 || squaresB == 0 ? 1 : 1 - both / Math.sqrt(squaresA * squaresB);
        }
    },
    /** Sum of absolute differences. */
    MANHATTAN {
        @Override
        public double between(float[] a, float[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += Math.abs((double) a[i] - b[i]);
            }
            return sum;
        }
    };

    /** The distance in double precision. */
    public abstract double between(float[] a, float[] b);
}
