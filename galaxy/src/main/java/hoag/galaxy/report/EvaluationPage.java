package hoag.galaxy.report;

import java.util.List;

/** How well a model does on galaxies whose answers are known, as one page. */
public final class EvaluationPage {
    private EvaluationPage() {}

    /**
     * @param title what was evaluated
     * @param about lines about the model and the galaxies
     * @param gallery how galaxies are shown
     */
    public static String of(String title, List<String> about, List<TaskReport> reports, Gallery gallery) {
        Page page = new Page(title);
        StringBuilder header = new StringBuilder("<header><h1>" + Html.text(title) + "</h1>");
        about.forEach(line ->
                header.append("<p class=\"muted\">").append(Html.text(line)).append("</p>"));
        page.add(header.append("</header>").toString());
        reports.forEach(report -> page.section(Html.plain(report.name()), report.html(gallery)));
        page.add("<footer>Made with hoag evaluate; the same numbers, unrounded, are in metrics.json.</footer>");
        return page.toString();
    }
}
