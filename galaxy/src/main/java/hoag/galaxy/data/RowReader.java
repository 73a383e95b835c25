package hoag.galaxy.data;

import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Reads a catalogue row by row, in the memory of one row: CSV, or any other kind of table ({@link Tables}). */
public final class RowReader implements Iterator<Row>, AutoCloseable {
    private final TableRows rows;
    private final Header header;
    private List<String> ahead;
    private boolean asked;

    /**
     * @param idColumn the column that names the galaxy; empty: {@code id} or one like it
     * @throws DataException when the file is missing, empty, or has no such column
     */
    public RowReader(Path file, String idColumn) {
        rows = Tables.read(file);
        header = header(file, idColumn);
    }

    private Header header(Path file, String idColumn) {
        try {
            return Header.of(file, rows.columns().stream().map(Column::name).toList(), idColumn, rows.unit());
        } catch (DataException e) {
            rows.close();
            throw e;
        }
    }

    /** The columns. */
    public Header header() {
        return header;
    }

    @Override
    public boolean hasNext() {
        if (!asked) ahead = rows.next();
        asked = true;
        return ahead != null;
    }

    /** @throws DataException when the row is damaged */
    @Override
    public Row next() {
        if (!hasNext()) throw new NoSuchElementException();
        asked = false;
        return new Row(header, rows.place(), ahead);
    }

    @Override
    public void close() {
        rows.close();
    }
}
