package hoag.galaxy.cli;

import java.util.List;
import java.util.stream.Collectors;

/** One line of a comma-separated table. */
final class Csv {
    private Csv() {}

    static String line(List<String> fields) {
        return fields.stream().map(Csv::field).collect(Collectors.joining(",", "", "\n"));
    }

    static String field(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain && text.strip().equals(text) ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
