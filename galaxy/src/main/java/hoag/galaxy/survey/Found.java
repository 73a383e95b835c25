package hoag.galaxy.survey;

import hoag.kernels.ConfigException;
import hoag.kernels.ShapeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What every way of searching does before and after. */
final class Found {
    private Found() {}

    static void check(List<Examples> wanted, int count, int width) {
        if (count < 1) {
            throw new ConfigException("--k " + count + " is not allowed; it must be 1 or more");
        }
        for (Examples each : wanted) {
            for (int i = 0; i < each.count(); i++) {
                if (each.at(i).length != width) {
                    throw new ShapeException(
                            "search: an example has " + each.at(i).length + " features, the survey " + width);
                }
            }
        }
    }

    /** The best of some rows, measured again in double precision, so that rounding does not decide their order. */
    static List<Hit> measured(Rows rows, Examples wanted, Metric metric, Nearest best, int count) {
        List<Hit> hits = new ArrayList<>(best.size());
        float[] row = new float[rows.width()];
        for (int i = 0; i < best.size(); i++) {
            rows.read(best.row(i), 1, row);
            hits.add(new Hit(best.row(i), wanted.score(row, metric)));
        }
        hits.sort(Comparator.comparingDouble(Hit::score).thenComparingInt(Hit::row));
        return List.copyOf(hits.subList(0, Math.min(count, hits.size())));
    }
}
