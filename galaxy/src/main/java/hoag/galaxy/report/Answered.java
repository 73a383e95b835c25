package hoag.galaxy.report;

import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Galaxies with the truth and what a model said, for one task.
 *
 * @param labels (galaxies, label columns): votes, or one number, NaN where unknown
 * @param passes (galaxies, passes, width)
 */
public record Answered(List<String> ids, List<Path> images, double[][] labels, double[][][] passes) {
    int size() {
        return ids.size();
    }

    /** The galaxies whose label is known. */
    Answered known() {
        return where(i -> !Double.isNaN(labels[i][0]), "label");
    }

    /** The galaxies that somebody voted on: others were not in the campaign. */
    Answered voted() {
        return where(i -> Arrays.stream(labels[i]).anyMatch(votes -> votes > 0), "vote");
    }

    private Answered where(IntPredicate wanted, String what) {
        int[] rows = IntStream.range(0, size()).filter(wanted).toArray();
        if (rows.length == 0) {
            throw new DataException("no galaxy has a " + what);
        }
        return new Answered(
                Arrays.stream(rows).mapToObj(ids::get).toList(),
                Arrays.stream(rows).mapToObj(images::get).toList(),
                Arrays.stream(rows).mapToObj(i -> labels[i]).toArray(double[][]::new),
                Arrays.stream(rows).mapToObj(i -> passes[i]).toArray(double[][][]::new));
    }

    /** The single label of every galaxy. */
    double[] truth() {
        return Arrays.stream(labels).mapToDouble(row -> row[0]).toArray();
    }

    /** Mean over passes: (galaxies, width). */
    double[][] means() {
        double[][] means = new double[size()][];
        for (int i = 0; i < means.length; i++) {
            means[i] = new double[passes[i][0].length];
            for (double[] pass : passes[i]) {
                for (int k = 0; k < pass.length; k++) {
                    means[i][k] += pass[k] / passes[i].length;
                }
            }
        }
        return means;
    }

    double[] firstMeans() {
        return Arrays.stream(means()).mapToDouble(row -> row[0]).toArray();
    }
}
