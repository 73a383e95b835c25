package hoag.bench;

import hoag.galaxy.active.Improvement;
import hoag.galaxy.metrics.BinaryScores;
import hoag.galaxy.metrics.Ranking;
import hoag.galaxy.survey.Metric;
import hoag.galaxy.survey.Pca;
import hoag.galaxy.survey.Rows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The Java side of {@code bench/similar}. A kind is an attribute of EFIGI (0.75 or more) or a class of Galaxy Zoo 2; every galaxy that is of a kind
 * is a query, and relevant are the others of that kind. Mean over queries, and 95 % of 1,000 bootstrap draws of the galaxies, each with all its queries.
 */
public final class SimilarBench {
    private static final String[] ATTRIBUTES = {
        "Inner_Ring", "Bar_Length", "Perturbation", "Multiplicity", "Visible_Dust", "Inclination", "Flocculence"
    };
    private static final String[] CLASSES = {"elliptical", "spiral", "edge_view_spiral", "barred_spiral"};
    private static final String[] MEASURES = {"nDCG@10", "recall@50", "mAP"};
    private static final int K = 10;
    private static final int DEEP = 50;
    private static final int DRAWS = 1000;
    private static final int COMPONENTS = 40;

    private SimilarBench() {}

    /** @param args data, splits, folder of representations, names of models; the first is the one others are measured against */
    public static void main(String... args) {
        Path data = Path.of(args[0]);
        Path out = Path.of(args[2]);
        List<String> models = List.of(args).subList(3, args.length);
        set("EFIGI, seven attributes", models, name -> efigi(data, out.resolve(name)), out, "efigi");
        Path classes = Path.of(args[1]).resolve("galaxy-zoo-2-folders.csv");
        set("Galaxy Zoo 2, four classes", models, name -> gz2(classes, out.resolve(name)), out, "gz2");
    }

    private interface Reader {
        Kinds read(String file);
    }

    /** Representations, and for each kind which galaxies are of it. */
    private record Kinds(Rows rows, Map<String, boolean[]> kinds) {}

    private static Kinds efigi(Path data, Path features) {
        Labelled all = Labelled.of(features, data.resolve("efigi/efigi_attributes.csv"), "PGC_name");
        Map<String, boolean[]> kinds = new LinkedHashMap<>();
        Arrays.stream(ATTRIBUTES).forEach(name -> kinds.put(name, all.atLeast(name, 0.75)));
        return new Kinds(all.rows(), kinds);
    }

    private static Kinds gz2(Path table, Path features) {
        Labelled all = Labelled.of(features, table, "id");
        Map<String, boolean[]> kinds = new LinkedHashMap<>();
        Arrays.stream(CLASSES).forEach(name -> kinds.put(name, all.is("label", name)));
        return new Kinds(all.rows(), kinds);
    }

    private static void set(String title, List<String> models, Reader reader, Path out, String set) {
        Kinds first = reader.read(models.getFirst() + "-" + set + "-1.npy");
        System.out.printf(Locale.ROOT, "%n%s: %d galaxies of the test part", title, first.rows.size());
        first.kinds.forEach((name, is) -> System.out.print(", " + name + " " + count(is)));
        System.out.printf(
                "%n| model | representation | distance | nDCG@10 | recall@50 | mAP |%n|---|---|---|---|---|---|%n");
        Map<String, Result> plain = new LinkedHashMap<>();
        for (String model : models) {
            for (int views : new int[] {1, 8}) {
                Kinds kinds = reader.read(model + "-" + set + "-" + views + ".npy");
                String looks = views == 1 ? "one view" : "mean of 8 views";
                for (Metric metric : Metric.values()) {
                    Result result = Result.of(kinds.rows, metric, kinds.kinds);
                    row(model, looks, metric, result);
                    plain.putIfAbsent(model, result);
                }
                row(
                        model,
                        looks + ", whitened",
                        Metric.EUCLIDEAN,
                        Result.of(whitened(kinds.rows), Metric.EUCLIDEAN, kinds.kinds));
            }
        }
        differences(models, plain);
        each(models, plain, first.kinds);
    }

    private static void row(String model, String what, Metric metric, Result result) {
        StringBuilder line = new StringBuilder(
                "| " + model + " | " + what + " | " + metric.name().toLowerCase(Locale.ROOT));
        for (int m = 0; m < MEASURES.length; m++) {
            line.append(interval(result, null, m));
        }
        System.out.println(line + " |");
    }

    private static void differences(List<String> models, Map<String, Result> results) {
        System.out.printf(
                "%nOne view, Euclidean; galaxies drawn alike for both:%n| difference | nDCG@10 | recall@50 | mAP"
                        + " |%n|---|---|---|---|%n");
        for (String model : models.subList(1, models.size())) {
            StringBuilder line = new StringBuilder("| " + model + " - " + models.getFirst());
            for (int m = 0; m < MEASURES.length; m++) {
                line.append(interval(results.get(model), results.get(models.getFirst()), m));
            }
            System.out.println(line + " |");
        }
    }

    private static void each(List<String> models, Map<String, Result> results, Map<String, boolean[]> kinds) {
        System.out.printf(
                "%nmAP (nDCG@10) by kind, one view, Euclidean; chance is the kind's share:%n| kind | share | %s"
                        + " |%n|---|---|%s%n",
                String.join(" | ", models), "---|".repeat(models.size()));
        kinds.forEach((name, is) -> {
            StringBuilder line =
                    new StringBuilder(String.format(Locale.ROOT, "| %s | %.3f", name, count(is) / (double) is.length));
            for (String model : models) {
                line.append(String.format(
                        Locale.ROOT,
                        " | %.3f (%.3f)",
                        results.get(model).mean(name, 2),
                        results.get(model).mean(name, 0)));
            }
            System.out.println(line + " |");
        });
    }

    private static long count(boolean... is) {
        return IntStream.range(0, is.length).filter(i -> is[i]).count();
    }

    private static Rows whitened(Rows rows) {
        double[][] points = Pca.fit(rows, COMPONENTS).whiten(rows);
        float[] all = new float[points.length * COMPONENTS];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) points[i / COMPONENTS][i % COMPONENTS];
        }
        return Rows.of(all, COMPONENTS);
    }

    /** A query and what was measured of it. */
    private record Query(int galaxy, String kind, double[] measures) {}

    private record Result(int galaxies, List<Query> queries) {
        static Result of(Rows rows, Metric metric, Map<String, boolean[]> kinds) {
            float[][] values =
                    IntStream.range(0, rows.size()).mapToObj(rows::row).toArray(float[][]::new);
            List<Query> all = IntStream.range(0, values.length)
                    .parallel()
                    .mapToObj(i -> queries(i, near(values, i, metric), kinds))
                    .flatMap(List::stream)
                    .toList();
            return new Result(values.length, all);
        }

        private static double[] near(float[][] values, int query, Metric metric) {
            return IntStream.range(0, values.length)
                    .filter(i -> i != query)
                    .mapToDouble(i -> -metric.between(values[query], values[i]))
                    .toArray();
        }

        private static List<Query> queries(int query, double[] near, Map<String, boolean[]> kinds) {
            List<Query> all = new ArrayList<>();
            kinds.forEach((name, is) -> {
                if (is[query] && count(is) > 1) {
                    all.add(new Query(query, name, measured(query, near, is)));
                }
            });
            return all;
        }

        private static double[] measured(int query, double[] near, boolean... is) {
            boolean[] relevant = new boolean[near.length];
            double[] gain = new double[near.length];
            for (int i = 0; i < near.length; i++) {
                relevant[i] = is[i < query ? i : i + 1];
                gain[i] = relevant[i] ? 1 : 0;
            }
            double found = Arrays.stream(Improvement.largest(near, DEEP))
                    .mapToDouble(i -> gain[i])
                    .sum();
            return new double[] {
                Ranking.ndcg(gain, near, K),
                found / Arrays.stream(gain).sum(),
                new BinaryScores(relevant, near).averagePrecision()
            };
        }

        double mean(String kind, int measure) {
            return queries.stream()
                    .filter(query -> kind.isEmpty() || query.kind.equals(kind))
                    .mapToDouble(query -> query.measures[measure])
                    .average()
                    .orElse(0);
        }

        /** (galaxies, 2) sum over a galaxy's queries, and their number. */
        double[][] sums(int measure) {
            double[][] sums = new double[galaxies][2];
            queries.forEach(query -> {
                sums[query.galaxy][0] += query.measures[measure];
                sums[query.galaxy][1]++;
            });
            return sums;
        }
    }

    /** The mean, less that of another with the same draws, and where 95 % of the draws lie. */
    private static String interval(Result result, Result less, int measure) {
        double[][] sums = result.sums(measure);
        double[][] others = less == null ? new double[sums.length][2] : less.sums(measure);
        Random random = new Random(1);
        double[] means = IntStream.range(0, DRAWS)
                .mapToDouble(draw -> mean(
                        sums, others, random.ints(sums.length, 0, sums.length).toArray()))
                .sorted()
                .toArray();
        return String.format(
                Locale.ROOT,
                less == null ? " | %.3f (%.3f-%.3f)" : " | %+.3f (%+.3f to %+.3f)",
                mean(sums, others, IntStream.range(0, sums.length).toArray()),
                means[DRAWS * 25 / 1000],
                means[DRAWS * 975 / 1000]);
    }

    private static double mean(double[][] sums, double[][] others, int... drawn) {
        double sum = 0;
        double queries = 0;
        for (int i : drawn) {
            sum += sums[i][0] - others[i][0];
            queries += sums[i][1];
        }
        return sum / queries;
    }
}
