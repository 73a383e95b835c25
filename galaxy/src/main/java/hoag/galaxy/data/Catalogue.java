package hoag.galaxy.data;

import hoag.galaxy.tree.Names;
import hoag.kernels.DataException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;

/**
 * A table of galaxies in memory: an id each, and columns of labels. Immutable; the order is the file's. {@link RowReader} reads the same files
 * without keeping them. CSV, FITS tables and Parquet are read, folders of images by class too, and more where modules bring them ({@link Tables}).
 *
 * <p>The id is the column {@code id}, failing that {@code id_str}, {@code GalaxyID}, {@code iauname}, {@code objid}, {@code PGC_name},
 * {@code name}, and at last {@code file}.
 */
public final class Catalogue {
    private static final String FILE = "file";
    private static final String SPLIT = "split";

    private final Header header;
    private final List<Row> rows;

    private Catalogue(Header header, List<Row> rows) {
        this.header = header;
        this.rows = List.copyOf(rows);
    }

    /** @throws DataException when the file is missing, empty or damaged, has no column of ids, or names a galaxy twice */
    public static Catalogue read(Path file) {
        return read(file, "");
    }

    /** @param idColumn the column that names the galaxy; empty: found as above */
    public static Catalogue read(Path file, String idColumn) {
        try (var reader = new RowReader(file, idColumn)) {
            var rows = new ArrayList<Row>();
            reader.forEachRemaining(rows::add);
            if (rows.isEmpty())
                throw new DataException("%s: the catalogue has column names but no galaxy".formatted(file));
            checkIds(reader.header(), rows);
            return new Catalogue(reader.header(), rows);
        }
    }

    private static void checkIds(Header header, List<Row> rows) {
        var lines = new HashMap<String, Long>();
        for (var row : rows) {
            if (row.id().isEmpty()) throw row.bad(header.columns().get(header.id()), "the galaxy's id");
            var before = lines.put(row.id(), row.line());
            if (before != null)
                throw new DataException("%s: id \"%s\" stands on %ss %d and %d; ids must differ (column %s)"
                        .formatted(
                                header.file(),
                                row.id(),
                                header.unit(),
                                before,
                                row.line(),
                                header.columns().get(header.id())));
        }
    }

    /** The columns, and the file they come from. */
    public Header header() {
        return header;
    }

    /** The names of the columns, in the file's order. */
    public List<String> columns() {
        return header.columns();
    }

    /** The galaxies, in the file's order. */
    public List<Row> rows() {
        return rows;
    }

    /** How many galaxies there are. */
    public int size() {
        return rows.size();
    }

    /** The galaxies' names: (rows). */
    public List<String> ids() {
        return rows.stream().map(Row::id).toList();
    }

    /** A column of numbers: (rows). The error for a blank or other text names row and column. */
    public double[] numbers(String column) {
        return rows.stream().mapToDouble(row -> row.number(column)).toArray();
    }

    /** A column of labels: (rows). The error for a blank names row and column. */
    public List<String> labels(String column) {
        return rows.stream().map(row -> row.label(column)).toList();
    }

    /** The rows that pass. */
    public Catalogue where(Predicate<Row> test) {
        return new Catalogue(header, rows.stream().filter(test).toList());
    }

    /** The rows whose labels are all there: a user's way to say that blanks mean "not labelled". */
    public Catalogue labelled(List<String> columns) {
        columns.forEach(header::index);
        return where(row -> columns.stream().noneMatch(row::isBlank));
    }

    /** Every row's part: from the column {@code split} if there is one, else from the id by {@link Split#of(String)}. */
    public List<Split> splits() {
        return rows.stream().map(this::split).toList();
    }

    /** Every row's part, from the column that must not be divided (a picture's md5, a group of twins). */
    public List<Split> splits(String keyColumn) {
        return rows.stream().map(row -> Split.of(row.label(keyColumn))).toList();
    }

    private Split split(Row row) {
        return header.has(SPLIT) ? Split.of(row, SPLIT) : Split.of(row.id());
    }

    /** The rows of one part, by {@link #splits()}. */
    public Catalogue part(Split part) {
        return where(row -> split(row) == part);
    }

    /**
     * The image of every row: the column {@code file}, looked for in the folder and beside the catalogue; without one, the image whose name
     * without extension is the id.
     *
     * @throws DataException naming the first row without an image and how many there are
     */
    public List<Path> images(ImageFolder folder) {
        var missing = rows.stream().filter(row -> image(row, folder) == null).toList();
        if (missing.isEmpty())
            return rows.stream().map(row -> image(row, folder)).toList();
        var first = missing.getFirst();
        throw new DataException("%s: no image \"%s\" in %s%s (%d of %d rows have none)"
                .formatted(
                        first.where(),
                        wanted(first),
                        folder,
                        Names.hint(wanted(first), folder.ids()),
                        missing.size(),
                        rows.size()));
    }

    /** The image of every row, and where there is none the path where it should be. */
    public List<Path> wanted(ImageFolder folder) {
        return rows.stream()
                .map(row -> {
                    var image = image(row, folder);
                    return image == null ? folder.path().resolve(wanted(row)) : image;
                })
                .toList();
    }

    /** Where a catalogue's images are if nothing is said: beside it, or in it if it is a folder. */
    public static Path images(Path catalog, Path images) {
        if (images != null) return images;
        return Files.isDirectory(catalog) ? catalog : catalog.toAbsolutePath().getParent();
    }

    /** The rows whose image exists. */
    public Catalogue withImages(ImageFolder folder) {
        return where(row -> image(row, folder) != null);
    }

    private Path image(Row row, ImageFolder folder) {
        return hasFile(row) ? folder.file(row.text(FILE), header.file()) : folder.find(row.id());
    }

    private String wanted(Row row) {
        return hasFile(row) ? row.text(FILE) : row.id();
    }

    private boolean hasFile(Row row) {
        return header.has(FILE) && !row.isBlank(FILE);
    }

    /**
     * A fingerprint of the data that a model learns from: {@code sha256:} over "id, label, label ... newline" of every row (separated by
     * U+001F, fields as they stand in the file), rows sorted by id. Neither the order of the rows nor other columns change it.
     */
    public String fingerprint(List<String> labelColumns) {
        var digest = Sha256.digest();
        rows.stream().sorted(Comparator.comparing(Row::id)).forEach(row -> digest.update(line(row, labelColumns)));
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    private static byte[] line(Row row, List<String> labelColumns) {
        var line = new StringBuilder(row.id());
        for (var column : labelColumns) line.append('\u001f').append(row.text(column));
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }
}
