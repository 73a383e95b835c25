package hoag.galaxy.survey;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Looks at the {@link Codes} of every row, on all threads of the pool that calls, and measures the best {@value #SPARE} + 4 k again on the rows
 * themselves: exact but for what codes put beyond those.
 */
public final class CodeSearch implements Neighbours {
    private static final int SPARE = 64;
    private static final int PIECE = 4096;

    private final Rows rows;
    private final Codes codes;
    private final Metric metric;

    /** Search in these rows, of which all have codes. */
    public CodeSearch(Rows rows, Codes codes, Metric metric) {
        this.rows = rows;
        this.codes = codes;
        this.metric = metric;
    }

    @Override
    public List<List<Hit>> nearest(List<Examples> wanted, int count, IntPredicate where) {
        Found.check(wanted, count, rows.width());
        List<List<Hit>> all = new ArrayList<>();
        for (Examples each : wanted) {
            all.add(rows.size() == 0 ? List.of() : one(each, count, where));
        }
        return all;
    }

    private List<Hit> one(Examples wanted, int count, IntPredicate where) {
        int most = (int) Math.min(rows.size(), SPARE + 4L * count);
        Query[] queries = IntStream.range(0, wanted.count())
                .mapToObj(
                        i -> new Query(codes.query(wanted.at(i)), Codes.square(wanted.at(i)), (float) wanted.weight(i)))
                .toArray(Query[]::new);
        Nearest best = new Nearest(most);
        IntStream.range(0, Math.ceilDiv(rows.size(), PIECE))
                .parallel()
                .mapToObj(i -> some(queries, most, i * PIECE, Math.min(rows.size(), (i + 1) * PIECE), where))
                .forEachOrdered(best::offerAll);
        return Found.measured(rows, wanted, metric, best, count);
    }

    private record Query(float[] values, float square, float weight) {}

    private Nearest some(Query[] queries, int most, int from, int to, IntPredicate where) {
        Nearest best = new Nearest(most);
        float[] four = new float[4];
        float[] scores = new float[4];
        int[] rows = new int[4];
        int held = 0;
        for (int row = from; row < to; row++) {
            if (where.test(row)) {
                rows[held++] = row;
            }
            if (held == 4 || held > 0 && row == to - 1) {
                Arrays.fill(rows, held, 4, rows[0]);
                score(queries, rows, four, scores);
                for (int i = 0; i < held; i++) {
                    best.offer(rows[i], scores[i]);
                }
                held = 0;
            }
        }
        return best;
    }

    private void score(Query[] queries, int[] rows, float[] four, float[] scores) {
        Arrays.fill(scores, 0);
        for (Query query : queries) {
            codes.distances(metric, query.values, query.square, rows[0], rows[1], rows[2], rows[3], four);
            for (int i = 0; i < 4; i++) {
                float distance = metric == Metric.EUCLIDEAN ? (float) Math.sqrt(Math.max(0, four[i])) : four[i];
                scores[i] += query.weight * distance;
            }
        }
    }
}
