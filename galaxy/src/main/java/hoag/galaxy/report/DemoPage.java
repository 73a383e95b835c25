package hoag.galaxy.report;

import hoag.galaxy.tree.VoteSummary;
import java.util.Base64;
import java.util.List;

/** Galaxies with what a model says of each, as one page. */
public final class DemoPage {
    private DemoPage() {}

    /**
     * One galaxy.
     *
     * @param jpeg its picture as a file
     * @param shownFor what the site that publishes the picture shows it for; may be empty
     * @param similar rows of the most similar galaxies
     */
    public record Galaxy(
            String id, byte[] jpeg, String survey, String shownFor, List<Finding> findings, int[] similar) {}

    /**
     * @param model one line about the model
     * @param credit where the pictures come from
     */
    public static String of(List<Galaxy> galaxies, String model, String credit) {
        Page page = new Page("Hoag: " + galaxies.size() + " galaxies");
        page.style(STYLE);
        for (int i = 0; i < galaxies.size(); i++) {
            page.style(".g" + i + "{background-image:url(data:image/jpeg;base64,"
                    + Base64.getEncoder().encodeToString(galaxies.get(i).jpeg()) + ")}");
        }
        page.add("<header><h1>" + galaxies.size() + " galaxies, as volunteers would see them</h1><p class=\"muted\">"
                + Html.text(model)
                + "</p><p class=\"muted\">Each bar is the share of volunteers expected to give the answer; the"
                + " bracket holds it with 90% probability.</p></header>");
        StringBuilder cards = new StringBuilder("<main class=\"sky\">");
        for (int i = 0; i < galaxies.size(); i++) {
            cards.append(card(i, galaxies));
        }
        page.add(cards.append("</main>").toString());
        page.add("<footer>" + Html.text(credit) + "</footer>");
        return page.toString();
    }

    private static final String STYLE = """
        .sky { display: grid; gap: 1.4rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr)); margin-top: 2.4rem; }
        .galaxy { background: var(--panel); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; display: flex; flex-direction: column; }
        .galaxy:target { border-color: var(--gold); }
        .photo, .mini a { background-size: cover; background-position: center; background-color: #000; }
        .photo { aspect-ratio: 4 / 3; position: relative; }
        .photo span { position: absolute; left: 0; right: 0; bottom: 0; padding: 2.2rem 1.1rem .7rem; background: linear-gradient(transparent, rgba(10, 14, 26, .9)); }
        .photo b { font-size: 1.25rem; font-weight: 600; letter-spacing: -.01em; }
        .photo small { display: block; color: var(--muted); }
        .route { list-style: none; margin: 0; padding: .9rem 1.1rem .2rem; }
        .route li { margin-bottom: .85rem; }
        .route li > div:first-child { display: flex; justify-content: space-between; gap: 1rem; align-items: end; }
        .route em { font-style: normal; color: var(--muted); font-size: .8rem; display: block; }
        .route small { color: #7683a6; font-size: .78rem; }
        .galaxy details { padding: 0 0 .6rem; }
        .galaxy summary { padding: .1rem 1.1rem; color: var(--muted); font-size: .8rem; cursor: pointer; }
        .like { margin-top: auto; padding: .2rem 1.1rem 1.1rem; }
        .like p { font-size: .8rem; color: var(--muted); margin: 0 0 .4rem; }
        .mini { display: grid; grid-template-columns: repeat(3, 1fr); gap: .5rem; }
        .mini a { aspect-ratio: 1; border-radius: 8px; display: block; outline-offset: 2px; transition: transform .15s; }
        .mini a:hover { transform: scale(1.04); }
        @media (prefers-reduced-motion: reduce) { .mini a { transition: none; } }
        """;

    private static String card(int i, List<Galaxy> galaxies) {
        Galaxy galaxy = galaxies.get(i);
        Finding first = galaxy.findings().getFirst();
        StringBuilder card = new StringBuilder("<article class=\"galaxy\" id=\"n" + i + "\">");
        card.append("<div class=\"photo g")
                .append(i)
                .append("\" role=\"img\" aria-label=\"galaxy ")
                .append(Html.text(galaxy.id()))
                .append("\"><span><b>")
                .append(Html.text(first.best().answer()))
                .append("</b><small>")
                .append(Html.text(galaxy.survey() + " \u00b7 " + galaxy.id()))
                .append("</small></span></div>");
        card.append("<ol class=\"route\">");
        galaxy.findings().stream().filter(DemoPage::isAsked).forEach(finding -> card.append(step(finding)));
        card.append("</ol>")
                .append(seldom(galaxy.findings()))
                .append(like(galaxy, galaxies))
                .append("</article>");
        return card.toString();
    }

    /** Whether at least half of the volunteers would come to the question. */
    private static boolean isAsked(Finding finding) {
        return finding.asked() >= VoteSummary.RELEVANT;
    }

    /** The rest of the path, folded. */
    private static String seldom(List<Finding> findings) {
        List<Finding> rest =
                findings.stream().filter(finding -> !isAsked(finding)).toList();
        if (rest.isEmpty()) {
            return "";
        }
        StringBuilder folded = new StringBuilder("<details><summary>")
                .append(rest.size() == 1 ? "1 question" : rest.size() + " questions")
                .append(" asked of less than half</summary><ol class=\"route\">");
        rest.forEach(finding -> folded.append(step(finding)));
        return folded.append("</ol></details>").toString();
    }

    private static String step(Finding finding) {
        Finding.Share best = finding.best();
        String value = Double.isFinite(best.fraction()) ? Html.percent(best.fraction()) : "";
        return "<li><div><span><em>" + Html.text(finding.question()) + asked(finding) + "</em>"
                + Html.text(best.answer()) + "</span><span>" + value + "</span></div>" + bar(best) + "<small>"
                + others(finding.others()) + "</small></li>";
    }

    private static String asked(Finding finding) {
        return finding.asked() < 0.995 ? " \u00b7 asked of " + Html.percent(finding.asked()) : "";
    }

    /** The fraction as a bar, the interval as a bracket on it. */
    static String bar(Finding.Share share) {
        if (!Double.isFinite(share.fraction())) {
            return "";
        }
        String bracket = Double.isFinite(share.lower())
                ? "<u style=\"left:" + style(share.lower()) + ";width:" + style(share.upper() - share.lower())
                        + "\" title=\"90%: " + Html.percent(share.lower()) + " to " + Html.percent(share.upper())
                        + "\"></u>"
                : "";
        return "<div class=\"bar\"><i style=\"width:" + style(share.fraction()) + "\"></i>" + bracket + "</div>";
    }

    private static String style(double share) {
        return String.format(java.util.Locale.ROOT, "%.1f%%", 100 * share);
    }

    private static String others(List<Finding.Share> others) {
        return String.join(
                " \u00b7 ",
                others.stream()
                        .limit(3)
                        .map(share -> Html.text(share.answer()) + " " + Html.percent(share.fraction()))
                        .toList());
    }

    private static String like(Galaxy galaxy, List<Galaxy> galaxies) {
        StringBuilder like = new StringBuilder("<div class=\"like\">");
        if (!galaxy.shownFor().isEmpty()) {
            like.append("<p>Galaxy Zoo shows it for \u201c")
                    .append(Html.text(galaxy.shownFor()))
                    .append("\u201d</p>");
        }
        like.append("<p>Most similar here</p><div class=\"mini\">");
        for (int other : galaxy.similar()) {
            like.append("<a class=\"g")
                    .append(other)
                    .append("\" href=\"#n")
                    .append(other)
                    .append("\" aria-label=\"similar: ")
                    .append(Html.text(galaxies.get(other).id()))
                    .append("\"></a>");
        }
        return like.append("</div></div>").toString();
    }
}
