package hoag.galaxy.survey;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Walks a {@link Graph} and measures what it comes by on the rows themselves: approximate, and much faster than to look at all. Several
 * examples at once, or a condition on rows, are looked for among the codes of all rows.
 */
public final class GraphSearch implements Neighbours {
    private static final int WALK = 24;
    private static final int WALKED = 50_000;
    private static final int LONGER = 12;

    private final Rows rows;
    private final Graph graph;
    private final Metric metric;
    private final int walk;
    private final CodeSearch all;

    /**
     * Search by a graph of these rows.
     *
     * @param walk how many rows a walk keeps, at least 1; the more, the slower and the surer
     */
    public GraphSearch(Rows rows, Codes codes, Graph graph, Metric metric, int walk) {
        this.rows = rows;
        this.graph = graph;
        this.metric = metric;
        this.walk = walk;
        all = new CodeSearch(rows, codes, metric);
    }

    /**
     * How many rows a walk keeps where nothing is said, so that of 10 neighbours 95% and more are found: the more rows there are, the longer.
     *
     * @param rows of the graph
     */
    public static int walk(int rows) {
        double doubled = Math.log(Math.max(1, rows / (double) WALKED)) / Math.log(2);
        return WALK + (int) Math.round(LONGER * doubled);
    }

    @Override
    public List<List<Hit>> nearest(List<Examples> wanted, int count, IntPredicate where) {
        if (where != Neighbours.ANY || wanted.stream().anyMatch(each -> each.count() > 1)) {
            return all.nearest(wanted, count, where);
        }
        Found.check(wanted, count, rows.width());
        return IntStream.range(0, wanted.size())
                .parallel()
                .mapToObj(i -> one(wanted.get(i), count))
                .toList();
    }

    private List<Hit> one(Examples wanted, int count) {
        Graph.Walk found = graph.near(wanted.at(0), Math.max(walk, 2 * count));
        Nearest best = new Nearest(Math.max(1, Math.min(found.size(), count + count / 2 + 4)));
        for (int i = 0; i < found.size() && i < best.room(); i++) {
            best.offer(found.row(i), i);
        }
        return Found.measured(rows, wanted, metric, best, count);
    }
}
