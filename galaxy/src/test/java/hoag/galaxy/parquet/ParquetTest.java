package hoag.galaxy.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.Column;
import hoag.galaxy.data.Tables;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of pyarrow 26: two groups of rows with dictionaries and snappy, pages of version 2 with gzip, every other encoding, zstd and LZ4. */
class ParquetTest {
    private static final List<String> COLUMNS =
            List.of("id", "kind", "bar", "T", "objid", "big", "votes", "ring", "mag", "last");

    @TempDir
    Path folder;

    private Path resource(String name) throws IOException {
        try (var in = ParquetTest.class.getResourceAsStream(name)) {
            return Files.write(folder.resolve(name), in.readAllBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy.parquet", "gzip2.parquet", "encodings.parquet", "zstd.parquet", "lz4.parquet"})
    void whatArrowWroteIsRead(String name) throws IOException {
        var catalogue = Catalogue.read(resource(name));
        assertEquals(COLUMNS, catalogue.columns());
        assertEquals(100, catalogue.size());
        for (int i = 0; i < 100; i++) {
            var row = catalogue.rows().get(i);
            assertEquals("galaxy %03d".formatted(i), row.id());
            assertEquals(List.of("spiral", "elliptical", "ring").get(i % 3), row.text("kind"));
            assertEquals(i % 7 == 3 ? "" : Float.toString(i / 8f), row.text("bar"));
            assertEquals(i * 1.5 - 3, row.number("T"));
            assertEquals(1237668298203627590L + i * i + "", row.text("objid"));
            assertEquals(Long.toUnsignedString(-1 - i), row.text("big"));
            assertEquals(i % 5 == 0 ? "" : i - 50 + "", row.text("votes"));
            assertEquals(i % 4 == 1 ? "true" : "false", row.text("ring"));
            assertEquals("%d.%02d".formatted(i / 100, i % 100), row.text("mag"));
            assertEquals(i % 2 + "", row.text("last"));
        }
    }

    @Test
    void whatIsWrittenIsReadAndNamesItsColumns() throws IOException {
        var columns = List.of(
                Column.of("id", Column.Type.TEXT, "meta.id", ""),
                Column.of("bar", Column.Type.FLOAT, "stat.probability", ""),
                new Column("radius", Column.Type.DOUBLE, "arcsec", "", ""),
                Column.of("votes", Column.Type.WHOLE, "", ""));
        var text = new StringBuilder("id,bar,radius,votes\n");
        for (int i = 0; i < 60_000; i++)
            text.append("g")
                    .append(i)
                    .append(i % 3 == 0 ? "," : "," + i / 4f)
                    .append(",")
                    .append(i * 0.1)
                    .append(i % 4 == 0 ? ",\n" : ",-" + i + "\n");
        var csv = Files.writeString(folder.resolve("in.csv"), text);
        var out = folder.resolve("out.parquet");
        Tables.write(out, columns, () -> Tables.read(csv));
        var wanted = Catalogue.read(csv);
        var got = Catalogue.read(out);
        assertEquals(60_000, got.size());
        for (int i = 0; i < got.size(); i += 7) {
            var row = got.rows().get(i);
            assertEquals(wanted.rows().get(i).id(), row.id());
            for (var column : List.of("bar", "radius")) {
                assertEquals(wanted.rows().get(i).isBlank(column), row.isBlank(column));
                if (!row.isBlank(column)) assertEquals(wanted.rows().get(i).number(column), row.number(column));
            }
            assertEquals(wanted.rows().get(i).text("votes"), row.text("votes"));
        }
        assertTrue(new String(Files.readAllBytes(out), StandardCharsets.ISO_8859_1).contains("stat.probability"));
    }

    @Test
    void whatCannotBeReadIsNamed() throws IOException {
        fails(resource("brotli.parquet"), "packed with brotli; write it with snappy, zstd or gzip");
        var whole = Files.readAllBytes(resource("snappy.parquet"));
        fails(Files.write(folder.resolve("torn.parquet"), Arrays.copyOf(whole, whole.length / 2)), "cut off");
        fails(Files.write(folder.resolve("none.parquet"), Arrays.copyOf(whole, 6)), "too few");
        var long1 = whole.clone();
        ByteBuffer.wrap(long1).putInt(whole.length - 8, -1);
        fails(Files.write(folder.resolve("long.parquet"), long1), "cannot be read as Parquet");
    }

    /** Whatever is broken, a file is refused in words or read; nothing else comes out. */
    @Test
    void brokenBytesAreRefusedInWords() throws IOException {
        var random = new Random(5);
        int refused = 0;
        for (var name :
                List.of("snappy.parquet", "gzip2.parquet", "encodings.parquet", "zstd.parquet", "lz4.parquet")) {
            var whole = Files.readAllBytes(resource(name));
            for (int i = 0; i < 100; i++) {
                var broken = whole.clone();
                for (int k = 0; k < 4; k++) broken[4 + random.nextInt(whole.length - 8)] = (byte) random.nextInt();
                try {
                    Catalogue.read(Files.write(folder.resolve("broken.parquet"), broken));
                } catch (DataException e) {
                    refused++;
                }
            }
        }
        assertTrue(refused > 50, refused + " refused");
    }

    private static void fails(Path file, String wanted) {
        var message =
                assertThrows(DataException.class, () -> Catalogue.read(file)).getMessage();
        assertTrue(message.contains(wanted) && message.startsWith(file.toString()), message);
    }
}
