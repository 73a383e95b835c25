package hoag.galaxy.data;

import de.siegmar.fastcsv.reader.CsvReader;
import hoag.galaxy.tree.Names;
import hoag.galaxy.tree.Schema;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a catalogue keeps the votes of a tree, and what its numbers mean.
 *
 * @param columns (answers) the catalogue's columns, in the tree's order
 * @param kind what the numbers are
 * @param totals columns of how many volunteers answered: one for each question, one for all, or none if a number is stated or the votes are counts
 */
record VoteLayout(List<String> columns, Kind kind, List<String> totals) {
    /** Columns that say how many volunteers saw a galaxy, where they are called so. */
    private static final List<String> TOTALS =
            List.of("total-votes", "total_votes", "total-classifications", "total_classifications");

    enum Kind {
        /** How many volunteers gave the answer. */
        COUNTS,
        /** Share of those who were asked the question; answers to a question add up to 1. */
        FRACTIONS,
        /** Share of those who answered the question, whose number stands in a column {@code question_total-votes}. */
        FRACTIONS_OF_TOTALS,
        /** Share of all volunteers; answers to a question add up to the share who were asked it. */
        PATH_FRACTIONS
    }

    /**
     * Finds the votes: columns {@code question_answer} (counts, or fractions if a number of votes is stated), else
     * {@code question_answer_fraction} (of {@code question_total-votes}, as released catalogues have them, or of {@code total-votes}), else, for the gz2 tree, the columns {@code Class1.1} to {@code Class11.6} of the Kaggle challenge.
     */
    static VoteLayout find(Header header, Schema schema, boolean votesStated) {
        var labels = schema.labelColumns();
        var layout = List.of(
                        new VoteLayout(labels, votesStated ? Kind.FRACTIONS : Kind.COUNTS, List.of()),
                        new VoteLayout(
                                labels.stream()
                                        .map(label -> label + "_fraction")
                                        .toList(),
                                Kind.FRACTIONS,
                                List.of()),
                        new VoteLayout(kaggle(labels), Kind.PATH_FRACTIONS, List.of()))
                .stream()
                .filter(candidate -> header.columns().containsAll(candidate.columns))
                .findFirst()
                .orElseThrow(() -> missing(header, schema));
        return layout.kind == Kind.COUNTS || votesStated ? layout : layout.withTotals(header, schema);
    }

    private VoteLayout withTotals(Header header, Schema schema) {
        var each = schema.questions().stream()
                .map(question -> question.name() + "_total-votes")
                .toList();
        if (kind == Kind.FRACTIONS && header.columns().containsAll(each))
            return new VoteLayout(columns, Kind.FRACTIONS_OF_TOTALS, each);
        var one = TOTALS.stream().filter(header::has).findFirst();
        return new VoteLayout(columns, kind, List.of(one.orElseThrow(() -> unstated(header, this))));
    }

    /** The Kaggle column of every label, or the labels themselves where the tree is another. */
    private static List<String> kaggle(List<String> labels) {
        var columns = kaggleColumns();
        return labels.stream().map(label -> columns.getOrDefault(label, label)).toList();
    }

    /** Label to column, from {@code kaggle-gz2.csv}; Class8, the kind of odd feature, has no label in the tree. */
    private static Map<String, String> kaggleColumns() {
        try (InputStream resource = VoteLayout.class.getResourceAsStream("kaggle-gz2.csv");
                var rows = CsvReader.builder().ofNamedCsvRecord(resource)) {
            var columns = new HashMap<String, String>();
            rows.forEach(row -> columns.put(row.getField("label"), row.getField("column")));
            return columns;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DataException missing(Header header, Schema schema) {
        var wanted = schema.labelColumns().stream()
                .filter(label -> !header.has(label))
                .toList();
        return new DataException("%s: %d of the %d vote columns of tree %s are missing, first \"%s\"%s; found %s"
                .formatted(
                        header.file(),
                        wanted.size(),
                        schema.width(),
                        schema.name(),
                        wanted.getFirst(),
                        Names.hint(wanted.getFirst(), header.columns()),
                        Names.list(header.columns())));
    }

    private static ConfigException unstated(Header header, VoteLayout layout) {
        return new ConfigException(
                "%s: columns like %s hold fractions, not votes; say how many volunteers saw a galaxy, for example --votes 40, or give it a column total-votes"
                        .formatted(header.file(), layout.columns.getFirst()));
    }
}
