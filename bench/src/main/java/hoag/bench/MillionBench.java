package hoag.bench;

import hoag.galaxy.survey.CodeSearch;
import hoag.galaxy.survey.Codes;
import hoag.galaxy.survey.Entry;
import hoag.galaxy.survey.ExactSearch;
import hoag.galaxy.survey.Examples;
import hoag.galaxy.survey.Graph;
import hoag.galaxy.survey.GraphSearch;
import hoag.galaxy.survey.Metric;
import hoag.galaxy.survey.Neighbours;
import hoag.galaxy.survey.Survey;
import hoag.galaxy.survey.SurveyInfo;
import hoag.galaxy.survey.SurveyWriter;
import hoag.kernels.Backend;
import hoag.kernels.Backends;
import hoag.kernels.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A survey larger than memory is to be: {@code bench/search million} and its steps, each of which finds what the one before left in the folder. The
 * rows are drawn as {@code peers/search.py} draws them, the queries after them.
 */
public final class MillionBench {
    private static final int HIDDEN = 64;
    private static final int CLUSTERS = 200;
    private static final int QUERIES = 1000;
    private static final int BLOCK = 4096;
    private static final float NOISE = 0.3f;

    private final Path folder;
    private final int width;
    private final float[] basis;
    private final float[] centres = gaussians(new SplittableRandom(2), CLUSTERS * HIDDEN, 2);
    private final double[] shares = shares();

    private MillionBench(Path folder, int width) {
        this.folder = folder;
        this.width = width;
        basis = gaussians(new SplittableRandom(1), HIDDEN * width, 1f / 8);
    }

    /** FOLDER make [rows] | codes | graph | truth | time exact|codes|graph; rows have as many features as the system property {@code width} says, 1280 without. */
    public static void main(String... args) {
        MillionBench bench = new MillionBench(Path.of(args[0]), Integer.getInteger("width", 1280));
        String step = String.join(" ", Arrays.copyOfRange(args, 1, Math.min(args.length, 3)));
        long start = System.nanoTime();
        switch (args[1]) {
            case "make" -> bench.make(args.length > 2 ? Integer.parseInt(args[2]) : 1_000_000);
            case "codes" -> bench.with((survey, codes) -> {});
            case "graph" ->
                bench.with((survey, codes) ->
                        Graph.of(codes, Metric.EUCLIDEAN, done -> {}).write(survey));
            case "truth" -> bench.truth();
            case "time" -> bench.time(args[2]);
            default -> throw new ConfigException("no step " + step);
        }
        System.out.printf(
                Locale.ROOT,
                "{\"step\": \"%s\", \"s\": %.1f, \"peak_rss_mib\": %d, \"own_mib\": %d}%n",
                step,
                (System.nanoTime() - start) / 1e9,
                status("VmHWM"),
                status("RssAnon"));
    }

    private interface Work {
        void run(Survey survey, Codes codes);
    }

    private Path file() {
        return folder.resolve("million.hoag");
    }

    private void with(Work work) {
        try (Survey survey = Survey.open(file());
                Codes codes = Codes.of(survey)) {
            work.run(survey, codes);
        }
    }

    /** Goes on where it stopped. */
    private void make(int rows) {
        try (SurveyWriter survey = new SurveyWriter(file(), new SurveyInfo(width, "sha256:drawn", "none", 1), BLOCK)) {
            for (int from = survey.size(); from < rows; from += BLOCK) {
                int number = from;
                List<float[]> block = IntStream.range(from, Math.min(rows, from + BLOCK))
                        .parallel()
                        .mapToObj(this::row)
                        .toList();
                for (float[] row : block) {
                    survey.append(new Entry("g" + number++, row));
                }
            }
        }
    }

    private float[] row(int number) {
        var random = new SplittableRandom(number + 1000L);
        int cluster = Arrays.binarySearch(shares, random.nextDouble());
        cluster = Math.min(CLUSTERS - 1, cluster < 0 ? -cluster - 1 : cluster);
        float[] row = gaussians(random, width, NOISE);
        for (int h = 0; h < HIDDEN; h++) {
            float amount = centres[cluster * HIDDEN + h] + (float) random.nextGaussian();
            for (int j = 0; j < width; j++) {
                row[j] += amount * basis[h * width + j];
            }
        }
        return row;
    }

    private List<Examples> queries(int rows, int count) {
        return IntStream.range(rows, rows + count)
                .mapToObj(i -> Examples.of(row(i)))
                .toList();
    }

    /** The exact answer to all queries at once, timed and kept. */
    private void truth() {
        try (Survey survey = Survey.open(file());
                Backend backend = Backends.open("cpu", Runtime.getRuntime().availableProcessors())) {
            var search = new ExactSearch(survey, Metric.EUCLIDEAN, backend);
            int[] rows = SearchBench.time(
                    title() + "exact, 1000 at once", search, queries(survey.size(), QUERIES), QUERIES, 1);
            ByteBuffer bytes = ByteBuffer.allocate(4 * rows.length);
            bytes.asIntBuffer().put(rows);
            Files.write(folder.resolve("truth"), bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int[] wanted() {
        try {
            int[] rows = new int[QUERIES * SearchBench.K];
            ByteBuffer.wrap(Files.readAllBytes(folder.resolve("truth")))
                    .asIntBuffer()
                    .get(rows);
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException("the step truth comes first", e);
        }
    }

    private void time(String way) {
        int[] truth = wanted();
        if (way.equals("exact")) {
            try (Survey survey = Survey.open(file());
                    Backend backend = Backends.open("cpu", Runtime.getRuntime().availableProcessors())) {
                one("exact", new ExactSearch(survey, Metric.EUCLIDEAN, backend), queries(survey.size(), 10), 1, truth);
            }
            return;
        }
        with((survey, codes) -> {
            if (way.equals("codes")) {
                one("codes", new CodeSearch(survey, codes, Metric.EUCLIDEAN), queries(survey.size(), 50), 1, truth);
                return;
            }
            Graph graph = Graph.open(survey, codes, Metric.EUCLIDEAN);
            List<Examples> queries = queries(survey.size(), QUERIES);
            for (int walk : new int[] {32, 64, GraphSearch.walk(survey.size()), 128}) {
                var search = new GraphSearch(survey, codes, graph, Metric.EUCLIDEAN, walk);
                one("graph, walk " + walk, search, queries, QUERIES, truth);
            }
        });
    }

    private String title() {
        return "1M x " + width + ", ";
    }

    private void one(String what, Neighbours search, List<Examples> queries, int together, int... truth) {
        String name = title() + what + (together == 1 ? ", one by one" : "");
        SearchBench.time(name, search, queries, together, together == 1 ? 3 : 6, truth);
    }

    private static float[] gaussians(SplittableRandom random, int count, float scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = scale * (float) random.nextGaussian();
        }
        return values;
    }

    /** Up to which number in 0..1 each cluster reaches: shares by Dirichlet's distribution with ones. */
    private static double[] shares() {
        var random = new SplittableRandom(3);
        double[] shares = new double[CLUSTERS];
        Arrays.setAll(shares, i -> -Math.log(1 - random.nextDouble()));
        Arrays.parallelPrefix(shares, Double::sum);
        double all = shares[CLUSTERS - 1];
        return Arrays.stream(shares).map(each -> each / all).toArray();
    }

    private static long status(String field) {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            return -1;
        }
    }
}
