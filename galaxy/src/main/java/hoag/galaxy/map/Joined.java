package hoag.galaxy.map;

import hoag.galaxy.learn.Progress;
import hoag.galaxy.survey.Metric;
import hoag.galaxy.survey.Rows;
import hoag.galaxy.survey.Survey;
import hoag.kernels.Backend;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts galaxies that came since a survey was grouped into its groups: each into that of most of its {@value #NEAREST} nearest older ones, by what the
 * groups were found on.
 *
 * @param survey that has grown
 * @param map of all its galaxies
 * @param backend for products
 */
public record Joined(Survey survey, SurveyMap map, Backend backend) {
    private static final int NEAREST = 15;

    /**
     * The column for all galaxies of the survey; those it had keep their groups.
     *
     * @throws Stopped when the progress says so
     */
    public Column column(Column column, Progress progress) {
        int old = column.size();
        Rows known = Reduction.part(survey, 0, old);
        Rows fresh = Reduction.part(survey, old, survey.size() - old);
        int dims = Integer.parseInt(column.made().settings().getOrDefault("dims", "0"));
        if ("map".equals(column.made().settings().get("on"))) {
            Rows places = places();
            known = Reduction.part(places, 0, old);
            fresh = Reduction.part(places, old, survey.size() - old);
        } else if (dims > 0 && dims < survey.width()) {
            Reduction basis =
                    Reduction.of(Reduction.part(survey, 0, column.made().objects()), dims);
            known = basis.apply(known);
            fresh = basis.apply(fresh);
        }
        Knn knn = Knn.to(known, fresh, Metric.EUCLIDEAN, Math.min(NEAREST, old), backend, progress);
        int[] labels = new int[survey.size()];
        Arrays.setAll(labels, row -> row < old ? column.label(row) : most(column, knn, row - old));
        return Column.of(column.name(), column.made(), labels);
    }

    /** Of as many the one that comes first among the nearest. */
    private static int most(Column column, Knn knn, int point) {
        Map<Integer, Integer> counts = new HashMap<>();
        int best = -1;
        for (int j = (point + 1) * knn.k() - 1; j >= point * knn.k(); j--) {
            int label = column.label(knn.rows()[j]);
            if (counts.merge(label, 1, Integer::sum) >= counts.getOrDefault(best, 0)) {
                best = label;
            }
        }
        return best;
    }

    private Rows places() {
        float[] flat = new float[2 * map.size()];
        for (int row = 0; row < map.size(); row++) {
            flat[2 * row] = map.x(row);
            flat[2 * row + 1] = map.y(row);
        }
        return Rows.of(flat, 2);
    }
}
