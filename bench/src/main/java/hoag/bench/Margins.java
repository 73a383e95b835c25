package hoag.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** By how much one way to find is ahead of another: differences of the means of two lines of a table, with three deviations of both together. */
final class Margins {
    private static final List<String> MEASURES = List.of(
            "rated first: top 50",
            "top 200",
            "AP",
            "unrated: top 50",
            "AP",
            "left to find",
            "the other half: AP",
            "chance");

    private Margins() {}

    /**
     * A line, blank where one of the two is not there.
     *
     * @param rows lines by name, cells {@code mean +- three deviations}
     */
    static String line(Map<String, String> rows, String name, String than) {
        if (!rows.containsKey(name) || !rows.containsKey(than)) {
            return "";
        }
        double[][] ours = cells(rows.get(name));
        double[][] theirs = cells(rows.get(than));
        StringBuilder line = new StringBuilder(name + ", less " + than + ": ");
        for (int i = 0; i < ours.length; i++) {
            line.append(i == 0 ? "" : "; ")
                    .append(MEASURES.get(i))
                    .append(String.format(
                            Locale.ROOT,
                            " %+.3f +- %.3f",
                            ours[i][0] - theirs[i][0],
                            Math.hypot(ours[i][1], theirs[i][1])));
        }
        return line.toString();
    }

    private static double[][] cells(String row) {
        return Arrays.stream(row.split("\\|"))
                .filter(cell -> cell.contains("+-"))
                .map(cell -> Arrays.stream(cell.split("\\+-"))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toArray(double[][]::new);
    }
}
