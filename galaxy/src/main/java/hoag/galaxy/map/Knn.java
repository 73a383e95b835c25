package hoag.galaxy.map;

import hoag.galaxy.learn.Progress;
import hoag.galaxy.survey.Codes;
import hoag.galaxy.survey.ExactSearch;
import hoag.galaxy.survey.Examples;
import hoag.galaxy.survey.Graph;
import hoag.galaxy.survey.GraphSearch;
import hoag.galaxy.survey.Hit;
import hoag.galaxy.survey.Metric;
import hoag.galaxy.survey.Neighbours;
import hoag.galaxy.survey.Rows;
import hoag.kernels.Backend;
import java.util.ArrayList;
import java.util.List;

/**
 * The nearest rows of each of many, nearest first.
 *
 * @param k neighbours of each
 * @param rows (points, k)
 * @param distances (points, k)
 */
public record Knn(int k, int[] rows, float[] distances) {
    /** Points at a time. */
    private static final int PIECE = 2048;

    /** Rows from which on a graph is walked instead of looking at every row. */
    private static final int LARGE = 60_000;

    /** Points whose neighbours are known. */
    public int size() {
        return rows.length / k;
    }

    /**
     * The nearest other rows of every row, on all threads of the pool that calls: among all, or by a graph of neighbours where there are more than
     * {@value #LARGE}.
     *
     * @param k how many, less than there are rows
     */
    public static Knn among(Rows rows, Metric metric, int k, Backend backend, Progress progress) {
        if (rows.size() <= LARGE) {
            return find(new ExactSearch(rows, metric, backend), rows, k, true, progress);
        }
        try (Codes codes = Codes.of(rows)) {
            Graph graph =
                    Graph.of(codes, metric, done -> Stopped.at(progress, "graph of neighbours", done, rows.size(), ""));
            return find(new GraphSearch(rows, codes, graph, metric, 2 * k + 8), rows, k, true, progress);
        }
    }

    /**
     * The nearest of some rows to every point, on all threads of the pool that calls.
     *
     * @param k how many, no more than there are rows
     */
    public static Knn to(Rows rows, Rows points, Metric metric, int k, Backend backend, Progress progress) {
        return find(new ExactSearch(rows, metric, backend), points, k, false, progress);
    }

    private static Knn find(Neighbours search, Rows points, int k, boolean others, Progress progress) {
        int n = points.size();
        Knn found = new Knn(k, new int[Math.multiplyExact(n, k)], new float[n * k]);
        for (int from = 0; from < n; from += PIECE) {
            Stopped.at(progress, "neighbours", from, n, "");
            int count = Math.min(PIECE, n - from);
            List<Examples> wanted = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                wanted.add(Examples.of(points.row(from + i)));
            }
            List<List<Hit>> hits = search.nearest(wanted, others ? k + 1 : k, Neighbours.ANY);
            for (int i = 0; i < count; i++) {
                found.put(from + i, hits.get(i), others);
            }
        }
        return found;
    }

    private void put(int point, List<Hit> hits, boolean others) {
        int at = point * k;
        for (Hit hit : hits) {
            if (at < (point + 1) * k && !(others && hit.row() == point)) {
                rows[at] = hit.row();
                distances[at++] = (float) hit.score();
            }
        }
        for (; at < (point + 1) * k; at++) { // a walk that found too few
            rows[at] = rows[at - 1];
            distances[at] = distances[at - 1];
        }
    }
}
