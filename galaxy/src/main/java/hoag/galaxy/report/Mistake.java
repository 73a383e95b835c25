package hoag.galaxy.report;

import hoag.galaxy.image.Images;
import hoag.galaxy.image.Thumbnails;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A galaxy on which the model was wrong.
 *
 * @param weight how wrong, for the order
 * @param about which question; may be empty
 */
record Mistake(double weight, String id, Path image, String about, String truth, String said) {
    private static final int SIDE = 200;
    private static final double QUALITY = 0.82;

    /** The worst, each galaxy once. */
    static List<Mistake> worst(List<Mistake> all, int count) {
        Set<String> seen = new HashSet<>();
        return all.stream()
                .sorted(Comparator.comparingDouble((Mistake mistake) -> -mistake.weight))
                .filter(mistake -> seen.add(mistake.id))
                .limit(count)
                .toList();
    }

    static String gallery(List<Mistake> mistakes) {
        StringBuilder gallery = new StringBuilder("<div class=\"pictures\">");
        mistakes.forEach(mistake -> gallery.append(mistake.figure()));
        return gallery.append("</div>").toString();
    }

    private String figure() {
        return "<figure><img loading=\"lazy\" alt=\"" + Html.text(id) + "\" src=\"" + address()
                + "\"><figcaption><strong>" + Html.text(id) + "</strong><br>"
                + (about.isEmpty() ? "" : Html.text(about) + "<br>") + "truth: " + Html.text(truth) + "<br>Hoag: "
                + Html.text(said) + "</figcaption></figure>";
    }

    private String address() {
        try {
            return Thumbnails.jpegAddress(Thumbnails.of(Images.read(image), SIDE), QUALITY);
        } catch (DataException e) {
            return ""; // it could be read a moment ago; the page does without it
        }
    }
}
