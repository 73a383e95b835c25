package hoag.galaxy.tree;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Helps an error message say which name was meant. */
public final class Names {
    private Names() {}

    /** {@code ; did you mean "bar_yes"?} when a name is near (a third of the letters may differ), else nothing. */
    public static String hint(String wanted, Collection<String> known) {
        return nearest(wanted, known)
                .map(name -> "; did you mean \"" + name + "\"?")
                .orElse("");
    }

    /** The known name with the fewest edits (insert, delete, replace; case costs nothing), if it is near. */
    public static Optional<String> nearest(String wanted, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(name -> edits(wanted, name)))
                .filter(name -> edits(wanted, name) <= Math.max(1, Math.max(wanted.length(), name.length()) / 3));
    }

    /** Names for an error message, comma separated, cut after 16. */
    public static String list(Collection<String> names) {
        var shown = String.join(", ", names.stream().limit(16).toList());
        return names.size() <= 16 ? shown : shown + " ... (" + names.size() + " in all)";
    }

    /** The first name that occurs a second time. */
    public static Optional<String> firstDuplicate(List<String> names) {
        var seen = new HashSet<String>();
        return names.stream().filter(name -> !seen.add(name)).findFirst();
    }

    /** Levenshtein distance without regard to case. */
    static int edits(String first, String second) {
        var a = first.toLowerCase(Locale.ROOT);
        var b = second.toLowerCase(Locale.ROOT);
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) nextRow(row, a.charAt(i - 1), b, i);
        return row[b.length()];
    }

    private static void nextRow(int[] row, char letter, String b, int i) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= b.length(); j++) {
            int replaced = diagonal + (letter == b.charAt(j - 1) ? 0 : 1);
            diagonal = row[j];
            row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
        }
    }
}
