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
import java.util.Map;
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
    private final Map<String, Split> parts;

    /** @param parts the part of every galaxy by its id; null for the column split, else the id */
    private Catalogue(Header header, List<Row> rows, Map<String, Split> parts) {
        this.header = header;
        this.rows = List.copyOf(rows);
        this.parts = parts;
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
            return new Catalogue(reader.header(), rows, null);
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
        return new Catalogue(header, rows.stream().filter(test).toList(), parts);
    }

    /** The rows whose labels are all there: a user's way to say that blanks mean "not labelled". */
    public Catalogue labelled(List<String> columns) {
        columns.forEach(header::index);
        return where(row -> columns.stream().noneMatch(row::isBlank));
    }

    /** The same galaxies, divided so. */
    public Catalogue divided(Division division) {
        return division.equals(Division.GIVEN) ? this : new Catalogue(header, rows, division.of(this));
    }

    /**
     * The same galaxies in the same parts.
     *
     * @throws DataException when what the division's group names is on both sides
     */
    public Catalogue undivided(Division division) {
        division.undivided(this, parts);
        return this;
    }

    /**
     * Tables of their own for the parts as one, with the columns that all of them have.
     *
     * @param valid galaxies to validate on; null for none
     * @param test galaxies to test on; null for none
     * @throws DataException when a galaxy is in two of them
     */
    public static Catalogue parts(Catalogue train, Catalogue valid, Catalogue test) {
        var rows = new ArrayList<Row>();
        var parts = new HashMap<String, Split>();
        var columns = new ArrayList<>(train.columns());
        for (var part : Split.values()) {
            var table = part == Split.TRAIN ? train : part == Split.VALID ? valid : test;
            if (table == null) continue;
            columns.retainAll(table.columns());
            for (var row : table.rows) {
                if (parts.putIfAbsent(row.id(), part) != null)
                    throw new DataException("%s: this galaxy is in %s too; one object must not be on both sides"
                            .formatted(
                                    row.where(),
                                    parts.get(row.id()) == Split.TRAIN ? train.header.file() : valid.header.file()));
            }
            rows.addAll(table.rows);
        }
        var id = train.columns().get(train.header.id());
        if (!columns.contains(id)) columns.addFirst(id);
        return new Catalogue(
                new Header(train.header.file(), columns, columns.indexOf(id), train.header.unit()), rows, parts);
    }

    /**
     * The columns of another table beside these, joined by the ids; a column that both have is this table's. Galaxies that the other does not have
     * are left out.
     *
     * @throws DataException when the tables have no galaxy in common
     */
    public Catalogue join(Catalogue other) {
        var theirs = new HashMap<String, Row>();
        for (var row : other.rows) theirs.put(row.id(), row);
        var more = other.columns().stream()
                .filter(column ->
                        !header.has(column) && !column.equals(other.columns().get(other.header.id())))
                .toList();
        var columns = new ArrayList<>(header.columns());
        columns.addAll(more);
        var wide = new Header(header.file(), List.copyOf(columns), header.id(), header.unit());
        var joined = new ArrayList<Row>();
        for (var row : rows) {
            var their = theirs.get(row.id());
            if (their == null) continue;
            var fields = new ArrayList<>(row.fields());
            for (var column : more) fields.add(their.text(column));
            joined.add(new Row(wide, row.line(), fields));
        }
        if (joined.isEmpty())
            throw new DataException("%s: none of its %d ids is in %s: here \"%s\", there \"%s\""
                    .formatted(
                            header.file(),
                            rows.size(),
                            other.header.file(),
                            rows.getFirst().id(),
                            other.rows.getFirst().id()));
        return new Catalogue(wide, joined, parts);
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
        return parts != null ? parts.get(row.id()) : given(row, null);
    }

    /** The part that the column split says, else the group, else the id. */
    Split given(Row row, String group) {
        if (header.has(SPLIT)) return Split.of(row, SPLIT);
        return Split.of(group == null ? row.id() : row.label(group));
    }

    /** The rows of one part, by {@link #splits()}; there may be none. */
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
        var missing = rows.stream()
                .filter(row -> image(row, folder) == null && !folder.lacks(row.id()))
                .toList();
        if (missing.isEmpty()) return wanted(folder);
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
