package hoag.galaxy.active;

/** Points that are far from each other (Gonzalez 1985): first the one farthest from the mean, then always the one farthest from those taken. */
public final class Spread {
    private Spread() {}

    /**
     * Places of up to so many points, all different.
     *
     * @param points (points, features)
     */
    public static int[] over(double[][] points, int count) {
        int[] taken = new int[Math.min(count, points.length)];
        double[] distance = new double[points.length];
        double[] last = mean(points);
        for (int i = 0; i < taken.length; i++) {
            int farthest = -1;
            for (int p = 0; p < points.length; p++) {
                double squared = squared(points[p], last);
                distance[p] = i <= 1 ? squared : Math.min(distance[p], squared);
            }
            for (int before = 0; before < i; before++) {
                distance[taken[before]] = -1; // twins of those taken may follow, the same never
            }
            for (int p = 0; p < points.length; p++) {
                farthest = farthest < 0 || distance[p] > distance[farthest] ? p : farthest;
            }
            taken[i] = farthest;
            last = points[farthest];
        }
        return taken;
    }

    private static double[] mean(double[][] points) {
        double[] mean = new double[points.length == 0 ? 0 : points[0].length];
        for (double[] point : points) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += point[j] / points.length;
            }
        }
        return mean;
    }

    static double squared(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        }
        return sum;
    }
}
