package hoag.galaxy.map;

import hoag.galaxy.learn.Progress;
import hoag.kernels.ConfigException;

/**
 * Uniform manifold approximation and projection (McInnes, Healy and Melville 2018, arXiv:1802.03426), in the plane. Points that are neighbours draw
 * each other near, points drawn by lot push each other away; the result is the same for every number of threads ({@link Springs}).
 *
 * @param neighbours of a point that count, itself among them, 2..1000: few show what is fine, many what is large
 * @param minDist how near points may come to each other, 0 up to less than {@code SPREAD}
 * @param epochs rounds, 1..100,000; 0 for 500, from {@value #MANY} points on 200
 * @param seed of the lots
 */
public record Umap(int neighbours, double minDist, int epochs, long seed) {
    /** Scale of distances in the plane. */
    public static final double SPREAD = 1;

    private static final int MANY = 10_000;

    /** @throws ConfigException when a value is out of its range */
    public Umap {
        if (neighbours < 2 || neighbours > 1000) {
            throw new ConfigException("--neighbours " + neighbours + " is not allowed; it must be 2..1000");
        }
        if (!(minDist >= 0 && minDist < SPREAD)) {
            throw new ConfigException("--min-dist " + minDist + " is not allowed; it must be 0 up to less than 1");
        }
        if (epochs < 0 || epochs > 100_000) {
            throw new ConfigException("--epochs " + epochs + " is not allowed; it must be 0 (by itself) to 100,000");
        }
    }

    private int rounds(int points) {
        return epochs > 0 ? epochs : points > MANY ? 200 : 500;
    }

    /**
     * Places for points whose {@code neighbours - 1} nearest others are known.
     *
     * @param start (points, 2) where they are at first, such as their first two components; not changed
     * @param halfway where it goes on if it was stopped
     * @return (points, 2)
     * @throws Stopped when the progress says so
     */
    public float[][] fit(Knn knn, float[][] start, Halfway halfway, Progress progress) {
        Links links = Links.both(knn, Membership.of(knn), (there, back) -> there + back - there * back);
        return new Springs(Falloff.of(minDist, SPREAD), seed)
                .settle(links, Start.of(start, seed), rounds(knn.size()), halfway, progress);
    }

    /**
     * Places for new points among those that have one, which stay where they are.
     *
     * @param knn of every new point the nearest {@code neighbours} old ones
     * @param old (old points, 2)
     * @return (new points, 2)
     * @throws Stopped when the progress says so
     */
    public float[][] place(Knn knn, float[][] old, Progress progress) {
        float[] weights = Membership.of(knn);
        int rounds = Math.max(1, epochs > 0 ? epochs / 3 : old.length > MANY ? 30 : 100);
        return new Springs(Falloff.of(minDist, SPREAD), seed)
                .join(knn, weights, Start.between(knn, weights, old), old, rounds, progress);
    }
}
