package hoag.galaxy.data;

import java.util.List;
import java.util.stream.Collectors;

/** One line of a comma-separated table. */
public final class Csv {
    private Csv() {}

    /** The fields with commas between them and a line end, quoted where need be. */
    public static String line(List<String> fields) {
        return fields.stream().map(Csv::field).collect(Collectors.joining(",", "", "\n"));
    }

    /** A field, in quotes if it holds a comma, a quote, a line end, or blanks at its ends (RFC 4180). */
    public static String field(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain && text.strip().equals(text) ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
