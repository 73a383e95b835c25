package hoag.bench;

import hoag.bench.Finders.Asked;
import hoag.bench.Finders.Finder;
import hoag.galaxy.active.Improvement;
import hoag.galaxy.metrics.BinaryScores;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A simulated rater: 5 to what is looked for, 0 to the rest. Ten galaxies by chance to begin with, then in batches of ten what a finder proposes.
 * The galaxies that are not rated in the end differ from finder to finder: whoever found most has left the fewest, and the hardest. So each finder also rates within a random
 * half alone, the same half for all, and is judged by the other half, of which nobody has seen anything.
 *
 * @param wanted (galaxies) what is looked for
 * @param ratings how many are given in the end
 */
record Rater(boolean[] wanted, int ratings) {
    /** Independent starts. */
    static final int STARTS = 15;

    private static final int MEASURES = 8;

    /** A line of the table: mean and three standard deviations over the starts. */
    String row(String name, Finder finder) {
        double[][] results = IntStream.range(0, STARTS)
                .parallel()
                .mapToObj(start -> one(finder, start))
                .toArray(double[][]::new);
        StringBuilder line = new StringBuilder("| " + name);
        for (int m = 0; m < MEASURES; m++) {
            int measure = m;
            double[] values =
                    Arrays.stream(results).mapToDouble(r -> r[measure]).toArray();
            double mean = Arrays.stream(values).average().orElseThrow();
            double squares =
                    Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
            line.append(String.format(Locale.ROOT, " | %.3f +- %.3f", mean, 3 * Math.sqrt(squares / (STARTS - 1))));
        }
        return line + " |";
    }

    private double[] one(Finder finder, int start) {
        double[] all = found(finder, start, new boolean[wanted.length]);
        boolean[] closed = new boolean[wanted.length];
        new Random(1000 + start)
                .ints(0, closed.length)
                .distinct()
                .limit(closed.length / 2)
                .forEach(i -> closed[i] = true);
        double[] other = found(finder, start, closed);
        return new double[] {all[0], all[1], all[2], all[3], all[4], all[5], other[6], other[7]};
    }

    private double[] found(Finder finder, int start, boolean... closed) {
        int[] rated = new Random(start)
                .ints(0, wanted.length)
                .filter(i -> !closed[i])
                .distinct()
                .limit(Finders.BATCH)
                .toArray();
        for (; ; ) {
            double[] given =
                    Arrays.stream(rated).mapToDouble(i -> wanted[i] ? 5 : 0).toArray();
            Asked asked = finder.ask(rated, given, closed, start);
            if (rated.length >= ratings) {
                return measures(asked.scores(), closed, rated);
            }
            rated = IntStream.concat(Arrays.stream(rated), Arrays.stream(asked.next()))
                    .toArray();
        }
    }

    private double[] measures(double[] scores, boolean[] closed, int... rated) {
        double[] first = scores.clone();
        boolean[] known = new boolean[scores.length];
        for (int i : rated) {
            first[i] = wanted[i] ? 1e6 : -1e6;
            known[i] = true;
        }
        Part rest = part(scores, i -> !known[i]);
        Part other = part(scores, i -> closed[i]);
        return new double[] {
            precision(first, wanted, 50),
            precision(first, wanted, 200),
            new BinaryScores(wanted, first).averagePrecision(),
            precision(rest.scores(), rest.wanted(), 50),
            rest.averagePrecision(),
            rest.share(),
            other.averagePrecision(),
            other.share()
        };
    }

    /** Some of the galaxies. */
    private record Part(double[] scores, boolean[] wanted) {
        double averagePrecision() {
            return share() == 0 ? 0 : new BinaryScores(wanted, scores).averagePrecision();
        }

        /** How much of it is what is looked for: the average precision of chance. */
        double share() {
            return wanted.length == 0
                    ? 0
                    : IntStream.range(0, wanted.length).filter(i -> wanted[i]).count() / (double) wanted.length;
        }
    }

    private Part part(double[] scores, IntPredicate in) {
        int[] rows = IntStream.range(0, scores.length).filter(in).toArray();
        boolean[] there = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            there[i] = wanted[rows[i]];
        }
        return new Part(Arrays.stream(rows).mapToDouble(i -> scores[i]).toArray(), there);
    }

    private static double precision(double[] scores, boolean[] wanted, int top) {
        return Arrays.stream(Improvement.largest(scores, top))
                        .filter(i -> wanted[i])
                        .count()
                / (double) top;
    }
}
