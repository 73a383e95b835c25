package hoag.galaxy.map;

import hoag.engine.files.TensorData;
import hoag.galaxy.survey.Pca;
import hoag.galaxy.survey.Rows;
import hoag.kernels.DataException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Representations along their principal components, in float32.
 *
 * @param mean (features)
 * @param components (components, features)
 */
public record Reduction(double[] mean, double[][] components) {
    /** Rows that the components are found from, at most, spread evenly. */
    private static final int ROWS = 100_000;

    private static final int PIECE = 8192;

    /**
     * As many components as are wanted, or as there can be.
     *
     * @throws DataException when a feature is not finite, there is one row only, or all are the same
     */
    public static Reduction of(Rows rows, int wanted) {
        if (rows.size() < 2) {
            throw new DataException("components of " + rows.size() + " galaxy; want 2 or more, which may differ");
        }
        int most = Math.min(rows.width(), Math.min(rows.size(), ROWS) - 1);
        Pca pca = Pca.fit(rows, Math.min(wanted, most), ROWS);
        if (!(pca.total() > 0)) {
            throw new DataException(
                    "all " + rows.size() + " representations are the same; there is nothing to tell them"
                            + " apart by: was the survey made of one image, or by an untrained model?");
        }
        return new Reduction(pca.mean(), pca.components());
    }

    /** All rows, (rows, components) in memory. */
    public Rows apply(Rows rows) {
        int count = components.length;
        float[] all = new float[Math.multiplyExact(rows.size(), count)];
        Pca pca = new Pca(mean, components, new double[count], 0);
        for (int from = 0; from < rows.size(); from += PIECE) {
            double[][] some = pca.project(part(rows, from, Math.min(PIECE, rows.size() - from)));
            for (int i = 0; i < some.length; i++) {
                for (int j = 0; j < count; j++) {
                    all[(from + i) * count + j] = (float) some[i][j];
                }
            }
        }
        return Rows.of(all, count);
    }

    /** The first two components of every row: (rows, 2); 0 where there is one only. */
    float[][] plane(Rows rows) {
        Rows reduced = new Reduction(mean, components.length > 2 ? firstTwo() : components).apply(rows);
        float[][] places = new float[rows.size()][];
        for (int i = 0; i < places.length; i++) {
            places[i] = java.util.Arrays.copyOf(reduced.row(i), 2);
        }
        return places;
    }

    private double[][] firstTwo() {
        return new double[][] {components[0], components[1]};
    }

    /** So many rows from one on. */
    static Rows part(Rows rows, int from, int count) {
        return new Rows() {
            @Override
            public int size() {
                return count;
            }

            @Override
            public int width() {
                return rows.width();
            }

            @Override
            public void read(int row, int some, float[] to) {
                rows.read(from + row, some, to);
            }
        };
    }

    /** To be kept with a map. */
    List<TensorData> tensors() {
        double[] flat = new double[components.length * mean.length];
        for (int i = 0; i < components.length; i++) {
            System.arraycopy(components[i], 0, flat, i * mean.length, mean.length);
        }
        return List.of(
                TensorData.of("mean", new long[] {mean.length}, mean),
                TensorData.of("components", new long[] {components.length, mean.length}, flat));
    }

    /** What was kept; null for none. */
    static Reduction kept(Function<String, Optional<TensorData>> kept) {
        if (kept.apply("mean").isEmpty() || kept.apply("components").isEmpty()) {
            return null;
        }
        double[] mean = kept.apply("mean").get().doubles();
        double[] flat = kept.apply("components").get().doubles();
        double[][] components = new double[flat.length / mean.length][];
        for (int i = 0; i < components.length; i++) {
            components[i] = java.util.Arrays.copyOfRange(flat, i * mean.length, (i + 1) * mean.length);
        }
        return new Reduction(mean, components);
    }
}
