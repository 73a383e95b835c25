package hoag.galaxy.data;

import java.util.List;
import java.util.stream.Collectors;

/** One line of a comma-separated table. */
public final class Csv {
    private Csv() {}

    public static String line(List<String> fields) {
        return fields.stream().map(Csv::field).collect(Collectors.joining(",", "", "\n"));
    }

    public static String field(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain && text.strip().equals(text) ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
