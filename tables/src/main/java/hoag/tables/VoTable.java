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
import uk.ac.starlink.table.StarTableWriter;
import uk.ac.starlink.votable.DataFormat;
import uk.ac.starlink.votable.VOTableBuilder;
import uk.ac.starlink.votable.VOTableVersion;
import uk.ac.starlink.votable.VOTableWriter;

/** VOTable, the IVOA's XML: any version and encoding is read, 1.4 with readable rows is written, units and UCDs with it. */
public final class VoTable implements TableFormat {
    /** For {@link java.util.ServiceLoader}. */
    public VoTable() {}

    @Override
    public String name() {
        return "a VOTable";
    }

    @Override
    public List<String> endings() {
        return List.of(".vot", ".votable", ".xml");
    }

    @Override
    public boolean starts(byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1).contains("<VOTABLE");
    }

    @Override
    public TableRows read(Path file) {
        Outside.refuse(file);
        return new StilRows(file, name(), new VOTableBuilder());
    }

    @Override
    public void write(OutputStream out, List<Column> columns, Supplier<TableRows> rows) throws IOException {
        var writer = new VOTableWriter(DataFormat.TABLEDATA, true, VOTableVersion.V14);
        writer.setWriteDate(false); // the same answers, the same file
        write(writer, out, columns, rows);
    }

    static void write(StarTableWriter writer, OutputStream out, List<Column> columns, Supplier<TableRows> rows)
            throws IOException {
        try (var table = new RowsTable(columns, rows)) {
            writer.writeStarTable(table, out);
        }
    }
}
