package hoag.galaxy.learn;

import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Galaxies with what is known of them.
 *
 * @param labels (galaxies, label columns) row-major: votes, class numbers, numbers; NaN where unknown
 */
public record Examples(List<String> ids, List<Path> images, float[] labels) {
    /** @throws DataException unless ids, images and labels are as many */
    public Examples {
        ids = List.copyOf(ids);
        images = List.copyOf(images);
        if (ids.size() != images.size() || !ids.isEmpty() && labels.length % ids.size() != 0) {
            throw new DataException(ids.size() + " ids, " + images.size() + " images and " + labels.length
                    + " labels do not belong together");
        }
    }

    /** How many galaxies there are. */
    public int size() {
        return ids.size();
    }

    /** Label columns. */
    public int columns() {
        return ids.isEmpty() ? 0 : labels.length / ids.size();
    }

    /** The labels of one galaxy, copied to {@code to}. */
    void labels(int row, float[] to, int offset) {
        System.arraycopy(labels, row * columns(), to, offset, columns());
    }

    /** These galaxies and then the others. */
    public Examples and(Examples others) {
        float[] both = Arrays.copyOf(labels, labels.length + others.labels.length);
        System.arraycopy(others.labels, 0, both, labels.length, others.labels.length);
        return new Examples(
                Stream.concat(ids.stream(), others.ids.stream()).toList(),
                Stream.concat(images.stream(), others.images.stream()).toList(),
                both);
    }

    /** All but these galaxies. */
    public Examples without(Set<String> unwanted) {
        return rows(IntStream.range(0, size())
                .filter(row -> !unwanted.contains(ids.get(row)))
                .toArray());
    }

    /** The chosen rows, in that order. */
    public Examples rows(int... rows) {
        float[] chosen = new float[rows.length * columns()];
        for (int i = 0; i < rows.length; i++) {
            labels(rows[i], chosen, i * columns());
        }
        return new Examples(
                Arrays.stream(rows).mapToObj(ids::get).toList(),
                Arrays.stream(rows).mapToObj(images::get).toList(),
                chosen);
    }
}
