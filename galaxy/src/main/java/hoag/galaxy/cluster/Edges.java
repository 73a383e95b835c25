package hoag.galaxy.cluster;

import hoag.galaxy.learn.Progress;
import hoag.galaxy.map.Stopped;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A tree that joins all points: the edges by rising length.
 *
 * @param from (points - 1)
 * @param to (points - 1)
 * @param length (points - 1)
 */
record Edges(int[] from, int[] to, double[] length) {
    private static final int EVERY = 256;

    /** The shortest such tree, where no edge is shorter than what its ends have at their core. */
    static Edges spanning(Points points, double[] core, Progress progress) {
        int n = points.size();
        double[] near = new double[n];
        int[] by = new int[n];
        Arrays.fill(near, Double.POSITIVE_INFINITY);
        boolean[] in = new boolean[n];
        int[] from = new int[n - 1];
        int[] to = new int[n - 1];
        double[] length = new double[n - 1];
        int[] best = new int[points.pieces()];
        int now = 0;
        for (int step = 0; step < n - 1; step++) {
            if (step % EVERY == 0) {
                Stopped.at(progress, "spanning tree", step, n, "");
            }
            in[now] = true;
            int last = now;
            points.each(piece -> best[piece] = nearer(points, core, last, piece, in, near, by));
            int next = -1;
            for (int each : best) {
                next = each >= 0 && (next < 0 || near[each] < near[next]) ? each : next;
            }
            from[step] = by[next];
            to[step] = next;
            length[step] = near[next];
            now = next;
        }
        return new Edges(from, to, length).sorted();
    }

    /** How near each point of a piece is to the tree now; the nearest of them, -1 when all are in. */
    private static int nearer(
            Points points, double[] core, int last, int piece, boolean[] in, double[] near, int[] by) {
        int best = -1;
        for (int i = piece * Points.PIECE; i < points.end(piece); i++) {
            if (!in[i]) {
                double floor = Math.max(core[i], core[last]);
                if (floor < near[i]) {
                    double d = Math.max(floor, Math.sqrt(points.square(i, points.values(), last)));
                    if (d < near[i]) {
                        near[i] = d;
                        by[i] = last;
                    }
                }
                best = best < 0 || near[i] < near[best] ? i : best;
            }
        }
        return best;
    }

    private Edges sorted() {
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
