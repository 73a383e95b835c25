package hoag.galaxy.cluster;

import hoag.galaxy.learn.Progress;
import hoag.galaxy.map.Halfway;
import hoag.kernels.ConfigException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is chosen for clusters.
 *
 * @param method how
 * @param k clusters of k-means and mixtures; of several for a mixture the one with the lowest BIC is taken
 * @param covariance of a mixture
 * @param restarts starts of k-means and mixtures, the best counts
 * @param least of HDBSCAN: galaxies of a cluster
 * @param samples of HDBSCAN: neighbours that make a galaxy's surroundings dense; 0 for as many as {@code least}
 */
public record Grouping(Method method, List<Integer> k, Covariance covariance, int restarts, int least, int samples) {
    /** K-means, 8 clusters, 10 starts; of HDBSCAN at least 10 galaxies. */
    public static final Grouping DEFAULT = new Grouping(Method.KMEANS, List.of(8), Covariance.FULL, 10, 10, 0);

    /** How clusters are found. */
    public enum Method {
        /** {@link KMeans}. */
        KMEANS,
        /** {@link Mixture}. */
        GMM,
        /** {@link Hdbscan}. */
        HDBSCAN;

        /** As the command line says it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How the parts of a mixture spread. */
    public enum Covariance {
        /** In any direction, each in its own. */
        FULL,
        /** Along the axes. */
        DIAG
    }

    /** @throws ConfigException when a value is out of its range */
    public Grouping {
        k = List.copyOf(k);
        if (k.isEmpty() || k.size() > 1 && method != Method.GMM) {
            throw new ConfigException("--k " + k + " is not allowed; want one number, of gmm several to choose from");
        }
        k.forEach(each -> new KMeans(each, restarts, 0));
        new Hdbscan(least, samples == 0 ? least : samples);
    }

    /** The same by another method. */
    public Grouping method(Method method) {
        return new Grouping(method, k, covariance, restarts, least, samples);
    }

    /** The same with another {@link #k}. */
    public Grouping k(Integer... k) {
        return new Grouping(method, List.of(k), covariance, restarts, least, samples);
    }

    /** The same with another {@link #least}. */
    public Grouping least(int least) {
        return new Grouping(method, k, covariance, restarts, least, samples);
    }

    /** Those that play a part, by the name of the option. */
    public Map<String, String> said() {
        Map<String, String> said = new TreeMap<>();
        switch (method) {
            case KMEANS -> said.putAll(Map.of("k", k.getFirst() + "", "restarts", restarts + ""));
            case GMM ->
                said.putAll(Map.of(
                        "k",
                        String.join(",", k.stream().map(String::valueOf).toList()),
                        "restarts",
                        restarts + "",
                        "covariance",
                        covariance.name().toLowerCase(Locale.ROOT)));
            case HDBSCAN -> said.putAll(Map.of("least", least + "", "samples", (samples == 0 ? least : samples) + ""));
        }
        return said;
    }

    /**
     * Groups, the largest first.
     *
     * @param labels (points) 0 for the largest, -1 for none
     * @param sizes of the groups
     * @param probability (points) of a mixture, null elsewhere
     * @param said what was found beside: inertia, or BIC by number of clusters
     */
    public record Groups(int[] labels, int[] sizes, float[] probability, Map<String, Double> said) {
        static Groups of(int[] labels, int count, float[] probability, Map<String, Double> said) {
            int[] sizes = new int[count];
            for (int label : labels) {
                if (label >= 0) {
                    sizes[label]++;
                }
            }
            int[] order = java.util.stream.IntStream.range(0, count)
                    .boxed()
                    .sorted(java.util.Comparator.comparingInt(c -> -sizes[c]))
                    .mapToInt(c -> c)
                    .toArray();
            int[] number = new int[count];
            for (int i = 0; i < count; i++) {
                number[order[i]] = i;
            }
            return new Groups(
                    java.util.Arrays.stream(labels)
                            .map(label -> label < 0 ? -1 : number[label])
                            .toArray(),
                    java.util.Arrays.stream(order).map(c -> sizes[c]).toArray(),
                    probability,
                    said);
        }
    }

    /**
     * Finds the groups, on all threads of the pool that calls.
     *
     * @throws ConfigException when there are too few points, or too many for HDBSCAN
     * @throws hoag.galaxy.map.Stopped when the progress says so
     */
    public Groups fit(Points points, long seed, Progress progress) {
        return fit(points, seed, Halfway.none(), progress);
    }

    /**
     * The same, from where it was when somebody stopped it.
     *
     * @throws ConfigException when there are too few points, or too many for HDBSCAN
     * @throws hoag.galaxy.map.Stopped when the progress says so; then it is kept how far it was
     */
    public Groups fit(Points points, long seed, Halfway halfway, Progress progress) {
        return switch (method) {
            case KMEANS -> {
                KMeans.Fitted fitted = new KMeans(k.getFirst(), restarts, seed).fit(points, halfway, progress);
                yield Groups.of(fitted.labels(), k.getFirst(), null, Map.of("inertia", fitted.inertia()));
            }
            case GMM -> mixture(points, seed, new Starts(k.size(), restarts, halfway, progress));
            case HDBSCAN -> {
                Hdbscan.Fitted fitted =
                        new Hdbscan(least, samples == 0 ? least : samples).fit(points, halfway, progress);
                yield Groups.of(fitted.labels(), fitted.clusters(), null, Map.of());
            }
        };
    }

    private Groups mixture(Points points, long seed, Starts starts) {
        Map<String, Double> said = new java.util.LinkedHashMap<>();
        Mixture.Fitted best = null;
        for (int i = 0; i < k.size(); i++) {
            Mixture.Fitted fitted =
                    new Mixture(k.get(i), covariance == Covariance.FULL, restarts, seed).fit(points, starts, i);
            said.put("bic " + k.get(i), fitted.bic());
            best = best == null || fitted.bic() < best.bic() ? fitted : best;
        }
        return Groups.of(best.labels(), best.weights().length, best.probability(), said);
    }
}
