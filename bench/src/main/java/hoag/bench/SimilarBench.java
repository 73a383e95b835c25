package hoag.bench;

import hoag.galaxy.metrics.BinaryScores;
import hoag.galaxy.metrics.Ranking;
import hoag.galaxy.survey.Metric;
import hoag.galaxy.survey.Pca;
import hoag.galaxy.survey.Rows;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The Java side of {@code bench/similar}: every galaxy of EFIGI's test part that has an attribute (0.75 or more) is a query; relevant are the others
 * that have it. Mean over queries, and 95 % of 1,000 bootstrap draws of the queries.
 */
public final class SimilarBench {
    private static final String[] ATTRIBUTES = {
        "Inner_Ring", "Bar_Length", "Perturbation", "Multiplicity", "Visible_Dust", "Inclination", "Flocculence"
    };
    private static final int K = 10;
    private static final int DRAWS = 1000;

    private SimilarBench() {}

    /** @param args data, split, folder of representations */
    public static void main(String... args) {
        System.out.println("| representations | distance | nDCG@10 | recall@50 | mAP |\n|---|---|---|---|---|");
        for (String file : new String[] {"efigi.npy", "efigi-turned.npy"}) {
            Labelled efigi = Labelled.efigi(
                    Path.of(args[0]), Path.of(args[1]), Path.of(args[2]).resolve(file));
            String views = file.equals("efigi.npy") ? "one view" : "mean over 8 views";
            for (Metric metric : Metric.values()) {
                row("raw, " + views, metric, efigi.rows(), efigi);
            }
            row("40 components whitened, " + views, Metric.EUCLIDEAN, whitened(efigi.rows()), efigi);
        }
    }

    private static Rows whitened(Rows rows) {
        double[][] points = Pca.fit(rows, 40).whiten(rows);
        float[] all = new float[points.length * 40];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) points[i / 40][i % 40];
        }
        return Rows.of(all, 40);
    }

    private static void row(String what, Metric metric, Rows rows, Labelled efigi) {
        float[][] values = IntStream.range(0, rows.size()).mapToObj(rows::row).toArray(float[][]::new);
        double[][] near = new double[rows.size()][rows.size()];
        IntStream.range(0, rows.size()).parallel().forEach(i -> {
            for (int j = 0; j < near.length; j++) {
                near[i][j] = -metric.between(values[i], values[j]);
            }
        });
        double[][] each = Arrays.stream(ATTRIBUTES)
                .flatMap(attribute -> {
                    double[] has = efigi.attribute(attribute);
                    return IntStream.range(0, has.length)
                            .filter(i -> has[i] >= 0.75)
                            .mapToObj(i -> measures(i, near[i], has));
                })
                .toArray(double[][]::new);
        StringBuilder line =
                new StringBuilder("| " + what + " | " + metric.name().toLowerCase(Locale.ROOT));
        for (int m = 0; m < 3; m++) {
            int measure = m;
            double[] of = Arrays.stream(each).mapToDouble(e -> e[measure]).toArray();
            line.append(interval(of));
        }
        System.out.println(line + " |");
    }

    private static double[] measures(int query, double[] near, double[] has) {
        int[] others = IntStream.range(0, near.length).filter(i -> i != query).toArray();
        double[] scores = Arrays.stream(others).mapToDouble(i -> near[i]).toArray();
        boolean[] relevant = new boolean[others.length];
        double[] gain = new double[others.length];
        for (int i = 0; i < others.length; i++) {
            relevant[i] = has[others[i]] >= 0.75;
            gain[i] = relevant[i] ? 1 : 0;
        }
        double total = Arrays.stream(gain).sum();
        double found = Arrays.stream(hoag.galaxy.active.Improvement.largest(scores, 50))
                .mapToDouble(i -> gain[i])
                .sum();
        return new double[] {
            Ranking.ndcg(gain, scores, K),
            total == 0 ? 0 : found / total,
            total == 0 ? 0 : new BinaryScores(relevant, scores).averagePrecision()
        };
    }

    private static String interval(double[] values) {
        Random random = new Random(1);
        double[] means = IntStream.range(0, DRAWS)
                .mapToDouble(draw -> random.ints(values.length, 0, values.length)
                        .mapToDouble(i -> values[i])
                        .average()
                        .orElse(0))
                .sorted()
                .toArray();
        return String.format(
                Locale.ROOT,
                " | %.3f (%.3f-%.3f)",
                Arrays.stream(values).average().orElse(0),
                means[DRAWS * 25 / 1000],
                means[DRAWS * 975 / 1000]);
    }
}
