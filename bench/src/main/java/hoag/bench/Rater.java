package hoag.bench;

import hoag.bench.Finders.Asked;
import hoag.bench.Finders.Finder;
import hoag.galaxy.active.Improvement;
import hoag.galaxy.metrics.BinaryScores;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A simulated rater: 5 to what is looked for, 0 to the rest. Ten galaxies by chance to begin with, then in batches of ten what a finder proposes.
 *
 * @param wanted (galaxies) what is looked for
 * @param ratings how many are given in the end
 */
record Rater(boolean[] wanted, int ratings) {
    /** Independent starts. */
    static final int STARTS = 15;

    private static final int MEASURES = 5;

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
        int[] rated = new Random(start)
                .ints(0, wanted.length)
                .distinct()
                .limit(Finders.BATCH)
                .toArray();
        for (; ; ) {
            double[] given =
                    Arrays.stream(rated).mapToDouble(i -> wanted[i] ? 5 : 0).toArray();
            Asked asked = finder.ask(rated, given, start);
            if (rated.length >= ratings) {
                return measures(asked.scores(), rated);
            }
            rated = IntStream.concat(Arrays.stream(rated), Arrays.stream(asked.next()))
                    .toArray();
        }
    }

    private double[] measures(double[] scores, int... rated) {
        double[] first = scores.clone();
        boolean[] known = new boolean[scores.length];
        for (int i : rated) {
            first[i] = wanted[i] ? 1e6 : -1e6;
            known[i] = true;
        }
        int[] rest = IntStream.range(0, scores.length).filter(i -> !known[i]).toArray();
        double[] open = Arrays.stream(rest).mapToDouble(i -> scores[i]).toArray();
        boolean[] there = new boolean[rest.length];
        for (int i = 0; i < rest.length; i++) {
            there[i] = wanted[rest[i]];
        }
        return new double[] {
            precision(first, wanted, 50),
            precision(first, wanted, 200),
            new BinaryScores(wanted, first).averagePrecision(),
            precision(open, there, 50),
            new BinaryScores(there, open).averagePrecision()
        };
    }

    private static double precision(double[] scores, boolean[] wanted, int top) {
        return Arrays.stream(Improvement.largest(scores, top))
                        .filter(i -> wanted[i])
                        .count()
                / (double) top;
    }
}
