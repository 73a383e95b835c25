package hoag.galaxy.data;

import java.lang.reflect.Array;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The rows of a table, one after the other, as text: in the memory of one row, or of one block of them. */
public interface TableRows extends AutoCloseable {
    /** The columns, in the file's order. */
    List<Column> columns();

    /**
     * The fields of the next row, as many as there are columns, empty where a value is missing; null after the last.
     *
     * @throws hoag.kernels.DataException when the file is damaged
     */
    List<String> next();

    /** Where the row stands that {@link #next} gave last: its line, or its number from 1. */
    long place();

    /** What {@link #place} counts: {@code row}, in files of text {@code line}. */
    default String unit() {
        return "row";
    }

    @Override
    void close();

    /**
     * A value of a binary table as text: nothing for null and NaN, which is how such tables leave a number out, true or false, arrays with blanks
     * between their values, numbers with as many digits as tell them apart.
     */
    static String text(Object value) {
        return switch (value) {
            case null -> "";
            case Double d -> d.isNaN() ? "" : d.toString();
            case Float f -> f.isNaN() ? "" : f.toString();
            case Character c -> c == 0 ? "" : c.toString();
            default -> value.getClass().isArray() ? array(value) : value.toString();
        };
    }

    private static String array(Object values) {
        return IntStream.range(0, Array.getLength(values))
                .mapToObj(i -> text(Array.get(values, i)))
                .collect(Collectors.joining(" "));
    }
}
