package hoag.galaxy.data;

import hoag.kernels.DataException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/** One galaxy of a catalogue. The fields are kept in one string, a byte a letter: a million rows of a wide catalogue fit in memory. */
public final class Row {
    private static final Set<String> MISSING = Set.of("", "nan", "na", "n/a", "null", "none");

    private final Header header;
    private final long line;
    private final String text;
    private final int[] ends;

    Row(Header header, long line, List<String> fields) {
        this.header = header;
        this.line = line;
        ends = new int[fields.size()];
        var joined = new StringBuilder();
        for (int i = 0; i < ends.length; i++)
            ends[i] = joined.append(fields.get(i).strip()).length();
        text = joined.toString();
    }

    /** Where the row stands: the line of a file of text where it starts, from 1 (the header), or the number of the row in a binary table, from 1. */
    public long line() {
        return line;
    }

    /** The galaxy's name. */
    public String id() {
        return field(header.id());
    }

    /** The field as it stands in the file, without blanks around it. */
    public String text(String column) {
        return field(header.index(column));
    }

    /** True for an empty field, and for NaN, NA, null and none in any case. */
    public boolean isBlank(String column) {
        return MISSING.contains(text(column).toLowerCase(Locale.ROOT));
    }

    /** @throws DataException naming row and column when the field is blank */
    public String label(String column) {
        if (isBlank(column)) throw bad(column, "a label, or leave the row out");
        return text(column);
    }

    /** @throws DataException naming row and column when the field is blank or no finite number */
    public double number(String column) {
        var field = text(column);
        if (!isBlank(column) && endsLikeANumber(field)) {
            try {
                double value = Double.parseDouble(field);
                if (Double.isFinite(value)) return value;
            } catch (NumberFormatException e) {
                throw bad(column, "a number");
            }
        }
        throw bad(column, "a number");
    }

    /** Java would take 1d and 1f for numbers. */
    private static boolean endsLikeANumber(String field) {
        char last = field.charAt(field.length() - 1);
        return Character.isDigit(last) || last == '.';
    }

    DataException bad(String column, String wanted) {
        return new DataException("%s: %s is \"%s\"; want %s".formatted(where(), column, text(column), wanted));
    }

    /** {@code catalogue.csv line 17 (id 587732)}, for messages. */
    public String where() {
        return "%s %s %d (id %s)".formatted(header.file(), header.unit(), line, id());
    }

    /** All fields, in the columns' order. */
    List<String> fields() {
        return IntStream.range(0, ends.length).mapToObj(this::field).toList();
    }

    private String field(int index) {
        return text.substring(index == 0 ? 0 : ends[index - 1], ends[index]);
    }
}
