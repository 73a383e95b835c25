package hoag.galaxy.report;

import hoag.galaxy.Search.Found;
import hoag.galaxy.survey.Metric;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** What a search found, with thumbnails, as one page that needs nothing else. */
public final class NearPage {
    private NearPage() {}

    /**
     * The page.
     *
     * @param examples small JPEGs of what was looked for: those of {@code like}, then those of {@code unlike}; empty ones for none
     */
    public static String html(
            List<String> like, List<String> unlike, Metric metric, List<byte[]> examples, List<Found> found) {
        Page page = new Page("Like " + like.getFirst())
                .style(".near{display:grid;grid-template-columns:repeat(auto-fill,minmax(120px,1fr));gap:12px}")
                .style(".near figure{margin:0}.near img{width:100%;border-radius:6px;display:block;background:#000}")
                .style(".near figcaption{font-size:12px;overflow-wrap:anywhere}");
        page.add("<header><h1>" + Html.count(found.size()) + " galaxies like " + Html.text(String.join(", ", like))
                + "</h1></header>");
        page.section("Looked for", cells(like, examples.subList(0, like.size())));
        if (!unlike.isEmpty()) {
            page.section("Less like", cells(unlike, examples.subList(like.size(), examples.size())));
        }
        return page.section("Found, nearest first", found(found))
                .add("<footer><p>Distance: " + metric.name().toLowerCase(Locale.ROOT)
                        + ", between representations. Made with hoag search.</p></footer>")
                .toString();
    }

    private static String cells(List<String> names, List<byte[]> pictures) {
        StringBuilder cells = new StringBuilder("<div class=\"near\">");
        for (int i = 0; i < names.size(); i++) {
            cells.append(cell(pictures.get(i), names.get(i), ""));
        }
        return cells.append("</div>").toString();
    }

    private static String found(List<Found> found) {
        StringBuilder cells = new StringBuilder("<div class=\"near\">");
        for (Found each : found) {
            cells.append(cell(each.thumbnail(), each.id(), Html.digits(each.distance())));
        }
        return cells.append("</div>").toString();
    }

    private static String cell(byte[] jpeg, String name, String note) {
        String picture = jpeg.length == 0
                ? ""
                : "<img loading=\"lazy\" alt=\"" + Html.text(name) + "\" src=\"data:image/jpeg;base64,"
                        + Base64.getEncoder().encodeToString(jpeg) + "\">";
        return "<figure>" + picture + "<figcaption>" + Html.text(name) + (note.isEmpty() ? "" : "<br>" + note)
                + "</figcaption></figure>";
    }
}
