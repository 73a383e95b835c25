package hoag.galaxy.survey;

import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Workspace;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.Shape;
import hoag.kernels.ShapeException;
import hoag.kernels.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Looks at every row: distances to all examples by one product of a piece of the rows and the examples (Manhattan: by one fused sum) in float32,
 * of which the best and some more are measured again in double precision, so that rounding does not decide their order.
 */
public final class ExactSearch {
    private static final int PIECE_BYTES = 8 << 20;
    private static final float TINY = 1e-30f;

    private final Rows rows;
    private final Metric metric;
    private final Backend backend;

    /** Search in these rows on this device. */
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
     * @throws ShapeException when an example has not the width of the rows
     */
    public List<List<Hit>> nearest(List<Examples> wanted, int count, int... skip) {
        if (count < 1) {
            throw new ConfigException("--k " + count + " is not allowed; it must be 1 or more");
        }
        float[] queries = queries(wanted);
        if (rows.size() == 0 || wanted.isEmpty()) {
            return wanted.stream().map(each -> List.<Hit>of()).toList();
        }
        int most = (int) Math.min(rows.size(), 16 + 2L * count + skip.length);
        Nearest[] best = new Nearest[wanted.size()];
        Arrays.setAll(best, i -> new Nearest(most));
        scan(wanted, queries, best);
        List<List<Hit>> all = new ArrayList<>();
        for (int i = 0; i < best.length; i++) {
            all.add(measured(wanted.get(i), best[i], count, skip));
        }
        return all;
    }

    private float[] queries(List<Examples> wanted) {
        int width = rows.width();
        float[] queries =
                new float[width * wanted.stream().mapToInt(Examples::count).sum()];
        int at = 0;
        for (Examples each : wanted) {
            for (int i = 0; i < each.count(); i++, at += width) {
                if (each.at(i).length != width) {
                    throw new ShapeException(
                            "search: an example has " + each.at(i).length + " features, the survey " + width);
                }
                System.arraycopy(each.at(i), 0, queries, at, width);
            }
        }
        return queries;
    }

    private void scan(List<Examples> wanted, float[] queries, Nearest[] best) {
        int width = rows.width();
        int examples = queries.length / width;
        int piece = Math.clamp(PIECE_BYTES / (4L * Math.max(width, examples)), 1, rows.size());
        float[] some = new float[piece * width];
        float[] distances = new float[examples * piece];
        Program program = program(examples, piece, width);
        try (Workspace work = program.workspace()) {
            work.feed("queries", queries);
            for (int row = 0; row < rows.size(); row += piece) {
                int real = Math.min(piece, rows.size() - row);
                rows.read(row, real, some);
                work.feed("rows", some).run().read("distances", distances, 0);
                offer(wanted, distances, piece, row, real, best);
            }
        }
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

    private static void offer(List<Examples> wanted, float[] distances, int piece, int row, int real, Nearest[] best) {
        int example = 0;
        float[] scores = new float[real];
        for (int i = 0; i < best.length; i++) {
            Examples each = wanted.get(i);
            if (each.count() == 1) {
                offer(distances, example * piece, row, real, best[i]);
            } else {
                Arrays.fill(scores, 0);
                for (int e = 0; e < each.count(); e++) {
                    float weight = (float) each.weight(e);
                    for (int j = 0; j < real; j++) {
                        scores[j] += weight * distances[(example + e) * piece + j];
                    }
                }
                offer(scores, 0, row, real, best[i]);
            }
            example += each.count();
        }
    }

    private static void offer(float[] scores, int offset, int row, int real, Nearest best) {
        float worst = best.worst();
        for (int j = 0; j < real; j++) {
            if (scores[offset + j] < worst) {
                best.offer(row + j, scores[offset + j]);
                worst = best.worst();
            }
        }
    }

    private List<Hit> measured(Examples wanted, Nearest best, int count, int[] skip) {
        List<Hit> hits = new ArrayList<>();
        for (int i = 0; i < best.size(); i++) {
            int row = best.row(i);
            if (Arrays.stream(skip).noneMatch(skipped -> skipped == row)) {
                hits.add(new Hit(row, wanted.score(rows.row(row), metric)));
            }
        }
        hits.sort(Comparator.comparingDouble(Hit::score).thenComparingInt(Hit::row));
        return List.copyOf(hits.subList(0, Math.min(count, hits.size())));
    }
}
