package hoag.galaxy.image;

import hoag.kernels.Uniform;
import java.util.stream.IntStream;

/** Which rows of a list of images are loaded, in which order, in each epoch. */
@FunctionalInterface
public interface Order {
    /** The rows of an epoch, both counted from 0; the array must not change afterwards. */
    int[] rows(int epoch);

    /** Every row, as listed. */
    static Order asListed(int rows) {
        return _ -> IntStream.range(0, rows).toArray();
    }

    /** Every row once, in an order drawn anew for each epoch: a function of (seed, epoch) alone. */
    static Order shuffled(int rows, long seed) {
        return epoch -> shuffle(IntStream.range(0, rows).toArray(), Uniform.key(seed, epoch, -1));
    }

    /** Fisher and Yates' shuffle. */
    private static int[] shuffle(int[] rows, long key) {
        for (int i = rows.length - 1; i > 0; i--) {
            int j = (int) Math.unsignedMultiplyHigh(Uniform.mix(key + i), i + 1L), row = rows[i];
            rows[i] = rows[j];
            rows[j] = row;
        }
        return rows;
    }
}
