package hoag.galaxy.report;

import hoag.galaxy.metrics.ConfusionMatrix;
import java.util.List;
import java.util.Locale;

/** Who was taken for whom: counts, shaded by their share of the row. */
final class ConfusionTable {
    private ConfusionTable() {}

    static final String LEGEND =
            "rows: the truth, columns: Hoag; the shade is the share of the row; at the corner the accuracy";

    static String panel(String heading, ConfusionMatrix matrix, List<String> names) {
        StringBuilder table = new StringBuilder("<div class=\"panel\"><h3>" + Html.text(heading)
                + "</h3><div class=\"scroll\"><table class=\"confusion\"><tr><th></th>");
        names.forEach(
                name -> table.append("<th>").append(Html.text(Html.plain(name))).append("</th>"));
        table.append("<th>all</th><th>recall</th></tr>");
        for (int k = 0; k < matrix.classes(); k++) {
            table.append("<tr><th>").append(Html.text(Html.plain(names.get(k)))).append("</th>");
            for (int j = 0; j < matrix.classes(); j++) {
                table.append(cell(matrix.counts()[k][j], matrix.support(k), k == j));
            }
            table.append(plain(Html.count(matrix.support(k)))).append(plain(Html.number(matrix.recall(k))));
            table.append("</tr>");
        }
        table.append("<tr><th>precision</th>");
        for (int k = 0; k < matrix.classes(); k++) {
            table.append(plain(Html.number(matrix.precision(k))));
        }
        table.append(plain(Html.count(matrix.total())))
                .append(plain(Html.number(matrix.accuracy())))
                .append("</tr>");
        return table.append("</table></div></div>").toString();
    }

    private static String plain(String text) {
        return "<td class=\"muted\">" + text + "</td>";
    }

    private static String cell(int count, int row, boolean right) {
        double share = row == 0 ? 0 : (double) count / row;
        String colour = right ? "125,176,255" : "255,143,125";
        return String.format(
                Locale.ROOT,
                "<td style=\"background:rgba(%s,%.2f)\" title=\"%s\">%s</td>",
                colour,
                0.05 + 0.6 * share,
                Html.percent(share),
                Html.count(count));
    }
}
