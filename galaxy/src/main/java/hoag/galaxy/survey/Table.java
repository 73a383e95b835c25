package hoag.galaxy.survey;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a block says of its rows beside their features. As stored: for every row where its record begins and where its thumbnail begins, from the
 * begin of the table (one more of each closes the last), then the names of the columns, then the records: ra, dec, id, a field for each column.
 * Texts are UTF-8 behind their length.
 */
record Table(MemorySegment bytes, int rows) {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The table of these galaxies; thumbnails follow it in the same order. */
    static byte[] of(List<Entry> entries) {
        int rows = entries.size();
        TreeSet<String> columns = new TreeSet<>();
        entries.forEach(entry -> columns.addAll(entry.columns().keySet()));
        Sink sink = new Sink();
        int[] starts = new int[2 * (rows + 1)];
        int base = 4 * starts.length;
        sink.number(columns.size());
        columns.forEach(sink::text);
        for (int i = 0; i < rows; i++) {
            starts[i] = base + sink.size();
            Entry entry = entries.get(i);
            sink.real(entry.ra());
            sink.real(entry.dec());
            sink.text(entry.id());
            columns.forEach(column -> sink.text(entry.columns().getOrDefault(column, "")));
        }
        starts[rows] = base + sink.size();
        int thumbnail = starts[rows];
        for (int i = 0; i <= rows; i++) {
            starts[rows + 1 + i] = thumbnail;
            thumbnail += i < rows ? entries.get(i).thumbnail().length : 0;
        }
        Sink whole = new Sink();
        for (int start : starts) {
            whole.number(start);
        }
        whole.writeBytes(sink.toByteArray());
        return whole.toByteArray();
    }

    String id(int row) {
        return text(record(row) + 16);
    }

    double ra(int row) {
        return bytes.get(DOUBLE, record(row));
    }

    double dec(int row) {
        return bytes.get(DOUBLE, record(row) + 8);
    }

    /** The names of all columns, in order. */
    List<String> columns() {
        long name = 4L * 2 * (rows + 1);
        List<String> columns = new java.util.ArrayList<>();
        int count = bytes.get(INT, name);
        name += 4;
        for (int c = 0; c < count; c++, name = after(name)) {
            columns.add(text(name));
        }
        return columns;
    }

    /** Fields by column, in the order of the columns' names, blanks left out. */
    Map<String, String> fields(int row) {
        Map<String, String> fields = new LinkedHashMap<>();
        long name = 4L * 2 * (rows + 1);
        int columns = bytes.get(INT, name);
        name += 4;
        long field = after(record(row) + 16);
        for (int c = 0; c < columns; c++) {
            String value = text(field);
            if (!value.isEmpty()) {
                fields.put(text(name), value);
            }
            name = after(name);
            field = after(field);
        }
        return fields;
    }

    /** The field of a column by its place among {@link #columns()}. */
    String field(int row, int column) {
        long field = after(record(row) + 16);
        for (int c = 0; c < column; c++) {
            field = after(field);
        }
        return text(field);
    }

    /** Where the thumbnail begins, from the begin of the table; that of row {@code rows} is the end of the last. */
    long thumbnail(int row) {
        return bytes.get(INT, 4L * (rows + 1 + row));
    }

    private long record(int row) {
        return bytes.get(INT, 4L * row);
    }

    private String text(long at) {
        byte[] utf8 = bytes.asSlice(at + 4, bytes.get(INT, at)).toArray(ValueLayout.JAVA_BYTE);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private long after(long at) {
        return at + 4 + bytes.get(INT, at);
    }

    private static final class Sink extends ByteArrayOutputStream {
        void number(int value) {
            write(value);
            write(value >>> 8);
            write(value >>> 16);
            write(value >>> 24);
        }

        void real(double value) {
            long bits = Double.doubleToLongBits(value);
            number((int) bits);
            number((int) (bits >>> 32));
        }

        void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            number(utf8.length);
            writeBytes(utf8);
        }
    }
}
