package hoag.galaxy.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import hoag.kernels.HoagException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import nom.tam.fits.AsciiTable;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.BinaryTable;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.ImageData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FITS tables against the library's own: what it writes is read, and what is written it reads. */
class FitsTablesTest {
    @TempDir
    Path folder;

    private Path fits(String name, BasicHDU<?>... units) throws FitsException, IOException {
        var path = folder.resolve(name);
        try (var fits = new Fits()) {
            for (var unit : units) fits.addHDU(unit);
            fits.write(path.toFile());
        }
        return path;
    }

    private static BinaryTableHDU table() throws FitsException {
        var table = new BinaryTable();
        table.addStringColumn(new String[] {"g1", "galaxy 2", "g3"});
        table.addColumn(new float[] {0.25f, Float.NaN, 1e-7f});
        table.addColumn(new double[] {1, -2.5, 1e300});
        table.addColumn(new long[] {1237668298203627590L - Long.MIN_VALUE, Long.MIN_VALUE, 7 - Long.MIN_VALUE});
        table.addColumn(new int[] {5, -99, 7});
        table.addColumn(new boolean[] {true, false, true});
        table.addColumn(new short[][] {{1, 2}, {3, 4}, {5, 6}});
        var unit = table.toHDU();
        var names = List.of("ID", "bar", "T", "objid", "votes", "ring", "pair");
        for (int c = 0; c < names.size(); c++) unit.setColumnName(c, names.get(c), null);
        unit.getHeader().addValue("TZERO4", 0x1p63, "unsigned");
        unit.getHeader().addValue("TNULL5", -99, "");
        return unit;
    }

    @Test
    void everyTypeBecomesItsText() throws FitsException, IOException {
        var file = fits("cat.fits", ImageData.from(new float[2][3]).toHDU(), table());
        var catalogue = Catalogue.read(file);
        assertEquals(List.of("ID", "bar", "T", "objid", "votes", "ring", "pair"), catalogue.columns());
        assertEquals(List.of("g1", "galaxy 2", "g3"), catalogue.ids());
        var row = catalogue.rows().get(1);
        assertTrue(row.isBlank("bar") && row.isBlank("votes"));
        assertEquals(
                "-2.5 0 false 3 4",
                String.join(" ", row.text("T"), row.text("objid"), row.text("ring"), row.text("pair")));
        assertEquals("1237668298203627590", catalogue.rows().getFirst().text("objid"));
        assertArrayEquals(new double[] {1, -2.5, 1e300}, catalogue.numbers("T"));
        assertEquals("0.25", catalogue.rows().getFirst().text("bar"));
        var packed = folder.resolve("cat.fits.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            Files.copy(file, out);
        }
        assertEquals(
                catalogue.fingerprint(catalogue.columns()),
                Catalogue.read(packed).fingerprint(catalogue.columns()));
    }

    @Test
    void asciiTables() throws FitsException, IOException {
        var table = new AsciiTable();
        table.addColumn(new String[] {"a", "b"});
        table.addColumn(new double[] {0.5, -1e-9});
        table.addColumn(new int[] {3, 40});
        var unit = table.toHDU();
        var file = fits("old.fits", unit);
        var catalogue = Catalogue.read(file, "Column 1");
        assertEquals(List.of("a", "b"), catalogue.ids());
        assertArrayEquals(new double[] {0.5, -1e-9}, catalogue.numbers("Column 2"), 1e-15);
        assertEquals("40", catalogue.rows().getLast().text("Column 3"));
    }

    @Test
    void whatIsWrittenTheLibraryReads() throws FitsException, IOException {
        var columns = List.of(
                Column.of("id", Column.Type.TEXT, "meta.id;meta.main", "the galaxy"),
                new Column("bar", Column.Type.FLOAT, "", "stat.probability", ""),
                new Column("radius", Column.Type.DOUBLE, "arcsec", "phys.angSize", ""),
                Column.of("votes", Column.Type.WHOLE, "", ""));
        var csv =
                Files.writeString(folder.resolve("in.csv"), "id,bar,radius,votes\na,0.25,3.5,12\n\"long, name\",,,\n");
        var out = folder.resolve("out.fits");
        Tables.write(out, columns, () -> Tables.read(csv));
        try (var fits = new Fits(out.toFile())) {
            var unit = (BinaryTableHDU) fits.getHDU(1);
            assertEquals("arcsec", unit.getHeader().getStringValue("TUNIT3"));
            assertEquals("stat.probability", unit.getHeader().getStringValue("TUCD2"));
            assertEquals("long, name", unit.getData().getString(1, 0));
            assertEquals(0.25, unit.getData().getDouble(0, 1));
            assertTrue(Double.isNaN(unit.getData().getDouble(1, 2)));
            assertEquals(12, unit.getData().getLong(0, 3));
        }
        assertEquals(0, Files.size(out) % 2880);
        var back = Catalogue.read(out);
        assertEquals(List.of("a", "0.25", "3.5", "12"), fields(back, 0));
        assertEquals(List.of("long, name", "", "", ""), fields(back, 1));
    }

    @Test
    void whatIsNamedPackedIsPacked() throws IOException {
        var columns = List.of(Column.of("id", Column.Type.TEXT, "", ""), Column.of("n", Column.Type.WHOLE, "", ""));
        var csv = Files.writeString(folder.resolve("in.csv"), "id,n\na,1\n007,2\n");
        for (var name : List.of("out.csv.gz", "out.fits.gz")) {
            var out = folder.resolve(name);
            Tables.write(out, columns, () -> Tables.read(csv));
            try (var unpacked = new java.util.zip.GZIPInputStream(Files.newInputStream(out))) {
                assertTrue(unpacked.readAllBytes().length >= 15);
            }
            assertEquals(List.of("007", "2"), fields(Catalogue.read(out), 1));
        }
        for (var name : List.of("out.parquet.gz", "out.xlsx", "out.tsv")) {
            var refused = assertThrows(ConfigException.class, () -> Tables.toWrite(Path.of(name)));
            assertTrue(refused.getMessage().startsWith(name + ": "), refused.getMessage());
        }
    }

    @Test
    void textThatFitsCannotHoldIsRefusedNotChanged() throws IOException {
        var columns = List.of(Column.of("id", Column.Type.TEXT, "", ""));
        var csv = Files.writeString(folder.resolve("in.csv"), "id\n\u03a9mega\n");
        var out = folder.resolve("out.fits");
        CatalogueTest.fails(
                () -> Tables.write(out, columns, () -> Tables.read(csv)),
                "id \"\u03a9mega\" has characters outside ASCII");
        assertFalse(Files.exists(out));
    }

    private static List<String> fields(Catalogue catalogue, int row) {
        var fields = new ArrayList<String>();
        for (var column : catalogue.columns())
            fields.add(catalogue.rows().get(row).text(column));
        return fields;
    }

    @Test
    void whatIsDamagedOrElsewhereIsNamed() throws FitsException, IOException {
        var image = fits("image.fits", ImageData.from(new float[2][3]).toHDU());
        fails(image, "image.fits: FITS file of 1 units without a table");
        var whole = Files.readAllBytes(fits("cat.fits", table()));
        var torn = Files.write(folder.resolve("torn.fits"), Arrays.copyOf(whole, whole.length - 2880));
        fails(torn, "torn.fits: cannot be read as a FITS table");
        fails(Files.write(folder.resolve("short.fits"), Arrays.copyOf(whole, 4000)), "short.fits");
        var twice = table();
        twice.setColumnName(1, "ID", null);
        fails(fits("twice.fits", twice), "column \"ID\" is given twice");
        var same = new BinaryTable();
        same.addStringColumn(new String[] {"a", "b", "a"});
        var unit = same.toHDU();
        unit.setColumnName(0, "id", null);
        fails(fits("same.fits", unit), "id \"a\" stands on rows 1 and 3");
        fails(
                Files.writeString(folder.resolve("x.vot"), "<?xml version='1.0'?><VOTABLE/>"),
                "x.vot: a VOTable, which the module hoag-tables reads and writes; build it with");
    }

    /** Whatever is broken, a file is refused in words or read; nothing else comes out, and no header asks for all memory. */
    @Test
    void brokenBytesAreRefusedInWords() throws FitsException, IOException {
        var whole = Files.readAllBytes(fits("cat.fits", table()));
        var random = new java.util.Random(4);
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            var broken = whole.clone();
            for (int k = 0; k < 3; k++) // digits and letters of the table's header, or its rows
            broken[2880 + random.nextInt(whole.length - 2880)] =
                        (byte) (i % 2 == 0 ? '0' + random.nextInt(10) : random.nextInt());
            try {
                Catalogue.read(Files.write(folder.resolve("broken.fits"), broken));
            } catch (DataException e) {
                refused++;
            }
        }
        assertTrue(refused > 10, refused + " refused");
    }

    private static void fails(Path file, String... wanted) {
        var message =
                assertThrows(HoagException.class, () -> Catalogue.read(file)).getMessage();
        for (var part : wanted) assertTrue(message.contains(part), message);
    }

    @Test
    void foldersByClass() throws IOException {
        var images = folder.resolve("images");
        for (var name : List.of("train/spiral/a.png", "train/ring/b.png", "valid/ring/c.jpg", "test/spiral/a.png"))
            Files.write(
                    Files.createDirectories(images.resolve(name).getParent())
                            .resolve(Path.of(name).getFileName()),
                    new byte[1]);
        var catalogue = Catalogue.read(images);
        assertEquals(List.of("id", "file", "class", "split"), catalogue.columns());
        assertEquals(List.of("spiral", "ring", "spiral", "ring"), catalogue.labels("class"));
        assertEquals(List.of(Split.TEST, Split.TRAIN, Split.TRAIN, Split.VALID), catalogue.splits());
        assertEquals(
                images.resolve("train/ring/b.png"),
                catalogue.images(ImageFolder.of(images)).get(1));
        assertEquals("class", Catalogue.read(images.resolve("train")).columns().getLast());
        Files.write(images.resolve("stray.png"), new byte[1]);
        var error = assertThrows(DataException.class, () -> Catalogue.read(images));
        assertTrue(error.getMessage().contains("stray.png lies in no folder of a class"), error.getMessage());
    }
}
