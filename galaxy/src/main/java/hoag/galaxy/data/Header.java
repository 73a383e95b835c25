package hoag.galaxy.data;

import hoag.galaxy.tree.Names;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.List;

/**
 * The columns of a catalogue.
 *
 * @param file the catalogue, for messages
 * @param columns names in file order, all different
 * @param id index of the column that names the galaxy
 * @param unit what places in the file count: {@code line}, or {@code row} in binary tables
 */
public record Header(Path file, List<String> columns, int id, String unit) {
    /** Columns that name the galaxy when there is none called {@code id}, first found first; case does not matter. */
    static final List<String> ID_NAMES =
            List.of("id", "id_str", "galaxyid", "iauname", "objid", "pgc_name", "name", "file");

    /**
     * @param columns the names, as the file has them
     * @param idColumn the column that names the galaxy; empty: found by {@link #ID_NAMES}
     */
    static Header of(Path file, List<String> columns, String idColumn, String unit) {
        Names.firstDuplicate(columns).ifPresent(twice -> {
            throw new DataException("%s: column \"%s\" is given twice; rename one".formatted(file, twice));
        });
        var header = new Header(file, columns, -1, unit);
        return new Header(file, columns, idColumn.isEmpty() ? header.findId() : header.index(idColumn), unit);
    }

    private int findId() {
        for (var name : ID_NAMES)
            for (int c = 0; c < columns.size(); c++) if (columns.get(c).equalsIgnoreCase(name)) return c;
        throw new DataException("%s: no column names the galaxies; found %s%s; call one of them \"id\""
                .formatted(file, Names.list(columns), separator()));
    }

    /** Whether there is a column of this name. */
    public boolean has(String column) {
        return columns.contains(column);
    }

    /** @throws DataException for a missing column, with the columns that exist and the nearest name */
    public int index(String column) {
        int index = columns.indexOf(column);
        if (index >= 0) return index;
        throw new DataException("%s: no column \"%s\"%s; found %s%s"
                .formatted(file, column, Names.hint(column, columns), Names.list(columns), separator()));
    }

    private String separator() {
        if (columns.size() != 1) return "";
        var only = columns.getFirst();
        boolean wrong = only.contains(";") || only.contains("\t") || only.contains("|");
        return wrong ? " (one column only: separate columns by commas)" : "";
    }
}
