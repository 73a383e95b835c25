package hoag.tables;

import hoag.galaxy.data.Column;
import hoag.galaxy.data.TableRows;
import java.util.List;
import java.util.function.Supplier;
import uk.ac.starlink.table.AbstractStarTable;
import uk.ac.starlink.table.ColumnInfo;
import uk.ac.starlink.table.RowSequence;

/** Rows of text as STIL wants a table: typed, with units and UCDs, read from the first row as often as it asks. */
final class RowsTable extends AbstractStarTable implements AutoCloseable {
    private final List<Column> columns;
    private final Supplier<TableRows> rows;

    RowsTable(List<Column> columns, Supplier<TableRows> rows) {
        this.columns = columns;
        this.rows = rows;
        setName("hoag");
    }

    @Override
    public ColumnInfo getColumnInfo(int index) {
        var column = columns.get(index);
        var info = new ColumnInfo(column.name(), type(column), column.about());
        if (!column.unit().isEmpty()) info.setUnitString(column.unit());
        if (!column.ucd().isEmpty()) info.setUCD(column.ucd());
        return info;
    }

    private static Class<?> type(Column column) {
        return switch (column.type()) {
            case TEXT -> String.class;
            case WHOLE -> Long.class;
            case FLOAT -> Float.class;
            case DOUBLE -> Double.class;
        };
    }

    private static Object value(Column column, String field) {
        return switch (column.type()) {
            case TEXT -> field;
            case WHOLE -> field.isEmpty() ? null : (Object) Long.valueOf(field);
            case FLOAT -> field.isEmpty() ? null : (Object) Float.valueOf(field);
            case DOUBLE -> field.isEmpty() ? null : (Object) Double.valueOf(field);
        };
    }

    @Override
    public int getColumnCount() {
        return columns.size();
    }

    @Override
    public long getRowCount() {
        return -1;
    }

    @Override
    public RowSequence getRowSequence() {
        return new Sequence(rows.get());
    }

    @Override
    public void close() {}

    private final class Sequence implements RowSequence {
        private final TableRows all;
        private List<String> row;

        Sequence(TableRows all) {
            this.all = all;
        }

        @Override
        public boolean next() {
            row = all.next();
            return row != null;
        }

        @Override
        public Object getCell(int column) {
            return value(columns.get(column), row.get(column));
        }

        @Override
        public Object[] getRow() {
            var cells = new Object[columns.size()];
            for (int c = 0; c < cells.length; c++) cells[c] = getCell(c);
            return cells;
        }

        @Override
        public void close() {
            all.close();
        }
    }
}
