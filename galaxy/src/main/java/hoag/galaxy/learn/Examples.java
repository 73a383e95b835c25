package hoag.galaxy.learn;

import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.List;

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

    /** The chosen rows, in that order. */
    public Examples rows(int... rows) {
        float[] chosen = new float[rows.length * columns()];
        for (int i = 0; i < rows.length; i++) {
            labels(rows[i], chosen, i * columns());
        }
        return new Examples(
                java.util.Arrays.stream(rows).mapToObj(ids::get).toList(),
                java.util.Arrays.stream(rows).mapToObj(images::get).toList(),
                chosen);
    }
}
