package hoag.tables;

import hoag.galaxy.data.Column;
import hoag.galaxy.data.TableRows;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import uk.ac.starlink.table.RowSequence;
import uk.ac.starlink.table.StarTable;
import uk.ac.starlink.table.StoragePolicy;
import uk.ac.starlink.table.TableBuilder;
import uk.ac.starlink.util.DataSource;

/** The rows of a table that STIL reads. */
final class StilRows implements TableRows {
    /** STIL tells its log what it does; it stays quiet unless the host has given it a level. */
    private static final Logger LIBRARY = Logger.getLogger("uk.ac.starlink");

    static {
        if (LIBRARY.getLevel() == null) LIBRARY.setLevel(Level.SEVERE);
    }

    private final Path file;
    private final String kind;
    private final StarTable table;
    private final RowSequence rows;
    private final List<Column> columns = new ArrayList<>();
    private long row;

    StilRows(Path file, String kind, TableBuilder builder) {
        this.file = file;
        this.kind = kind;
        table = guarded(() ->
                builder.makeStarTable(DataSource.makeDataSource(file.toString()), false, StoragePolicy.PREFER_MEMORY));
        rows = guarded(table::getRowSequence);
        for (int c = 0; c < table.getColumnCount(); c++) columns.add(column(c));
    }

    private Column column(int index) {
        var info = table.getColumnInfo(index);
        return new Column(
                info.getName(),
                type(info.getContentClass()),
                text(info.getUnitString()),
                text(info.getUCD()),
                text(info.getDescription()));
    }

    private static Column.Type type(Class<?> content) {
        if (content == Float.class) return Column.Type.FLOAT;
        if (content == Double.class) return Column.Type.DOUBLE;
        boolean whole = content == Byte.class || content == Short.class || content == Integer.class;
        return whole || content == Long.class ? Column.Type.WHOLE : Column.Type.TEXT;
    }

    private static String text(String text) {
        return text == null ? "" : text;
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private <T> T guarded(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException | IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            throw new DataException(
                    "%s: cannot be read as %s: %s"
                            .formatted(
                                    file,
                                    kind,
                                    String.valueOf(e.getMessage())
                                            .lines()
                                            .findFirst()
                                            .orElse("")),
                    e);
        }
    }

    @Override
    public List<Column> columns() {
        return columns;
    }

    @Override
    public List<String> next() {
        return guarded(() -> {
            if (!rows.next()) return null;
            row++;
            var fields = new ArrayList<String>(columns.size());
            for (var value : rows.getRow()) fields.add(TableRows.text(value));
            return fields;
        });
    }

    @Override
    public long place() {
        return row;
    }

    @Override
    public void close() {
        guarded(() -> {
            rows.close();
            table.close();
            return null;
        });
    }
}
