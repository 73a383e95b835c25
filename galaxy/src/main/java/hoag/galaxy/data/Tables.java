package hoag.galaxy.data;

import hoag.engine.files.AtomicFile;
import hoag.galaxy.parquet.ParquetTables;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Tables of any kind by one door. What a file is, its content says; the ending of its name decides where the content may be anything, and when a
 * file is written. A folder is the table of its images, by class ({@link ClassFolder}).
 */
public final class Tables {
    private static final int HEAD = 4096;
    private static final TableFormat PARQUET = new ParquetTables();
    private static final List<TableFormat> OWN = List.of(new FitsTables(), PARQUET);
    private static final TableFormat CSV = new CsvTables();

    /** Kinds that a module of its own reads, to name it where it is missing. */
    private record Elsewhere(String name, List<String> endings, String magic) {}

    private static final List<Elsewhere> ELSEWHERE = List.of(
            new Elsewhere("a VOTable", List.of(".vot", ".votable", ".xml"), "<VOTABLE"),
            new Elsewhere("an ECSV table", List.of(".ecsv"), "# %ECSV"));

    private Tables() {}

    /**
     * Opens a table, or a folder of images by class.
     *
     * @throws DataException when it is missing, cannot be read, or is of a kind whose module is not there
     */
    public static TableRows read(Path file) {
        return Files.isDirectory(file)
                ? new ClassFolder(file)
                : of(file, head(file)).read(file);
    }

    private static byte[] head(Path file) {
        try (var in = unpacked(file)) {
            return in.readNBytes(HEAD);
        } catch (NoSuchFileException e) {
            throw new DataException("%s: no such catalogue".formatted(file), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** The bytes of a file; {@code .gz} is unpacked on the way. */
    static InputStream unpacked(Path file) throws IOException {
        var bytes = new BufferedInputStream(Files.newInputStream(file));
        return isPacked(file) ? new GZIPInputStream(bytes) : bytes;
    }

    private static TableFormat of(Path file, byte[] head) {
        for (var format : OWN) if (format.starts(head)) return format;
        var text = new String(head, StandardCharsets.ISO_8859_1);
        var known = ELSEWHERE.stream()
                .filter(kind -> text.contains(kind.magic) || ends(file, kind.endings))
                .findFirst();
        if (known.isEmpty() && ends(file, CSV.endings())) return CSV;
        return others().filter(format -> format.starts(head))
                .findFirst()
                .or(() ->
                        others().filter(format -> ends(file, format.endings())).findFirst())
                .orElseGet(() -> known.map(kind -> missing(file, kind)).orElse(CSV));
    }

    private static Stream<TableFormat> others() {
        return ServiceLoader.load(TableFormat.class).stream().map(ServiceLoader.Provider::get);
    }

    private static TableFormat missing(Path file, Elsewhere kind) {
        throw new ConfigException(
                "%s: %s, which the module hoag-tables reads and writes; build it with ./mvnw -pl tables -am -DskipTests package, or put hoag-tables.jar and the jars it names on the class path"
                        .formatted(file, kind.name));
    }

    private static boolean ends(Path file, List<String> endings) {
        var name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return endings.stream().anyMatch(ending -> name.endsWith(ending) || name.endsWith(ending + ".gz"));
    }

    /**
     * The format in which a file of this name is written; CSV where the name has no ending. {@code .gz} behind the ending packs what
     * is not packed by itself.
     *
     * @throws ConfigException when the module of that format is not there, or the ending is none that Hoag writes
     */
    public static TableFormat toWrite(Path file) {
        if (isPacked(file) && ends(file, PARQUET.endings()))
            throw new ConfigException("%s: Parquet is packed by itself; leave out .gz".formatted(file));
        return Stream.concat(OWN.stream(), Stream.of(CSV))
                .filter(format -> ends(file, format.endings()))
                .findFirst()
                .or(() ->
                        others().filter(format -> ends(file, format.endings())).findFirst())
                .orElseGet(() -> ELSEWHERE.stream()
                        .filter(kind -> ends(file, kind.endings))
                        .findFirst()
                        .map(kind -> missing(file, kind))
                        .orElseGet(() -> plain(file)));
    }

    private static TableFormat plain(Path file) {
        var name = file.getFileName().toString();
        if (!name.contains(".")) return CSV;
        throw new ConfigException(
                "%s: no table that Hoag writes ends so; want .csv, .fits, .parquet, .vot or .ecsv".formatted(file));
    }

    private static boolean isPacked(Path file) {
        return file.toString().endsWith(".gz");
    }

    /** Whether a file of this name is written as CSV that is not packed: a table that may grow line by line. */
    public static boolean isCsv(Path file) {
        return toWrite(file) == CSV && !isPacked(file);
    }

    /**
     * Writes a table whole or not at all, in the format that its name asks for; packed where that ends in {@code .gz}.
     *
     * @throws ConfigException as {@link #toWrite}
     */
    public static void write(Path file, List<Column> columns, Supplier<TableRows> rows) {
        var format = toWrite(file);
        AtomicFile.write(file, out -> {
            if (isPacked(file)) {
                var packed = new GZIPOutputStream(out);
                format.write(packed, columns, rows);
                packed.finish();
            } else format.write(out, columns, rows);
        });
    }
}
