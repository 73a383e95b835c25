package hoag.galaxy.data;

import hoag.galaxy.tree.Names;
import hoag.kernels.DataException;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * A column of classes as numbers.
 *
 * @param column of the catalogue
 * @param names the classes; the place is the number
 * @param index (rows) the class of each row
 * @param counts (classes) how many rows each has
 */
public record ClassLabels(String column, List<String> names, int[] index, int[] counts) {
    /** The classes that the column holds, whole numbers by value, other names by letter. */
    public static ClassLabels of(Catalogue catalogue, String column) {
        var labels = catalogue.labels(column);
        var distinct = new TreeSet<>(order(labels));
        distinct.addAll(labels);
        if (distinct.size() < 2)
            throw new DataException("%s: column %s has one class only, \"%s\"; want two or more"
                    .formatted(catalogue.header().file(), column, distinct.getFirst()));
        return of(catalogue, column, List.copyOf(distinct));
    }

    /**
     * The classes that a model knows, in its order.
     *
     * @throws DataException naming row and column for a class that is not among them
     */
    public static ClassLabels of(Catalogue catalogue, String column, List<String> names) {
        var index = catalogue.rows().stream()
                .mapToInt(row -> number(row, column, names))
                .toArray();
        var counts = new int[names.size()];
        for (int k : index) counts[k]++;
        return new ClassLabels(column, names, index, counts);
    }

    private static int number(Row row, String column, List<String> names) {
        var label = row.label(column);
        int number = names.indexOf(label);
        if (number < 0) throw row.bad(column, "one of " + Names.list(names) + Names.hint(label, names));
        return number;
    }

    private static Comparator<String> order(List<String> labels) {
        boolean whole = labels.stream().allMatch(label -> label.matches("-?\\d{1,9}"));
        return whole
                ? Comparator.<String>comparingInt(Integer::parseInt).thenComparing(Comparator.naturalOrder())
                : Comparator.naturalOrder();
    }
}
