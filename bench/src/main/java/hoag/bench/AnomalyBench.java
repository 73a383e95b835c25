package hoag.bench;

import hoag.galaxy.active.Astronomaly;
import hoag.galaxy.active.Batch;
import hoag.galaxy.active.Covariance;
import hoag.galaxy.active.GaussianProcess;
import hoag.galaxy.active.Improvement;
import hoag.galaxy.active.Outliers;
import hoag.galaxy.metrics.BinaryScores;
import hoag.galaxy.survey.Pca;
import hoag.galaxy.survey.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The Java side of {@code bench/anomalies}: a rater who gives 5 to what is looked for and 0 to the rest, 10 galaxies by chance to begin with, batches of
 * 10 up to 100 ratings, 15 starts; mean and three standard deviations of precision among the first 50 and 200 and of average precision. "rated
 * first": the rated ones count, by their rating; "unrated": they are left out.
 */
public final class AnomalyBench {
    private static final int STARTS = 15;
    private static final int RATINGS = 100;
    private static final int BATCH = 10;
    private static final int COMPONENTS = 40;

    private AnomalyBench() {}

    /** @param args data, split and folder of representations; or {@code --speed} */
    public static void main(String... args) throws IOException {
        if (args[0].equals("--speed")) {
            speed();
            return;
        }
        Path data = Path.of(args[0]);
        Path features = Path.of(args[2]);
        Labelled efigi = Labelled.efigi(data, Path.of(args[1]), features.resolve("efigi.npy"));
        double[][] galaxies = points(efigi.rows());
        for (var task : tasks(efigi).entrySet()) {
            compare(task.getKey(), galaxies, task.getValue());
        }
        Labelled radio = Labelled.radio(features.resolve("radio.npy"));
        compare(
                "radio Bent",
                points(radio.rows()),
                Labelled.folder(data.resolve("radio-galaxies"), radio.ids(), "Bent"));
    }

    private static double[][] points(Rows rows) {
        return Pca.fit(rows, COMPONENTS).whiten(rows);
    }

    private static Map<String, boolean[]> tasks(Labelled efigi) {
        double[] inner = efigi.attribute("Inner_Ring");
        double[] outer = efigi.attribute("Outer_Ring");
        double[] perturbed = efigi.attribute("Perturbation");
        double[] several = efigi.attribute("Multiplicity");
        double[] inclined = efigi.attribute("Inclination");
        double[] dust = efigi.attribute("Visible_Dust");
        Map<String, boolean[]> tasks = new LinkedHashMap<>();
        tasks.put(
                "rings (Inner or Outer_Ring >= 0.75)", where(inner.length, i -> Math.max(inner[i], outer[i]) >= 0.75));
        tasks.put("perturbed (Perturbation >= 0.75)", where(inner.length, i -> perturbed[i] >= 0.75));
        tasks.put("mergers (Multiplicity >= 0.75)", where(inner.length, i -> several[i] >= 0.75));
        tasks.put("edge-on dust", where(inner.length, i -> inclined[i] >= 1 && dust[i] >= 0.5));
        return tasks;
    }

    private static boolean[] where(int count, java.util.function.IntPredicate is) {
        boolean[] all = new boolean[count];
        for (int i = 0; i < count; i++) {
            all[i] = is.test(i);
        }
        return all;
    }

    private interface Method {
        /** (galaxies) scores after these ratings, and those to rate next. */
        Asked ask(double[][] points, int[] rated, double[] ratings, int seed);
    }

    private record Asked(double[] scores, int[] next) {}

    private static void compare(String task, double[][] points, boolean[] wanted) {
        long positives =
                IntStream.range(0, wanted.length).filter(i -> wanted[i]).count();
        System.out.printf(Locale.ROOT, "%n%s: %d of %d%n", task, positives, wanted.length);
        System.out.println(
                "| method | rated first: top 50 | top 200 | AP | unrated: top 50 | AP |\n|---|---|---|---|---|---|");
        double[] forest = Outliers.isolation(points, 100, 1);
        Map<String, Method> methods = new LinkedHashMap<>();
        for (Batch batch : Batch.values()) {
            methods.put(
                    "Hoag, batches by " + batch.name().toLowerCase(Locale.ROOT),
                    (p, rated, ratings, seed) -> process(batch, p, rated, ratings, seed));
        }
        methods.put("Astronomaly's recipe", (p, rated, ratings, seed) -> {
            double[] scores = Astronomaly.scores(p, forest, rated, ratings, seed);
            return new Asked(scores, next(forest, rated));
        });
        methods.put("isolation forest", (p, rated, ratings, seed) -> new Asked(forest, next(forest, rated)));
        double[] local = Outliers.localFactor(points, 20);
        methods.put("local outlier factor", (p, rated, ratings, seed) -> new Asked(local, next(local, rated)));
        methods.forEach((name, method) -> row(name, method, points, wanted));
    }

    private static Asked process(Batch batch, double[][] points, int[] rated, double[] ratings, int seed) {
        double[][] x = Arrays.stream(rated).mapToObj(i -> points[i]).toArray(double[][]::new);
        GaussianProcess process = GaussianProcess.fit(Covariance.RATIONAL_QUADRATIC, x, ratings, 0, seed);
        boolean[] known = new boolean[points.length];
        Arrays.stream(rated).forEach(i -> known[i] = true);
        double best = Arrays.stream(ratings).max().orElseThrow();
        return new Asked(process.predict(points).mean(), batch.choose(process, points, known, best, 0.5, BATCH));
    }

    private static int[] next(double[] scores, int[] rated) {
        double[] open = scores.clone();
        Arrays.stream(rated).forEach(i -> open[i] = Double.NEGATIVE_INFINITY);
        return Improvement.largest(open, BATCH);
    }

    private static void row(String name, Method method, double[][] points, boolean[] wanted) {
        double[][] results = IntStream.range(0, STARTS)
                .mapToObj(start -> one(method, points, wanted, start))
                .toArray(double[][]::new);
        StringBuilder line = new StringBuilder("| " + name);
        for (int m = 0; m < results[0].length; m++) {
            int measure = m;
            double mean = Arrays.stream(results)
                    .mapToDouble(r -> r[measure])
                    .average()
                    .orElseThrow();
            double square = Arrays.stream(results)
                    .mapToDouble(r -> (r[measure] - mean) * (r[measure] - mean))
                    .sum();
            line.append(String.format(Locale.ROOT, " | %.3f +- %.3f", mean, 3 * Math.sqrt(square / (STARTS - 1))));
        }
        System.out.println(line + " |");
    }

    private static double[] one(Method method, double[][] points, boolean[] wanted, int start) {
        int[] rated =
                new Random(start).ints(0, points.length).distinct().limit(BATCH).toArray();
        for (; ; ) {
            double[] ratings =
                    Arrays.stream(rated).mapToDouble(i -> wanted[i] ? 5 : 0).toArray();
            Asked asked = method.ask(points, rated, ratings, start);
            if (rated.length >= RATINGS) {
                return measures(asked.scores, rated, wanted);
            }
            rated = IntStream.concat(Arrays.stream(rated), Arrays.stream(asked.next))
                    .toArray();
        }
    }

    private static double[] measures(double[] scores, int[] rated, boolean[] wanted) {
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

    private static void speed() {
        Random random = new Random(1);
        double[][] points = new double[100_000][COMPONENTS];
        for (double[] point : points) {
            Arrays.setAll(point, i -> random.nextGaussian());
        }
        double[][] x = Arrays.copyOf(points, 200);
        double[] y = Arrays.stream(x)
                .mapToDouble(p -> Math.round(5 / (1 + Math.exp(-2 * p[0] - p[1]))))
                .toArray();
        boolean[] rated = new boolean[points.length];
        Arrays.fill(rated, 0, 200, true);
        for (int run = 1; run <= 5; run++) {
            long start = System.nanoTime();
            GaussianProcess process = GaussianProcess.fit(Covariance.RATIONAL_QUADRATIC, x, y, 2, 1);
            long fitted = System.nanoTime();
            Batch.TOP.choose(process, points, rated, 5, 0.5, 10);
            System.out.printf(
                    Locale.ROOT,
                    "run %d: fit of 200 ratings %.2f s, 100,000 galaxies ranked %.2f s%n",
                    run,
                    (fitted - start) / 1e9,
                    (System.nanoTime() - fitted) / 1e9);
        }
    }
}
