package hoag.galaxy.map;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Weighted links between points, by point: those of point i stand at {@code start[i] ... start[i + 1] - 1}, by rising target.
 *
 * @param start (points + 1)
 * @param to targets
 * @param weight of each link
 */
record Links(int[] start, int[] to, float[] weight) {
    /** How a link and the one back become one. */
    interface Union {
        float of(float there, float back);
    }

    int size() {
        return start.length - 1;
    }

    float most() {
        float most = 0;
        for (float each : weight) {
            most = Math.max(most, each);
        }
        return most;
    }

    /** The same links, those of each point by the remainder of their targets, then by target. */
    Links byTurn(int turns) {
        int[] ordered = new int[to.length];
        float[] weights = new float[to.length];
        IntStream.range(0, size()).parallel().forEach(i -> {
            int at = start[i];
            for (int turn = 0; turn < turns; turn++) {
                for (int e = start[i]; e < start[i + 1]; e++) {
                    if (to[e] % turns == turn) {
                        ordered[at] = to[e];
                        weights[at++] = weight[e];
                    }
                }
            }
        });
        return new Links(start, ordered, weights);
    }

    /**
     * Where the link back stands, of every link; all have one.
     *
     * @param turns by which these are ordered
     */
    int[] back(int turns) {
        int[] back = new int[to.length];
        int[] next = start.clone();
        for (int turn = 0; turn < turns; turn++) { // in the order in which every target has its links
            for (int i = turn; i < size(); i += turns) {
                for (int e = start[i]; e < start[i + 1]; e++) {
                    back[next[to[e]]++] = e;
                }
            }
        }
        return back;
    }

    /** The same in both directions: every link of the neighbours and the one back, 0 where there is none, made one. */
    static Links both(Knn knn, float[] weights, Union union) {
        Links there = sorted(knn, weights);
        Links back = there.turned();
        int n = there.size();
        int[] start = new int[n + 1];
        for (int i = 0; i < n; i++) {
            start[i + 1] = Math.addExact(start[i], merged(there, back, i, union, null, null, 0));
        }
        int[] to = new int[start[n]];
        float[] weight = new float[start[n]];
        IntStream.range(0, n).parallel().forEach(i -> merged(there, back, i, union, to, weight, start[i]));
        return new Links(start, to, weight);
    }

    private static int merged(Links a, Links b, int point, Union union, int[] to, float[] weight, int from) {
        int at = from;
        int i = a.start[point];
        int j = b.start[point];
        while (i < a.start[point + 1] || j < b.start[point + 1]) {
            int left = i < a.start[point + 1] ? a.to[i] : Integer.MAX_VALUE;
            int right = j < b.start[point + 1] ? b.to[j] : Integer.MAX_VALUE;
            float there = left <= right ? a.weight[i] : 0;
            float back = right <= left ? b.weight[j] : 0;
            if (to != null) {
                to[at] = Math.min(left, right);
                weight[at] = union.of(there, back);
            }
            i += left <= right ? 1 : 0;
            j += right <= left ? 1 : 0;
            at++;
        }
        return at - from;
    }

    /** Those of the neighbours; what stands twice, once. */
    private static Links sorted(Knn knn, float[] weights) {
        int n = knn.size();
        int k = knn.k();
        int[] start = new int[n + 1];
        int[] to = new int[n * k];
        float[] weight = new float[n * k];
        int at = 0;
        for (int i = 0; i < n; i++) {
            long[] some = new long[k];
            for (int j = 0; j < k; j++) {
                some[j] = (long) knn.rows()[i * k + j] << 32 | j;
            }
            Arrays.sort(some);
            for (long each : some) {
                int target = (int) (each >>> 32);
                if (at == start[i] || to[at - 1] != target) {
                    to[at] = target;
                    weight[at++] = weights[i * k + (int) each];
                }
            }
            start[i + 1] = at;
        }
        return new Links(start, Arrays.copyOf(to, at), Arrays.copyOf(weight, at));
    }

    private Links turned() {
        int n = size();
        int[] begin = new int[n + 1];
        for (int each : to) {
            begin[each + 1]++;
        }
        for (int i = 0; i < n; i++) {
            begin[i + 1] += begin[i];
        }
        int[] next = begin.clone();
        int[] from = new int[to.length];
        float[] turned = new float[to.length];
        for (int i = 0; i < n; i++) {
            for (int e = start[i]; e < start[i + 1]; e++) {
                int at = next[to[e]]++;
                from[at] = i;
                turned[at] = weight[e];
            }
        }
        return new Links(begin, from, turned);
    }
}
