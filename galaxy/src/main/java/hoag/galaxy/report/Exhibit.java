package hoag.galaxy.report;

import hoag.galaxy.image.Bands;
import hoag.galaxy.image.Images;
import hoag.galaxy.image.Thumbnails;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A galaxy worth showing in a gallery.
 *
 * @param weight how much, for the order
 * @param about which question; may be empty
 */
record Exhibit(double weight, String id, Path image, String about, String truth, String said) {
    private static final int SIDE = 200;
    private static final double QUALITY = 0.82;

    /** Those of most weight, each galaxy once, the questions in turn. */
    static List<Exhibit> most(List<Exhibit> all, int count) {
        Map<String, Deque<Exhibit>> byQuestion = new LinkedHashMap<>();
        all.stream()
                .filter(each -> Double.isFinite(each.weight))
                .sorted(Comparator.comparingDouble((Exhibit each) -> -each.weight))
                .forEach(each -> byQuestion
                        .computeIfAbsent(each.about, question -> new ArrayDeque<>())
                        .add(each));
        Set<String> seen = new HashSet<>();
        List<Exhibit> chosen = new ArrayList<>();
        while (chosen.size() < count && !byQuestion.isEmpty()) {
            byQuestion.values().removeIf(Deque::isEmpty);
            for (Deque<Exhibit> question : byQuestion.values()) {
                next(question, seen, chosen, count);
            }
        }
        return chosen;
    }

    private static void next(Deque<Exhibit> question, Set<String> seen, List<Exhibit> chosen, int count) {
        while (!question.isEmpty()) {
            Exhibit first = question.poll();
            if (chosen.size() < count && seen.add(first.id)) {
                chosen.add(first);
                return;
            }
        }
    }

    /** The pictures under a heading; nothing when there are none. */
    static String gallery(String heading, List<Exhibit> all, Gallery how) {
        List<Exhibit> chosen = most(all, how.pictures());
        if (chosen.isEmpty()) {
            return "";
        }
        StringBuilder figures = new StringBuilder("<h2>" + Html.text(heading) + "</h2><div class=\"pictures\">");
        chosen.forEach(each -> figures.append(each.figure(how.bands())));
        return figures.append("</div>").toString();
    }

    private String figure(Bands bands) {
        return "<figure><img loading=\"lazy\" alt=\"" + Html.text(id) + "\" src=\"" + address(bands)
                + "\"><figcaption><strong>" + Html.text(id) + "</strong><br>"
                + (about.isEmpty() ? "" : Html.text(about) + "<br>") + "truth: " + Html.text(truth) + "<br>Hoag: "
                + Html.text(said) + "</figcaption></figure>";
    }

    private String address(Bands bands) {
        try {
            return Thumbnails.jpegAddress(Thumbnails.of(Images.read(image, bands), SIDE), QUALITY);
        } catch (DataException e) {
            return ""; // it could be read a moment ago; the page does without it
        }
    }
}
