package hoag.galaxy.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * A kind of table file. CSV, FITS and Parquet are built in; others are found by {@link java.util.ServiceLoader}: a module that provides this
 * interface teaches every command a format, to read and to write.
 */
public interface TableFormat {
    /** What messages call it: {@code a VOTable}. */
    String name();

    /** How file names of this kind end, in small letters, the usual ending first. */
    List<String> endings();

    /**
     * Whether a file is of this kind by its content.
     *
     * @param head its first bytes, up to 4096, unpacked if the file is gzipped
     */
    boolean starts(byte[] head);

    /** @throws hoag.kernels.DataException when the file cannot be read as this kind */
    TableRows read(Path file);

    /**
     * Writes a table.
     *
     * @param rows opens the rows from the first; may be asked more than once, as some formats must know widths beforehand
     */
    void write(OutputStream out, List<Column> columns, Supplier<TableRows> rows) throws IOException;
}
