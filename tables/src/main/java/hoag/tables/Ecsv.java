package hoag.tables;

import hoag.galaxy.data.Column;
import hoag.galaxy.data.TableFormat;
import hoag.galaxy.data.TableRows;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import uk.ac.starlink.ecsv.EcsvTableBuilder;
import uk.ac.starlink.ecsv.EcsvTableWriter;

/** ECSV, astropy's CSV with types and units in its first lines; written with commas. */
public final class Ecsv implements TableFormat {
    /** For {@link java.util.ServiceLoader}. */
    public Ecsv() {}

    @Override
    public String name() {
        return "an ECSV table";
    }

    @Override
    public List<String> endings() {
        return List.of(".ecsv");
    }

    @Override
    public boolean starts(byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1).startsWith("# %ECSV");
    }

    @Override
    public TableRows read(Path file) {
        return new StilRows(file, name(), new EcsvTableBuilder());
    }

    @Override
    public void write(OutputStream out, List<Column> columns, Supplier<TableRows> rows) throws IOException {
        VoTable.write(EcsvTableWriter.COMMA_WRITER, out, columns, rows);
    }
}
