package hoag.bench;

import hoag.engine.files.Npy;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.Row;
import hoag.galaxy.survey.Rows;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Representations as {@code hoag represent} writes them, with what experts and volunteers said of the galaxies: a row of a table for each, joined by id. */
record Labelled(Rows rows, List<String> ids, List<Row> said) {
    /** All galaxies of the matrix. */
    static Labelled of(Path features, Path table, String idColumn) {
        Map<String, Row> said = new HashMap<>();
        Catalogue.read(table, idColumn).rows().forEach(row -> said.put(row.id(), row));
        List<String> ids = Catalogue.read(Path.of(features.toString().replaceFirst("npy$", "ids.csv")))
                .ids();
        var matrix = Npy.read(features);
        return new Labelled(
                Rows.of(matrix.floats(), (int) matrix.shape()[1]),
                ids,
                ids.stream()
                        .map(id -> said.get(id.substring(id.lastIndexOf('/') + 1)))
                        .toList());
    }

    int size() {
        return ids.size();
    }

    /** (galaxies) whether a column has such a number; false where there is none. */
    boolean[] atLeast(String column, double least) {
        return where(row -> row.number(column) >= least);
    }

    /** (galaxies) whether a column says this. */
    boolean[] is(String column, String label) {
        return where(row -> row.label(column).equals(label));
    }

    boolean[] where(Predicate<Row> test) {
        boolean[] is = new boolean[size()];
        IntStream.range(0, is.length).forEach(i -> is[i] = test.test(said.get(i)));
        return is;
    }
}
