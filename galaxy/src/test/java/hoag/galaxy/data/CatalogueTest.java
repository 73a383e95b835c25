package hoag.galaxy.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.Golden;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {
    @TempDir
    Path folder;

    Catalogue catalogue(String... lines) {
        return Catalogue.read(csv(lines));
    }

    private Path csv(String... lines) {
        try {
            return Files.writeString(folder.resolve("cat.csv"), String.join("\n", lines));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static void fails(Executable action, String... parts) {
        var message = assertThrows(DataException.class, action).getMessage();
        for (var part : parts) assertTrue(message.contains(part), message);
        assertEquals(-1, message.indexOf('\n'), message);
    }

    @ParameterizedTest
    @CsvSource({"efigi,PGC_name", "galaxy-zoo-2-folders,id", "galaxy-zoo-2-votes,GalaxyID", "galaxy-zoo-examples,md5"})
    void theFixedSplitFollowsFromTheName(String name, String key) {
        var catalogue = Catalogue.read(Golden.path("splits/" + name + ".csv"));
        assertEquals(catalogue.splits(), catalogue.splits(key));
    }

    @Test
    void withoutASplitColumnTheIdDecides() {
        var catalogue = catalogue("id,bar", "PGC0000212,1", "PGC0000218,0");
        assertEquals(List.of(Split.of("PGC0000212"), Split.of("PGC0000218")), catalogue.splits());
        assertEquals(2, catalogue.part(Split.TRAIN).size());
        assertEquals(Split.VALID, catalogue("id,split", "a,Val").splits().getFirst());
        fails(
                () -> catalogue("id,split", "a,training").splits(),
                "line 2 (id a): split is \"training\"; want train, valid or test");
    }

    @Test
    void quotesMarksAndEmptyLines() {
        var catalogue =
                catalogue("\uFEFFid, bar ,note", "\"a,1\", 0.5 ,\"said \"\"yes\"\"\"", "", "b,1e-3,\"two\nlines\"", "");
        assertEquals(List.of("a,1", "b"), catalogue.ids());
        assertArrayEquals(new double[] {0.5, 0.001}, catalogue.numbers("bar"));
        assertEquals("said \"yes\"", catalogue.rows().getFirst().text("note"));
        assertEquals("two\nlines", catalogue.rows().getLast().text("note"));
        assertEquals(4, catalogue.rows().getLast().line());
    }

    @Test
    void packedAndWithAnIndexColumn() throws IOException {
        var file = folder.resolve("cat.csv.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(",GalaxyID,bar\r\n0,817739,1\r\n".getBytes());
        }
        var catalogue = Catalogue.read(file);
        assertEquals(List.of("817739"), catalogue.ids());
        assertEquals(List.of("unnamed_1", "GalaxyID", "bar"), catalogue.columns());
    }

    @Test
    void rowsStreamWithoutBeingKept() {
        try (var reader = new RowReader(csv("id,bar", "a,1", "b,2"), "")) {
            assertEquals("a", reader.next().id());
            assertEquals(2, reader.next().number("bar"));
            assertEquals(false, reader.hasNext());
        }
    }

    @Test
    void mistakesInTheFileAreNamed() {
        fails(() -> catalogue(""), "cat.csv: the catalogue is empty");
        fails(() -> catalogue("id,bar"), "no galaxy");
        fails(() -> Catalogue.read(folder.resolve("none.csv")), "none.csv: no such catalogue");
        fails(() -> Catalogue.read(Files.createDirectory(folder.resolve("empty"))), "no image among 0 files");
        fails(() -> catalogue("ra,dec", "1,2"), "no column names the galaxies; found ra, dec");
        fails(() -> catalogue("id;bar", "a;1"), "separate columns by commas");
        fails(() -> catalogue("id,bar,bar", "a,1,2"), "column \"bar\" is given twice");
        fails(() -> catalogue("id,bar", "a,1", "b"), "line 3: 1 fields, but the header has 2");
        fails(() -> catalogue("id,bar", "a,1,2"), "line 2: 3 fields");
        fails(() -> catalogue("id,bar", "a,\"1"), "no proper CSV");
        fails(() -> catalogue("id,bar", "a,\"1\"x"), "no proper CSV", "line 2");
        fails(() -> catalogue("id,bar", "a,1", "b,2", "a,3"), "id \"a\" stands on lines 2 and 4");
        fails(() -> catalogue("id,bar", ",1"), "id is \"\"");
        fails(() -> Catalogue.read(csv("id,bar", "a,1"), "name"), "no column \"name\"", "found id, bar");
    }

    @Test
    void mistakesInLabelsNameRowAndColumn() {
        var catalogue = catalogue("id,bar", "a,1", "b,NaN", "c,", "d,yes", "e,1d", "f,Infinity");
        fails(() -> catalogue.numbers("bars"), "no column \"bars\"; did you mean \"bar\"?; found id, bar");
        for (int i = 1; i < 6; i++) {
            var row = catalogue.rows().get(i);
            fails(
                    () -> row.number("bar"),
                    "line " + row.line() + " (id " + row.id() + "): bar is \"" + row.text("bar") + "\"; want a number");
        }
        fails(() -> catalogue.labels("bar"), "line 3 (id b): bar is \"NaN\"");
        assertEquals(
                List.of("a", "d", "e", "f"), catalogue.labelled(List.of("bar")).ids());
    }

    @Test
    void classesAndTheirCounts() {
        var catalogue = catalogue("id,kind,T", "a,spiral,10", "b,elliptical,-2", "c,spiral,9", "d,spiral,10");
        var kinds = ClassLabels.of(catalogue, "kind");
        assertEquals(List.of("elliptical", "spiral"), kinds.names());
        assertArrayEquals(new int[] {1, 0, 1, 1}, kinds.index());
        assertArrayEquals(new int[] {1, 3}, kinds.counts());
        assertEquals(List.of("-2", "9", "10"), ClassLabels.of(catalogue, "T").names());
        assertArrayEquals(
                new int[] {0, 1, 3},
                ClassLabels.of(catalogue, "kind", List.of("ring", "elliptical", "spiral"))
                        .counts());
        fails(() -> ClassLabels.of(catalogue, "kind", List.of("elliptical", "spirals")), "did you mean \"spirals\"?");
        fails(
                () -> ClassLabels.of(catalogue.where(row -> row.id().equals("b")), "kind"),
                "one class only, \"elliptical\"");
    }

    @Test
    void theFingerprintIsOfIdsAndLabelsAlone() {
        var print = catalogue("id,bar,note", "a,1,x", "b,0,y").fingerprint(List.of("bar"));
        assertTrue(print.matches("sha256:[0-9a-f]{64}"), print);
        assertEquals(print, catalogue("note,bar,id", "z,0,b", "z,1,a").fingerprint(List.of("bar")));
        assertNotEquals(print, catalogue("id,bar,note", "a,1,x", "b,1,y").fingerprint(List.of("bar")));
        assertNotEquals(print, catalogue("id,bar,note", "a,1,x").fingerprint(List.of("bar")));
    }
}
