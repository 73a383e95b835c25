package hoag.galaxy.map;

import java.util.SplittableRandom;

/** Where points are before they move. */
final class Start {
    private static final double SIDE = 10;
    private static final double NOISE = 1e-4 * SIDE;

    private Start() {}

    /** (points, 2) filling a square of side 10, a little shaken so that no two stand on each other; by lot where they do not differ. */
    static float[][] of(float[][] places, long seed) {
        var random = new SplittableRandom(seed);
        float[][] start = new float[places.length][2];
        for (int axis = 0; axis < 2; axis++) {
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (float[] place : places) {
                least = Math.min(least, place[axis]);
                most = Math.max(most, place[axis]);
            }
            for (int i = 0; i < start.length; i++) {
                double share = most > least ? (places[i][axis] - least) / (most - least) : random.nextDouble();
                start[i][axis] = (float) (SIDE * share + NOISE * random.nextGaussian());
            }
        }
        return start;
    }

    /** (points, 2) in the middle of the neighbours of each, by weight. */
    static float[][] between(Knn knn, float[] weights, float[][] old) {
        float[][] start = new float[knn.size()][2];
        for (int i = 0; i < start.length; i++) {
            double sum = 0;
            double x = 0;
            double y = 0;
            for (int j = i * knn.k(); j < (i + 1) * knn.k(); j++) {
                double weight = Math.max(weights[j], Float.MIN_NORMAL);
                x += weight * old[knn.rows()[j]][0];
                y += weight * old[knn.rows()[j]][1];
                sum += weight;
            }
            start[i][0] = (float) (x / sum);
            start[i][1] = (float) (y / sum);
        }
        return start;
    }
}
