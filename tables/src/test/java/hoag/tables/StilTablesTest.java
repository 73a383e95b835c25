package hoag.tables;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.Column;
import hoag.galaxy.data.Tables;
import hoag.kernels.DataException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import uk.ac.starlink.ecsv.EcsvTableWriter;
import uk.ac.starlink.table.ColumnInfo;
import uk.ac.starlink.table.RowListStarTable;
import uk.ac.starlink.table.StarTable;
import uk.ac.starlink.table.StarTableFactory;
import uk.ac.starlink.votable.DataFormat;
import uk.ac.starlink.votable.VOTableWriter;

/** Tables that STIL wrote are read as they are, and what is written STIL reads with its types, units and UCDs. */
class StilTablesTest {
    @TempDir
    Path folder;

    private static StarTable galaxies() {
        var table = new RowListStarTable(new ColumnInfo[] {
            new ColumnInfo("iauname", String.class, ""),
            new ColumnInfo("bar", Float.class, ""),
            new ColumnInfo("objid", Long.class, ""),
            new ColumnInfo("ring", Boolean.class, "")
        });
        table.addRow(new Object[] {"J1, <east>", 0.25f, 1237668298203627590L, true});
        table.addRow(new Object[] {"J2", null, 7L, false});
        return table;
    }

    private Path votable(String name, DataFormat format) throws IOException {
        return written(name, out -> new VOTableWriter(format, true).writeStarTable(galaxies(), out));
    }

    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private Path written(String name, Writing writing) throws IOException {
        try (var out = Files.newOutputStream(folder.resolve(name))) {
            writing.to(out);
        }
        return folder.resolve(name);
    }

    @Test
    void whatStilWroteIsRead() throws IOException {
        check(votable("a.vot", DataFormat.TABLEDATA));
        check(votable("b.xml", DataFormat.BINARY2));
        check(votable("told by its content", DataFormat.TABLEDATA));
        check(written("c.ecsv", out -> EcsvTableWriter.SPACE_WRITER.writeStarTable(galaxies(), out)));
        check(written("d.csv", out -> EcsvTableWriter.COMMA_WRITER.writeStarTable(galaxies(), out)));
    }

    private static void check(Path file) {
        var catalogue = Catalogue.read(file);
        assertEquals(List.of("iauname", "bar", "objid", "ring"), catalogue.columns(), file.toString());
        assertEquals(List.of("J1, <east>", "J2"), catalogue.ids());
        assertTrue(catalogue.rows().getLast().isBlank("bar"));
        assertEquals("0.25", catalogue.rows().getFirst().text("bar"));
        assertArrayEquals(new double[] {1237668298203627590.0, 7}, catalogue.numbers("objid"));
        assertEquals("true", catalogue.rows().getFirst().text("ring"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.vot", "out.ecsv"})
    void whatIsWrittenStilReads(String name) throws IOException {
        var columns = List.of(
                Column.of("id", Column.Type.TEXT, "meta.id;meta.main", "the galaxy"),
                Column.of("bar", Column.Type.FLOAT, "stat.probability", ""),
                new Column("radius", Column.Type.DOUBLE, "arcsec", "phys.angSize", "half of the light"));
        var csv = Files.writeString(folder.resolve("in.csv"), "id,bar,radius\na,0.25,3.5\n\"b, c\",,\n");
        Tables.write(folder.resolve(name), columns, () -> Tables.read(csv));
        var table = new StarTableFactory()
                .makeStarTable(folder.resolve(name).toString(), name.endsWith("vot") ? "votable" : "ecsv");
        assertEquals("stat.probability", table.getColumnInfo(1).getUCD());
        assertEquals("arcsec", table.getColumnInfo(2).getUnitString());
        assertEquals(Float.class, table.getColumnInfo(1).getContentClass());
        try (var rows = table.getRowSequence()) {
            rows.next();
            assertArrayEquals(new Object[] {"a", 0.25f, 3.5}, rows.getRow());
            rows.next();
            assertEquals("b, c", rows.getCell(0));
        }
        var back = Catalogue.read(folder.resolve(name));
        assertEquals(List.of("a", "b, c"), back.ids());
        assertTrue(back.rows().getLast().isBlank("radius"));
        var first = Files.readAllBytes(folder.resolve(name));
        Tables.write(folder.resolve(name), columns, () -> Tables.read(csv));
        assertArrayEquals(first, Files.readAllBytes(folder.resolve(name)));
    }

    @Test
    void whatIsDamagedIsNamed() throws IOException {
        var whole = Files.readAllBytes(votable("a.vot", DataFormat.TABLEDATA));
        var torn = Files.write(folder.resolve("torn.vot"), java.util.Arrays.copyOf(whole, whole.length / 2));
        var error = assertThrows(DataException.class, () -> Catalogue.read(torn));
        assertTrue(error.getMessage().contains("torn.vot: cannot be read as a VOTable"), error.getMessage());
        var ragged = Files.writeString(folder.resolve("bad.ecsv"), "# %ECSV 1.0\n# ---\n# datatype: [\nid\n");
        assertTrue(assertThrows(DataException.class, () -> Catalogue.read(ragged))
                .getMessage()
                .contains("bad.ecsv"));
    }

    /** Nothing that a table names is opened: neither a file beside it nor an address. */
    @Test
    void whatStandsElsewhereIsNotFollowed() throws IOException {
        var secret = Files.writeString(folder.resolve("secret"), "12345");
        var entity = Files.writeString(
                folder.resolve("e.vot"),
                "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY s SYSTEM '" + secret.toUri()
                        + "'>]><VOTABLE version='1.3'><RESOURCE><TABLE><FIELD name='id' datatype='char' arraysize='*'/>"
                        + "<DATA><TABLEDATA><TR><TD>&s;</TD></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>");
        var stream = Files.writeString(
                folder.resolve("s.vot"),
                "<VOTABLE version='1.3'><RESOURCE><TABLE><FIELD name='id' datatype='int'/><DATA><BINARY>"
                        + "<STREAM encoding='base64'\n href='" + secret.toUri()
                        + "'/></BINARY></DATA></TABLE></RESOURCE></VOTABLE>");
        for (var file : List.of(entity, stream)) {
            var message = assertThrows(DataException.class, () -> Catalogue.read(file))
                    .getMessage();
            assertTrue(message.contains("which is not followed") && !message.contains("12345"), message);
        }
    }
}
