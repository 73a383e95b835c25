package hoag.galaxy.map;

import hoag.engine.files.TensorData;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.survey.Rows;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.util.List;

/**
 * Makes maps of representations, on all threads of the pool that calls. The same seed gives the same map for every number of threads.
 *
 * @param settings what is chosen
 * @param seed of everything random
 * @param backend for products
 */
public record Mapper(MapSettings settings, long seed, Backend backend) {
    private static final int LEAST = 3;

    /**
     * A map.
     *
     * @param places (rows, 2)
     * @param basis what new rows are placed by
     */
    public record Placed(float[][] places, List<TensorData> basis) {}

    /**
     * Gives every row a place.
     *
     * @throws DataException when there are fewer than 3 rows, one is not finite, or all are the same
     * @throws ConfigException when there are fewer rows than neighbours
     * @throws Stopped when the progress says so
     */
    public Placed fit(Rows rows, Progress progress) {
        return fit(rows, Halfway.none(), progress);
    }

    /**
     * The same, from where it was when somebody stopped it.
     *
     * @throws DataException when there are fewer than 3 rows, one is not finite, or all are the same
     * @throws ConfigException when there are fewer rows than neighbours
     * @throws Stopped when the progress says so
     */
    public Placed fit(Rows rows, Halfway halfway, Progress progress) {
        if (rows.size() < LEAST) {
            throw new DataException("a map wants " + LEAST + " galaxies or more; there "
                    + (rows.size() == 1 ? "is 1" : "are " + rows.size()));
        }
        if (!settings.of(rows.size()).equals(settings)) {
            return new Mapper(settings.of(rows.size()), seed, backend).fit(rows, halfway, progress);
        }
        mustSuffice(rows.size());
        Stopped.at(progress, "components", 0, rows.size(), "");
        boolean whole = settings.method() == Method.PCA || settings.dims() == 0 || settings.dims() >= rows.width();
        Reduction basis = Reduction.of(rows, whole ? 2 : settings.dims());
        float[][] plane = basis.plane(rows);
        if (settings.method() == Method.PCA) {
            return new Placed(plane, basis.tensors());
        }
        Rows points = whole ? rows : basis.apply(rows);
        return new Placed(settled(points, plane, halfway, progress), whole ? List.of() : basis.tensors());
    }

    private float[][] settled(Rows points, float[][] plane, Halfway halfway, Progress progress) {
        return switch (settings.method()) {
            case PCA -> plane;
            case TSNE -> {
                Tsne tsne = tsne();
                yield tsne.fit(near(points, tsne.neighbours(points.size()), progress), plane, halfway, progress);
            }
            case UMAP -> umap().fit(near(points, settings.neighbours() - 1, progress), plane, halfway, progress);
        };
    }

    private Knn near(Rows points, int k, Progress progress) {
        return Knn.among(points, settings.metric(), k, backend, progress);
    }

    private Umap umap() {
        return new Umap(settings.neighbours(), settings.minDist(), settings.epochs(), seed);
    }

    private Tsne tsne() {
        return new Tsne(settings.perplexity(), settings.epochs());
    }

    private void mustSuffice(int rows) {
        if (settings.method() == Method.UMAP && settings.neighbours() > rows) {
            throw new ConfigException("--neighbours " + settings.neighbours() + " is more than the " + rows
                    + " galaxies there are; give 2.." + rows);
        }
        if (settings.method() == Method.TSNE && rows == LEAST) {
            throw new ConfigException("--method tsne wants 4 galaxies or more, there are 3; take umap or pca");
        }
        if (settings.method() == Method.TSNE && settings.perplexity() >= rows - 1) {
            throw new ConfigException("--perplexity " + settings.perplexity() + " is too much for " + rows
                    + " galaxies; give less than " + (rows - 1) + ", better " + Math.max(2, rows / 6));
        }
    }

    /**
     * Places for rows that are new to a map; those that have one stay where they are. With PCA exactly what the map would have been; with UMAP the
     * new ones alone move under the pull of old neighbours; with t-SNE they come between their nearest.
     *
     * @param rows all: first those of the map
     * @return (all rows, 2)
     * @throws Stopped when the progress says so
     */
    public float[][] extend(Rows rows, SurveyMap map, Progress progress) {
        float[][] old = map.places();
        int made = map.made().orElseThrow().objects();
        int fresh = rows.size() - old.length;
        float[][] places = java.util.Arrays.copyOf(old, rows.size());
        if (fresh > 0) {
            Rows added = Reduction.part(rows, old.length, fresh);
            Rows base = Reduction.part(rows, 0, made);
            float[][] next = placed(Reduction.kept(map::basis), base, added, old, progress);
            System.arraycopy(next, 0, places, old.length, fresh);
        }
        return places;
    }

    private float[][] placed(Reduction basis, Rows base, Rows added, float[][] old, Progress progress) {
        if (settings.method() == Method.PCA) {
            return basis.plane(added);
        }
        Rows from = basis == null ? base : basis.apply(base);
        Rows to = basis == null ? added : basis.apply(added);
        boolean umap = settings.method() == Method.UMAP;
        int k = umap ? settings.neighbours() : (int) Math.ceil(Math.min(settings.perplexity(), base.size()));
        Knn knn = Knn.to(from, to, settings.metric(), Math.min(k, base.size()), backend, progress);
        return umap
                ? umap().place(knn, old, progress)
                : Start.between(knn, Perplexity.of(knn, Math.max(2, k / 3.0)), old);
    }
}
