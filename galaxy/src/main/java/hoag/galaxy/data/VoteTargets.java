package hoag.galaxy.data;

import hoag.galaxy.tree.Routes;
import hoag.galaxy.tree.Schema;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The votes on every galaxy, as a votes likelihood wants them. Numbers are kept as they are: fractional votes are not truncated.
 *
 * @param columns (answers) the catalogue's columns they came from
 * @param votes (rows, answers) in the tree's column order
 */
public record VoteTargets(List<String> columns, double[][] votes) {
    /** Published fractions are rounded and debiased: together they may be a little more than 1. */
    private static final double SLACK = 0.05;

    /** Votes from columns of counts, {@code question_answer}. */
    public static VoteTargets ofCounts(Catalogue catalogue, Schema schema) {
        return of(catalogue, schema, OptionalDouble.empty());
    }

    /**
     * Votes from columns of fractions, as if each galaxy had been seen by so many volunteers: volunteers x share who are asked the question x
     * fraction. Columns of the Kaggle challenge are already multiplied down the tree: volunteers x fraction. A question left blank was not asked.
     *
     * @param volunteers above 0, 40 for Galaxy Zoo 2; the likelihood becomes as sharp as if they were real
     */
    public static VoteTargets ofFractions(Catalogue catalogue, Schema schema, double volunteers) {
        return of(catalogue, schema, OptionalDouble.of(volunteers));
    }

    /**
     * @param volunteers stated when the columns hold fractions and the catalogue has no columns of totals
     * @throws DataException for missing columns, blanks, and numbers that are no votes, naming row and column
     * @throws ConfigException when the columns hold fractions and no number of volunteers is stated, or one that is not above 0
     */
    public static VoteTargets of(Catalogue catalogue, Schema schema, OptionalDouble volunteers) {
        if (volunteers.isPresent() && !(volunteers.getAsDouble() > 0 && volunteers.getAsDouble() < 1e9))
            throw new ConfigException(
                    "votes is %s; want a number of volunteers above 0".formatted(volunteers.getAsDouble()));
        var layout = VoteLayout.find(catalogue.header(), schema, volunteers.isPresent());
        var reader = new Reader(layout, new Routes(schema), schema.indexGroups(), volunteers.orElse(0));
        var votes = catalogue.rows().stream().map(reader::votes).toArray(double[][]::new);
        if (layout.kind() == VoteLayout.Kind.COUNTS) refuseFractions(catalogue, layout, votes);
        return new VoteTargets(layout.columns(), votes);
    }

    private static void refuseFractions(Catalogue catalogue, VoteLayout layout, double[][] votes) {
        boolean small = Arrays.stream(votes).flatMapToDouble(Arrays::stream).allMatch(v -> v <= 1);
        boolean whole = Arrays.stream(votes).flatMapToDouble(Arrays::stream).allMatch(v -> v == Math.rint(v));
        if (small && !whole)
            throw new ConfigException(
                    "%s: columns like %s hold numbers from 0 to 1, fractions and not votes; say how many volunteers saw a galaxy, for example --votes 40"
                            .formatted(
                                    catalogue.header().file(), layout.columns().getFirst()));
    }

    private record Reader(VoteLayout layout, Routes routes, int[][] groups, double volunteers) {
        double[] votes(Row row) {
            return switch (layout.kind()) {
                case COUNTS -> counts(row);
                case PATH_FRACTIONS -> scaled(fractions(row), volunteers(row));
                case FRACTIONS -> downTheTree(fractions(row), volunteers(row));
                case FRACTIONS_OF_TOTALS -> ofTotals(row, fractions(row));
            };
        }

        private double[] counts(Row row) {
            var votes = new double[layout.columns().size()];
            for (int c = 0; c < votes.length; c++)
                votes[c] = count(row, layout.columns().get(c));
            return votes;
        }

        private static double count(Row row, String column) {
            double votes = row.number(column);
            if (votes < 0) throw row.bad(column, "votes, 0 or more");
            return votes;
        }

        private double volunteers(Row row) {
            return layout.totals().isEmpty()
                    ? volunteers
                    : count(row, layout.totals().getFirst());
        }

        /** A question without a total was not asked. */
        private double[] ofTotals(Row row, double[] fractions) {
            for (int g = 0; g < groups.length; g++) {
                var column = layout.totals().get(g);
                double total = row.isBlank(column) ? 0 : count(row, column);
                for (int c = groups[g][0]; c < groups[g][1]; c++) fractions[c] *= total;
            }
            return fractions;
        }

        private double[] downTheTree(double[] fractions, double volunteers) {
            var asked = routes.byAnswer(routes.proportionAsked(fractions));
            for (int c = 0; c < asked.length; c++) asked[c] *= fractions[c] * volunteers;
            return asked;
        }

        private static double[] scaled(double[] fractions, double volunteers) {
            return Arrays.stream(fractions)
                    .map(fraction -> fraction * volunteers)
                    .toArray();
        }

        private double[] fractions(Row row) {
            var fractions = new double[layout.columns().size()];
            for (var group : groups) {
                var columns = layout.columns().subList(group[0], group[1]);
                if (columns.stream().allMatch(row::isBlank)) continue;
                for (int c = group[0]; c < group[1]; c++)
                    fractions[c] = fraction(row, layout.columns().get(c));
                checkSum(
                        row,
                        columns,
                        Arrays.stream(fractions, group[0], group[1]).sum());
            }
            return fractions;
        }

        private static double fraction(Row row, String column) {
            double fraction = row.number(column);
            if (!(fraction >= 0 && fraction <= 1 + SLACK))
                throw row.bad(column, "a fraction, 0..1 (if these are counts, state no number of votes)");
            return fraction;
        }

        private static void checkSum(Row row, List<String> columns, double sum) {
            if (sum > 1 + SLACK)
                throw new DataException("%s: the fractions from %s to %s add up to %s; want at most 1"
                        .formatted(row.where(), columns.getFirst(), columns.getLast(), sum));
        }
    }
}
