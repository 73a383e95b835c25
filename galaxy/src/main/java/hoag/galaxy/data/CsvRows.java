package hoag.galaxy.data;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import hoag.kernels.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Comma-separated values, UTF-8 (a byte-order mark is passed over), fields quoted where they hold commas, every row as wide as the header, empty
 * lines skipped; {@code .gz} is unpacked on the way. A column without a name (pandas writes its index so) becomes {@code unnamed_1}, 1 being
 * its place.
 */
final class CsvRows implements TableRows {
    private final Path file;
    private final CloseableIterator<CsvRecord> records;
    private final List<Column> columns;
    private long line;

    CsvRows(Path file) {
        this.file = file;
        records = open(file);
        columns = firstRecord();
    }

    private static CloseableIterator<CsvRecord> open(Path file) {
        try {
            return CsvReader.builder()
                    .detectBomHeader(true)
                    .allowUnclosedQuote(false)
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .ofCsvRecord(Tables.unpacked(file))
                    .iterator();
        } catch (NoSuchFileException e) {
            throw new DataException("%s: no such catalogue".formatted(file), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private List<Column> firstRecord() {
        try {
            if (!guarded(records::hasNext))
                throw new DataException("%s: the catalogue is empty; want a line of column names".formatted(file));
            var named = new ArrayList<Column>();
            for (var field : guarded(records::next).getFields())
                named.add(Column.text(field.isBlank() ? "unnamed_" + (named.size() + 1) : field.strip()));
            return List.copyOf(named);
        } catch (DataException e) {
            close();
            throw e;
        }
    }

    @Override
    public List<Column> columns() {
        return columns;
    }

    /** @throws DataException when the row is wider or narrower than the header, or is no CSV */
    @Override
    public List<String> next() {
        if (!guarded(records::hasNext)) return null;
        var record = guarded(records::next);
        line = record.getStartingLineNumber();
        if (record.getFieldCount() != columns.size())
            throw new DataException("%s line %d: %d fields, but the header has %d; quote fields that hold commas"
                    .formatted(file, line, record.getFieldCount(), columns.size()));
        return record.getFields();
    }

    @Override
    public long place() {
        return line;
    }

    @Override
    public String unit() {
        return "line";
    }

    private <T> T guarded(Supplier<T> read) {
        try {
            return read.get();
        } catch (CsvParseException e) {
            throw new DataException("%s: no proper CSV: %s%s".formatted(file, e.getMessage(), cause(e)), e);
        } catch (UncheckedIOException e) {
            throw new DataException(
                    "%s: cannot be read: %s".formatted(file, e.getCause().getMessage()), e);
        }
    }

    private static String cause(CsvParseException e) {
        return e.getCause() == null ? "" : ": " + e.getCause().getMessage();
    }

    @Override
    public void close() {
        try {
            records.close();
        } catch (IOException e) {
            throw new DataException("%s: cannot be closed: %s".formatted(file, e.getMessage()), e);
        }
    }
}
