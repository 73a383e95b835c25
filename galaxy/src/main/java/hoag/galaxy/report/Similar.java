package hoag.galaxy.report;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Which representations point the same way. */
public final class Similar {
    private Similar() {}

    /**
     * The others by falling cosine with one row.
     *
     * @param features (galaxies) of (features)
     */
    public static int[] to(int galaxy, float[][] features, int count) {
        double[] cosine = IntStream.range(0, features.length)
                .mapToDouble(other -> cosine(features[galaxy], features[other]))
                .toArray();
        return IntStream.range(0, features.length)
                .filter(other -> other != galaxy)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer other) -> -cosine[other]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** 1 for the same direction; 0 beside a row of zeros. */
    static double cosine(float[] a, float[] b) {
        double both = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int k = 0; k < a.length; k++) {
            both += (double) a[k] * b[k];
            squaresA += (double) a[k] * a[k];
            squaresB += (double) b[k] * b[k];
        }
        return squaresA == 0 || squaresB == 0 ? 0 : both / Math.sqrt(squaresA * squaresB);
    }
}
