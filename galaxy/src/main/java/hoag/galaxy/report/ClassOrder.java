package hoag.galaxy.report;

import hoag.galaxy.tree.Gz2Summary;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** In which order a confusion matrix shows its classes: published tasks as they were published, others as the model has them. */
final class ClassOrder {
    /** Lin et al. 2021 (arXiv:2110.01024), Galaxy Zoo 2's clean samples. */
    private static final List<List<String>> PUBLISHED = List.of(
            Gz2Summary.CLASSES,
            List.of(
                    "round",
                    "in-between",
                    "cigar-shaped",
                    "edge-on",
                    "barred-spiral",
                    "unbarred-spiral",
                    "irregular",
                    "merger"));

    private ClassOrder() {}

    /** For each place the number of the class. */
    static int[] of(List<String> names) {
        List<String> plain = names.stream().map(ClassOrder::plain).toList();
        for (List<String> published : PUBLISHED) {
            List<String> wanted = published.stream().map(ClassOrder::plain).toList();
            if (plain.size() == wanted.size() && plain.containsAll(wanted)) {
                return wanted.stream().mapToInt(plain::indexOf).toArray();
            }
        }
        return IntStream.range(0, names.size()).toArray();
    }

    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
    }
}
