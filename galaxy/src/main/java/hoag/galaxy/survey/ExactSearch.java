package hoag.galaxy.survey;

import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Workspace;
import hoag.kernels.Backend;
import hoag.kernels.Shape;
import hoag.kernels.Unary;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Looks at every row. A few examples: a vector loop over the rows, on all threads of the pool that calls. Many: distances to all of them by one
 * product of a piece of the rows and the examples (Manhattan: by one fused sum) on a device. Both in float32; the best and some more are measured
 * again in double precision, so that rounding does not decide their order.
 */
public final class ExactSearch implements Neighbours {
    private static final int PIECE_BYTES = 8 << 20;
    private static final int FEW = 6;

    /** Parts that threads take in turn. */
    private static final int PARTS = 64;

    private static final int SPARE = 16;
    private static final float TINY = 1e-30f;

    private final Rows rows;
    private final Metric metric;
    private final Backend backend;

    /** Search in these rows, products on this device. */
    public ExactSearch(Rows rows, Metric metric, Backend backend) {
        this.rows = rows;
        this.metric = metric;
        this.backend = backend;
    }

    /**
     * The nearest rows to one thing.
     *
     * @param skip rows that are not to be found
     */
    public List<Hit> nearest(Examples wanted, int count, int... skip) {
        return nearest(List.of(wanted), count, skip).getFirst();
    }

    /**
     * The nearest rows to each of many things, nearest first, ties by row.
     *
     * @param count how many of each, at least 1; fewer come back when there are fewer rows
     * @param skip rows that are not to be found
     * @throws hoag.kernels.ShapeException when an example has not the width of the rows
     */
    public List<List<Hit>> nearest(List<Examples> wanted, int count, int... skip) {
        return nearest(wanted, count, row -> Arrays.stream(skip).noneMatch(skipped -> skipped == row));
    }

    @Override
    public List<List<Hit>> nearest(List<Examples> wanted, int count, IntPredicate where) {
        Found.check(wanted, count, rows.width());
        if (rows.size() == 0 || wanted.isEmpty()) {
            return wanted.stream().map(each -> List.<Hit>of()).toList();
        }
        int most = (int) Math.min(rows.size(), SPARE + 2L * count);
        Nearest[] best = wanted.stream().mapToInt(Examples::count).sum() <= FEW
                ? few(wanted, most, where)
                : many(wanted, most, where);
        List<List<Hit>> all = new ArrayList<>();
        for (int i = 0; i < best.length; i++) {
            all.add(Found.measured(rows, wanted.get(i), metric, best[i], count));
        }
        return all;
    }

    private static Nearest[] empty(int queries, int most) {
        Nearest[] best = new Nearest[queries];
        Arrays.setAll(best, i -> new Nearest(most));
        return best;
    }

    private int piece(int perRow) {
        return Math.clamp(PIECE_BYTES / (4L * perRow), 1, rows.size());
    }

    private Nearest[] few(List<Examples> wanted, int most, IntPredicate where) {
        int piece = piece(32 * rows.width());
        int pieces = Math.ceilDiv(rows.size(), piece);
        int parts = Math.min(pieces, PARTS);
        Nearest[] best = empty(wanted.size(), most);
        IntStream.range(0, parts)
                .parallel()
                .mapToObj(part -> {
                    int from = (int) ((long) pieces * part / parts) * piece;
                    int to = (int) Math.min(rows.size(), (long) pieces * (part + 1) / parts * piece);
                    return some(wanted, most, from, to, piece, where);
                })
                .forEachOrdered(found -> {
                    for (int i = 0; i < best.length; i++) {
                        best[i].offerAll(found[i]);
                    }
                });
        return best;
    }

    /** The best from row to row, where they lie, or through a buffer of a piece that stays near the core. */
    private Nearest[] some(List<Examples> wanted, int most, int from, int to, int piece, IntPredicate where) {
        Nearest[] best = empty(wanted.size(), most);
        long stride = 4L * rows.width();
        float[] buffer = null;
        for (int begin = from; begin < to; begin += piece) {
            int count = Math.min(piece, to - begin);
            MemorySegment values = rows.memory(begin, count);
            if (values == null) {
                buffer = buffer == null ? new float[piece * rows.width()] : buffer;
                rows.read(begin, count, buffer);
                values = MemorySegment.ofArray(buffer);
            }
            for (int row = 0; row < count; row++) {
                if (where.test(begin + row)) {
                    for (int i = 0; i < best.length; i++) {
                        best[i].offer(begin + row, score(wanted.get(i), values, row * stride));
                    }
                }
            }
        }
        return best;
    }

    private float score(Examples wanted, MemorySegment values, long at) {
        float score = 0;
        for (int i = 0; i < wanted.count(); i++) {
            score += (float) wanted.weight(i) * Loops.distance(metric, wanted.at(i), values, at);
        }
        return score;
    }

    private float[] queries(List<Examples> wanted) {
        int width = rows.width();
        float[] queries =
                new float[width * wanted.stream().mapToInt(Examples::count).sum()];
        int at = 0;
        for (Examples each : wanted) {
            for (int i = 0; i < each.count(); i++, at += width) {
                System.arraycopy(each.at(i), 0, queries, at, width);
            }
        }
        return queries;
    }

    private Nearest[] many(List<Examples> wanted, int most, IntPredicate where) {
        Nearest[] best = empty(wanted.size(), most);
        float[] queries = queries(wanted);
        int width = rows.width();
        int examples = queries.length / width;
        int piece = piece(Math.max(width, examples));
        float[] some = new float[piece * width];
        float[] distances = new float[examples * piece];
        int[] first = first(wanted);
        Program program = program(examples, piece, width);
        try (Workspace work = program.workspace()) {
            work.feed("queries", queries);
            for (int row = 0; row < rows.size(); row += piece) {
                int real = Math.min(piece, rows.size() - row);
                rows.read(row, real, some);
                work.feed("rows", some).run().read("distances", distances, 0);
                int begin = row;
                IntStream.range(0, best.length)
                        .parallel()
                        .forEach(i -> offer(wanted.get(i), distances, first[i], piece, begin, real, best[i], where));
            }
        }
        return best;
    }

    private static int[] first(List<Examples> wanted) {
        int[] first = new int[wanted.size()];
        for (int i = 1; i < first.length; i++) {
            first[i] = first[i - 1] + wanted.get(i - 1).count();
        }
        return first;
    }

    private Program program(int examples, int piece, int width) {
        Tensor x = Tensor.input("rows", Shape.of(piece, width));
        Tensor q = Tensor.input("queries", Shape.of(examples, width));
        Tensor distances = switch (metric) {
            case EUCLIDEAN -> {
                Tensor squares =
                        x.square().sum(1).reshape(1, piece).add(q.square().sum(1));
                yield q.matmulTransposed(x)
                        .mul(-2)
                        .add(squares)
                        .clamp(0, Float.MAX_VALUE)
                        .sqrt();
            }
            case COSINE -> {
                Tensor lengths = x.square()
                        .sum(1)
                        .reshape(1, piece)
                        .mul(q.square().sum(1))
                        .add(TINY)
                        .sqrt();
                yield q.matmulTransposed(x).div(lengths).mul(-1).add(1);
            }
            case MANHATTAN ->
                q.reshape(examples, 1, width)
                        .sub(x.reshape(1, piece, width))
                        .map(Unary.ABS)
                        .sum(2)
                        .reshape(examples, piece);
        };
        return Program.compile(backend, Map.of("distances", distances));
    }

    private static void offer(
            Examples each,
            float[] distances,
            int example,
            int piece,
            int row,
            int real,
            Nearest best,
            IntPredicate where) {
        if (each.count() == 1) {
            offer(distances, example * piece, row, real, best, where);
            return;
        }
        float[] scores = new float[real];
        for (int e = 0; e < each.count(); e++) {
            float weight = (float) each.weight(e);
            for (int j = 0; j < real; j++) {
                scores[j] += weight * distances[(example + e) * piece + j];
            }
        }
        offer(scores, 0, row, real, best, where);
    }

    private static void offer(float[] scores, int offset, int row, int real, Nearest best, IntPredicate where) {
        float worst = best.worst();
        for (int j = 0; j < real; j++) {
            if (scores[offset + j] < worst && where.test(row + j)) {
                best.offer(row + j, scores[offset + j]);
                worst = best.worst();
            }
        }
    }
}
