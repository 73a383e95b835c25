package hoag.galaxy.cluster;

import hoag.galaxy.learn.Progress;
import hoag.galaxy.map.Halfway;
import hoag.kernels.ConfigException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Groups that are denser than what is around them, of any shape and number; what belongs to none is left out (Campello, Moulavi and Sander 2013;
 * McInnes, Healy and Astels 2017): distances no shorter than to each end's own neighbours, their minimum spanning tree (Prim 1957, exact, time grows
 * with the square of the points), and of the tree of clusters those that last longest (excess of mass).
 *
 * @param least galaxies of a cluster, 2..1,000,000
 * @param samples neighbours, the point itself among them, that make it dense, 1..10,000
 */
public record Hdbscan(int least, int samples) {
    /** Points, at most: distances are looked at pair by pair. */
    public static final int MOST = 250_000;

    /** @throws ConfigException when a value is out of its range */
    public Hdbscan {
        if (least < 2 || least > 1_000_000) {
            throw new ConfigException("--least " + least + " is not allowed; it must be 2..1,000,000 galaxies");
        }
        if (samples < 1 || samples > 10_000) {
            throw new ConfigException("--samples " + samples + " is not allowed; it must be 1..10,000 neighbours");
        }
    }

    /**
     * What was found.
     *
     * @param labels (points) 0..clusters-1, -1 for none
     * @param clusters how many
     */
    public record Fitted(int[] labels, int clusters) {}

    /**
     * Finds the clusters.
     *
     * @throws ConfigException when there are too few points or too many
     */
    public Fitted fit(Points points, Progress progress) {
        return fit(points, Halfway.none(), progress);
    }

    /** The same, from where it was when somebody stopped it. */
    Fitted fit(Points points, Halfway halfway, Progress progress) {
        int n = points.size();
        if (samples > n) {
            throw new ConfigException(
                    "--samples " + samples + " is more than the " + n + " galaxies there are; give 1.." + n);
        }
        if (n > MOST) {
            throw new ConfigException("hdbscan compares every galaxy with every other, " + n + " are too many; up to "
                    + MOST + " it takes minutes: take --method gmm or kmeans");
        }
        Spanning tree = new Spanning(points, halfway);
        cores(points, tree, progress);
        return new Condensed(tree.grow(progress), least).fitted();
    }

    /** Distance to the farthest of the neighbours that count. */
    private void cores(Points points, Spanning tree, Progress progress) {
        double[] core = tree.core();
        for (int from = tree.cores(); from < points.size(); from = points.end(from / Points.PIECE)) {
            tree.told(progress, "densities", from);
            IntStream.range(from, points.end(from / Points.PIECE)).parallel().forEach(i -> core[i] = core(points, i));
        }
    }

    private double core(Points points, int point) {
        double[] nearest = new double[samples];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        for (int i = 0; i < points.size(); i++) {
            double square = points.square(point, points.values(), i);
            if (square < nearest[samples - 1]) {
                int at = samples - 1;
                for (; at > 0 && nearest[at - 1] > square; at--) {
                    nearest[at] = nearest[at - 1];
                }
                nearest[at] = square;
            }
        }
        return Math.sqrt(nearest[samples - 1]);
    }
}
