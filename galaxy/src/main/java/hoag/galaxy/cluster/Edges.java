package hoag.galaxy.cluster;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A tree that joins all points.
 *
 * @param from (points - 1)
 * @param to (points - 1)
 * @param length (points - 1)
 */
record Edges(int[] from, int[] to, double[] length) {
    /** The same, the shortest first. */
    Edges sorted() {
        int[] order = IntStream.range(0, length.length)
                .boxed()
                .sorted(Comparator.comparingDouble(e -> length[e]))
                .mapToInt(e -> e)
                .toArray();
        return new Edges(
                Arrays.stream(order).map(e -> from[e]).toArray(),
                Arrays.stream(order).map(e -> to[e]).toArray(),
                Arrays.stream(order).mapToDouble(e -> length[e]).toArray());
    }
}
