package hoag.galaxy.map;

import java.util.Arrays;

/**
 * Points of the plane in squares within squares, to take those that are far away together (Barnes and Hut 1986). Nodes stand in the order in which
 * they are walked, each with the number of the node behind all that is in it, so that a walk needs no stack.
 */
final class Quadtree {
    /** Bits of a coordinate; the rest of a key is the number of the point. */
    private static final int BITS = 18;

    private static final int POINT = 64 - 2 * BITS - 1;

    private final double[] at;
    private final long[] keys;
    private final double[] x;
    private final double[] y;
    private final double[] square;
    private final int[] count;
    private final int[] behind;
    private final double side;
    private int nodes;

    /** @param at x and y of the points by turns */
    Quadtree(double... at) {
        this.at = at;
        int n = at.length / 2;
        double left = Double.POSITIVE_INFINITY;
        double low = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < at.length; i += 2) {
            left = Math.min(left, at[i]);
            right = Math.max(right, at[i]);
            low = Math.min(low, at[i + 1]);
            high = Math.max(high, at[i + 1]);
        }
        side = Math.max(Double.MIN_NORMAL, Math.max(right - left, high - low));
        keys = new long[n];
        double scale = ((1 << BITS) - 1) / side;
        for (int i = 0; i < n; i++) {
            long key =
                    spread((long) ((at[2 * i] - left) * scale)) | spread((long) ((at[2 * i + 1] - low) * scale)) << 1;
            keys[i] = key << POINT | i;
        }
        Arrays.parallelSort(keys);
        x = new double[2 * n];
        y = new double[2 * n];
        square = new double[2 * n];
        count = new int[2 * n];
        behind = new int[2 * n];
        build(0, n, BITS);
    }

    /** A zero between any two bits. */
    private static long spread(long v) {
        long s = (v | v << 16) & 0x0000FFFF0000FFFFL;
        s = (s | s << 8) & 0x00FF00FF00FF00FFL;
        s = (s | s << 4) & 0x0F0F0F0F0F0F0F0FL;
        s = (s | s << 2) & 0x3333333333333333L;
        return (s | s << 1) & 0x5555555555555555L;
    }

    private int point(int i) {
        return (int) (keys[i] & (1L << POINT) - 1);
    }

    private int quarter(int i, int level) {
        return (int) (keys[i] >>> POINT + 2 * (level - 1)) & 3;
    }

    /** The node of some points by key, in a square of 2^level steps. */
    private int build(int from, int to, int level) {
        int inside = level;
        while (inside > 0 && quarter(from, inside) == quarter(to - 1, inside)) {
            inside--; // all in one quarter: the smaller square will do
        }
        int node = nodes++;
        count[node] = to - from;
        if (inside == 0 || to - from == 1) {
            for (int i = from; i < to; i++) {
                x[node] += at[2 * point(i)];
                y[node] += at[2 * point(i) + 1];
            }
        } else {
            double edge = side * Math.scalb(1.0, inside - BITS);
            square[node] = edge * edge;
            for (int begin = from; begin < to; ) {
                int end = end(begin, to, inside);
                int child = build(begin, end, inside - 1);
                x[node] += x[child] * count[child];
                y[node] += y[child] * count[child];
                begin = end;
            }
        }
        x[node] /= count[node];
        y[node] /= count[node];
        behind[node] = nodes;
        return node;
    }

    private int end(int begin, int to, int level) {
        int quarter = quarter(begin, level);
        int low = begin + 1;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (quarter(middle, level) == quarter) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * What t-SNE's other points do to one: {@code sum q^2 (p - p_j)} in x and y, and {@code sum q} with {@code q = 1 / (1 + d^2)}, the point's own
     * left out.
     *
     * @param theta2 square of the side of a square over its distance up to which its points count as one
     * @param to three numbers
     */
    void repel(double px, double py, double theta2, double... to) {
        double fx = 0;
        double fy = 0;
        double sum = -1;
        for (int node = 0; node < nodes; ) {
            double dx = px - x[node];
            double dy = py - y[node];
            double d2 = dx * dx + dy * dy;
            if (square[node] <= theta2 * d2) {
                double q = 1 / (1 + d2);
                double weight = count[node] * q;
                sum += weight;
                fx += weight * q * dx;
                fy += weight * q * dy;
                node = behind[node];
            } else {
                node++;
            }
        }
        to[0] = fx;
        to[1] = fy;
        to[2] = sum;
    }

    /** The point that is i-th along the tree: who goes by this order finds what is needed near at hand. */
    int along(int i) {
        return point(i);
    }
}
