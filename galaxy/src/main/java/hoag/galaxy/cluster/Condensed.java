package hoag.galaxy.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The tree of clusters: going up in density (one over length) a cluster loses points, and splits where both parts are large enough. A cluster
 * lasts, summed over its points, from the density where it began to that where they leave it.
 */
final class Condensed {
    private final int n;
    private final int least;
    private final int[] left;
    private final int[] right;
    private final int[] size;
    private final double[] density;

    /** The cluster that a point leaves last. */
    private final int[] cluster;

    private final List<Integer> parent = new ArrayList<>();
    private final List<Double> birth = new ArrayList<>();
    private double[] lasts = new double[16];

    Condensed(Edges tree, int least) {
        n = tree.length().length + 1;
        this.least = least;
        left = new int[n - 1];
        right = new int[n - 1];
        size = new int[n - 1];
        density = new double[n - 1];
        cluster = new int[n];
        join(tree);
        condense();
    }

    private int size(int node) {
        return node < n ? 1 : size[node - n];
    }

    /** Parts by rising length become one: node n + i is made by the i-th edge. */
    private void join(Edges tree) {
        int[] top = new int[2 * n - 1];
        Arrays.setAll(top, i -> i);
        double tiny = 1e-12 * Math.max(Double.MIN_NORMAL, n > 1 ? tree.length()[n - 2] : 1);
        for (int e = 0; e < n - 1; e++) {
            left[e] = top(top, tree.from()[e]);
            right[e] = top(top, tree.to()[e]);
            size[e] = size(left[e]) + size(right[e]);
            density[e] = 1 / Math.max(tiny, tree.length()[e]); // copies are dense, not infinitely so
            top[left[e]] = top[right[e]] = n + e;
        }
    }

    private static int top(int[] top, int node) {
        int at = node;
        while (top[at] != at) {
            top[at] = top[top[at]];
            at = top[at];
        }
        return at;
    }

    private int begin(int from, double at) {
        parent.add(from);
        birth.add(at);
        if (parent.size() > lasts.length) {
            lasts = Arrays.copyOf(lasts, 2 * lasts.length);
        }
        return parent.size() - 1;
    }

    private record Part(int node, int cluster) {}

    private void condense() {
        Deque<Part> open = new ArrayDeque<>();
        open.push(new Part(2 * n - 2, begin(-1, 0)));
        while (!open.isEmpty()) {
            Part part = open.pop();
            if (part.node < n) {
                continue;
            }
            int a = left[part.node - n];
            int b = right[part.node - n];
            double at = density[part.node - n];
            boolean both = size(a) >= least && size(b) >= least;
            for (int child : new int[] {a, b}) {
                if (both) {
                    lasts[part.cluster] += (at - birth.get(part.cluster)) * size(child);
                    open.push(new Part(child, begin(part.cluster, at)));
                } else if (size(child) >= least) {
                    open.push(new Part(child, part.cluster));
                } else {
                    lasts[part.cluster] += (at - birth.get(part.cluster)) * size(child);
                    leave(child, part.cluster);
                }
            }
        }
    }

    private void leave(int node, int from) {
        Deque<Integer> open = new ArrayDeque<>();
        open.push(node);
        while (!open.isEmpty()) {
            int each = open.pop();
            if (each < n) {
                cluster[each] = from;
            } else {
                open.push(left[each - n]);
                open.push(right[each - n]);
            }
        }
    }

    /** Of a cluster and those it splits into the ones that last longer together; never all points as one. */
    private boolean[] chosen() {
        int count = parent.size();
        boolean[] chosen = new boolean[count];
        double[] below = new double[count];
        for (int c = count - 1; c > 0; c--) { // a cluster comes before those it splits into
            chosen[c] = lasts[c] >= below[c];
            below[parent.get(c)] += Math.max(lasts[c], below[c]);
        }
        for (int c = 1; c < count; c++) {
            if (covered(chosen, c)) {
                chosen[c] = false;
            }
        }
        return chosen;
    }

    private boolean covered(boolean[] chosen, int c) {
        for (int up = parent.get(c); up > 0; up = parent.get(up)) {
            if (chosen[up]) {
                return true;
            }
        }
        return false;
    }

    Hdbscan.Fitted fitted() {
        boolean[] chosen = chosen();
        int[] number = new int[chosen.length];
        int count = 0;
        for (int c = 0; c < chosen.length; c++) {
            number[c] = chosen[c] ? count++ : c == 0 ? -1 : number[parent.get(c)];
        }
        return new Hdbscan.Fitted(Arrays.stream(cluster).map(c -> number[c]).toArray(), count);
    }
}
