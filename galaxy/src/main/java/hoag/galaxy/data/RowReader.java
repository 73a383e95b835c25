package hoag.galaxy.data;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import hoag.kernels.DataException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;

/**
 * Reads a catalogue row by row, in the memory of one row: comma-separated, UTF-8 (a byte-order mark is passed over), fields quoted where they
 * hold commas, every row as wide as the header, empty lines skipped; {@code .gz} is unpacked on the way.
 */
public final class RowReader implements Iterator<Row>, AutoCloseable {
    private final Path file;
    private final CloseableIterator<CsvRecord> records;
    private final Header header;

    /**
     * @param idColumn the column that names the galaxy; empty: {@code id} or one like it
     * @throws DataException when the file is missing, empty, or has no such column
     */
    public RowReader(Path file, String idColumn) {
        this.file = file;
        records = open(file);
        header = firstRecord(idColumn);
    }

    private static CloseableIterator<CsvRecord> open(Path file) {
        try {
            return CsvReader.builder()
                    .detectBomHeader(true)
                    .allowUnclosedQuote(false)
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .ofCsvRecord(input(file))
                    .iterator();
        } catch (NoSuchFileException e) {
            throw new DataException("%s: no such catalogue".formatted(file), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static InputStream input(Path file) throws IOException {
        var bytes = new BufferedInputStream(Files.newInputStream(file));
        return file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
    }

    private Header firstRecord(String idColumn) {
        try {
            if (!guarded(records::hasNext))
                throw new DataException("%s: the catalogue is empty; want a line of column names".formatted(file));
            return Header.of(file, guarded(records::next).getFields(), idColumn);
        } catch (DataException e) {
            close();
            throw e;
        }
    }

    /** The columns. */
    public Header header() {
        return header;
    }

    @Override
    public boolean hasNext() {
        return guarded(records::hasNext);
    }

    /** @throws DataException when the row is wider or narrower than the header, or is no CSV */
    @Override
    public Row next() {
        var record = guarded(records::next);
        if (record.getFieldCount() != header.columns().size())
            throw new DataException("%s line %d: %d fields, but the header has %d; quote fields that hold commas"
                    .formatted(
                            file,
                            record.getStartingLineNumber(),
                            record.getFieldCount(),
                            header.columns().size()));
        return new Row(header, record.getStartingLineNumber(), record.getFields());
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
