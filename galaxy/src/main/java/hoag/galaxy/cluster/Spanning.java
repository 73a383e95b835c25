package hoag.galaxy.cluster;

import hoag.galaxy.learn.Progress;
import hoag.galaxy.map.Halfway;
import java.util.Arrays;

/**
 * The shortest tree that joins all points, where no edge is shorter than what its ends have at their core (Prim 1957); it grows a point at a time, and
 * after a stop goes on from where it was. Used by one thread.
 */
final class Spanning {
    private static final int EVERY = 256;

    private final Points points;
    private final Halfway halfway;
    private final int n;
    private final int begin;
    private final double[] core;
    private final double[] near;
    private final int[] by;
    private final boolean[] in;
    private final int[] from;
    private final int[] to;
    private final double[] length;

    /** From the first point, or from where it was. */
    Spanning(Points points, Halfway halfway) {
        this.points = points;
        this.halfway = halfway;
        n = points.size();
        double[] fresh = new double[6 * n];
        Arrays.fill(fresh, n, 2 * n, Double.POSITIVE_INFINITY);
        Halfway.Stand stand = halfway.begin(fresh);
        begin = stand.round();
        core = part(stand.state(), 0);
        near = part(stand.state(), 1);
        by = whole(part(stand.state(), 2));
        from = whole(part(stand.state(), 3));
        to = whole(part(stand.state(), 4));
        length = part(stand.state(), 5);
        in = new boolean[n];
        in[0] = true;
        for (int step = 0; step < begin - n; step++) {
            in[to[step]] = true;
        }
    }

    private double[] part(double[] state, int which) {
        return Arrays.copyOfRange(state, which * n, (which + 1) * n);
    }

    private static int[] whole(double... numbers) {
        return Arrays.stream(numbers).mapToInt(each -> (int) each).toArray();
    }

    /** Everything, so that it can go on. */
    private double[] state() {
        double[] state = new double[6 * n];
        for (int i = 0; i < n; i++) {
            state[i] = core[i];
            state[n + i] = near[i];
            state[2 * n + i] = by[i];
            state[3 * n + i] = from[i];
            state[4 * n + i] = to[i];
            state[5 * n + i] = length[i];
        }
        return state;
    }

    /** (points) at least so long is an edge of that point; filled before the tree grows. */
    double[] core() {
        return core;
    }

    /** Points whose core is known. */
    int cores() {
        return Math.min(begin, n);
    }

    /** Says what is done, points first and then edges, and keeps it when it is time. */
    void told(Progress progress, String what, int done) {
        halfway.at(progress, what, "galaxies", done, 2 * n, this::state);
    }

    /** All edges, the shortest first. */
    Edges grow(Progress progress) {
        int[] best = new int[points.pieces()];
        for (int step = Math.max(0, begin - n); step < n - 1; step++) {
            if (step % EVERY == 0) {
                told(progress, "spanning tree", n + step);
            }
            int last = step == 0 ? 0 : to[step - 1];
            in[last] = true;
            points.each(piece -> best[piece] = nearer(last, piece));
            int next = -1;
            for (int each : best) {
                next = each >= 0 && (next < 0 || near[each] < near[next]) ? each : next;
            }
            from[step] = by[next];
            to[step] = next;
            length[step] = near[next];
        }
        return new Edges(Arrays.copyOf(from, n - 1), Arrays.copyOf(to, n - 1), Arrays.copyOf(length, n - 1)).sorted();
    }

    /** How near each point of a piece is to the tree now; the nearest of them, -1 when all are in. */
    private int nearer(int last, int piece) {
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
}
