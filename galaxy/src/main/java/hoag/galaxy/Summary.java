package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.Csv;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.data.Row;
import hoag.galaxy.data.VoteTargets;
import hoag.galaxy.tree.Gz2Summary;
import hoag.galaxy.tree.Schema;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The 7 classes of Galaxy Zoo 2's "summary" task as a column {@code summary}, from the votes ({@link Gz2Summary} has the rule), as {@code hoag summary}:
 * the catalogue's columns and that one. Galaxies that the rule assigns nowhere are blank, and so left out of a training.
 *
 * @param catalog table with the votes
 * @param join a table with the votes, if they are not in the catalogue, joined by the ids; else null
 * @param tree with Galaxy Zoo 2's questions
 * @param votes volunteers for each galaxy, if the columns hold fractions; null if they hold counts
 * @param out CSV
 */
public record Summary(Path catalog, Path join, String tree, Double votes, Path out) {
    private static final String COLUMN = "summary";

    /** Counts of votes in the catalogue, the tree gz2. */
    public Summary(Path catalog, Path out) {
        this(catalog, null, "gz2", null, out);
    }

    /** The same with fractions of so many volunteers' votes. */
    public Summary votes(double votes) {
        return new Summary(catalog, join, tree, votes, out);
    }

    /**
     * Galaxies by class, in the order of {@link Gz2Summary#CLASSES}.
     *
     * @param unassigned galaxies without a class
     */
    public record Result(Map<String, Integer> classes, int unassigned) {}

    /**
     * Reads, sorts and writes.
     *
     * @throws hoag.kernels.DataException when the votes cannot be read, or the table not written
     * @throws ConfigException when the tree does not ask Galaxy Zoo 2's questions, or the catalogue has a column summary
     */
    public Result run() {
        Outputs.csv(out);
        Schema schema = Schema.of(tree);
        Gz2Summary rule = Gz2Summary.of(schema)
                .orElseThrow(() -> new ConfigException("--tree " + tree
                        + " does not ask Galaxy Zoo 2's questions, which the summary goes by; give gz2"));
        Catalogue own = Catalogue.read(catalog);
        if (own.header().has(COLUMN)) {
            throw new ConfigException(catalog + " has a column summary already");
        }
        Catalogue table = join == null ? own : own.join(Catalogue.read(join));
        double[][] counts = VoteTargets.of(
                        table, schema, votes == null ? OptionalDouble.empty() : OptionalDouble.of(votes))
                .votes();
        Map<String, Integer> classes = new LinkedHashMap<>();
        Gz2Summary.CLASSES.forEach(name -> classes.put(name, 0));
        int unassigned = 0;
        List<String> header = new ArrayList<>(table.columns());
        header.add(COLUMN);
        StringBuilder text = new StringBuilder(Csv.line(header));
        for (int i = 0; i < counts.length; i++) {
            int number = rule.ofVotes(counts[i]);
            String name = number == Gz2Summary.UNASSIGNED ? "" : Gz2Summary.CLASSES.get(number);
            Row row = table.rows().get(i);
            List<String> fields =
                    new ArrayList<>(table.columns().stream().map(row::text).toList());
            fields.add(name);
            text.append(Csv.line(fields));
            if (name.isEmpty()) {
                unassigned++;
            } else {
                classes.merge(name, 1, Integer::sum);
            }
        }
        AtomicFile.writeText(out, text);
        return new Result(classes, unassigned);
    }
}
