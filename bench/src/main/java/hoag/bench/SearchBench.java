package hoag.bench;

import hoag.engine.files.Npy;
import hoag.galaxy.survey.CodeSearch;
import hoag.galaxy.survey.Codes;
import hoag.galaxy.survey.ExactSearch;
import hoag.galaxy.survey.Examples;
import hoag.galaxy.survey.Graph;
import hoag.galaxy.survey.GraphSearch;
import hoag.galaxy.survey.Hit;
import hoag.galaxy.survey.Metric;
import hoag.galaxy.survey.Neighbours;
import hoag.galaxy.survey.Rows;
import hoag.kernels.Backend;
import hoag.kernels.Backends;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** The Java side of {@code bench/search}: a JSON line a result, the best of some runs, recall against the exact answer of FAISS. */
public final class SearchBench {
    private static final int K = 10;
    private static final int WIDTH = 1280;

    private SearchBench() {}

    /** @param args the folder with rows.npy, queries.npy, truth.npy, and {@code exact} for a single query alone; or {@code million} */
    public static void main(String... args) {
        if (args[0].equals("million")) {
            million();
            return;
        }
        Path folder = Path.of(args[0]);
        Rows rows = Rows.of(Npy.read(folder.resolve("rows.npy")).floats(), WIDTH);
        List<Examples> queries =
                examples(Rows.of(Npy.read(folder.resolve("queries.npy")).floats(), WIDTH));
        Path truth = folder.resolve("truth.npy");
        int[] wanted = Arrays.stream(Npy.read(truth).longs())
                .mapToInt(Math::toIntExact)
                .toArray();
        try (Backend backend = Backends.open("cpu", Runtime.getRuntime().availableProcessors())) {
            var exact = new ExactSearch(rows, Metric.EUCLIDEAN, backend);
            time("exact, one by one", exact, queries.subList(0, 20), 1, 5, wanted);
            if (args.length > 1 && args[1].equals("exact")) {
                return;
            }
            time("exact, 1000 at once", exact, queries, queries.size(), 3, wanted);
        }
        try (Codes codes = Codes.of(rows)) {
            var byCodes = new CodeSearch(rows, codes, Metric.EUCLIDEAN);
            time("codes, one by one", byCodes, queries.subList(0, 100), 1, 5, wanted);
            long start = System.nanoTime();
            Graph graph = Graph.of(codes, Metric.EUCLIDEAN, done -> {});
            System.out.printf(
                    Locale.ROOT, "{\"engine\": \"hoag\", \"what\": \"graph\", \"build_s\": %.1f}%n", since(start));
            for (int walk : new int[] {16, GraphSearch.WALK, 32, 64}) {
                var byGraph = new GraphSearch(rows, codes, graph, Metric.EUCLIDEAN, walk);
                time("graph, walk " + walk, byGraph, queries, queries.size(), 8, wanted);
            }
        }
    }

    private static List<Examples> examples(Rows rows) {
        return IntStream.range(0, rows.size())
                .mapToObj(i -> Examples.of(rows.row(i)))
                .toList();
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void time(
            String what, Neighbours search, List<Examples> queries, int together, int runs, int... truth) {
        double least = Double.POSITIVE_INFINITY;
        List<List<Hit>> found = List.of();
        for (int run = 0; run < runs; run++) {
            long start = System.nanoTime();
            found = new ArrayList<>();
            for (int i = 0; i < queries.size(); i += together) {
                found.addAll(search.nearest(queries.subList(i, i + together), K, Neighbours.ANY));
            }
            least = Math.min(least, since(start));
        }
        double recall = 0;
        for (int i = 0; i < found.size() && truth.length > 0; i++) {
            Set<Integer> wanted = new HashSet<>();
            for (int j = 0; j < K; j++) {
                wanted.add(truth[i * K + j]);
            }
            recall += found.get(i).stream()
                    .filter(hit -> wanted.contains(hit.row()))
                    .count();
        }
        System.out.printf(
                Locale.ROOT,
                "{\"engine\": \"hoag\", \"what\": \"%s\", \"queries_per_s\": %.1f, \"recall\": %.4f, \"threads\":"
                        + " %d}%n",
                what,
                queries.size() / least,
                recall / K / found.size(),
                Runtime.getRuntime().availableProcessors());
    }

    /** A million rows that are computed when they are read, so that nothing but the codes is held. */
    private static void million() {
        float[] basis = new float[64 * WIDTH];
        Random random = new Random(1);
        for (int i = 0; i < basis.length; i++) {
            basis[i] = (float) random.nextGaussian() / 8;
        }
        Rows rows = new Made(1_000_000, basis);
        long start = System.nanoTime();
        try (Codes codes = Codes.of(rows)) {
            System.out.printf(Locale.ROOT, "{\"what\": \"1M x 1280 made and coded\", \"s\": %.1f}%n", since(start));
            List<Examples> queries = IntStream.range(0, 20)
                    .mapToObj(i -> Examples.of(rows.row(i * 49_999)))
                    .toList();
            var search = new CodeSearch(rows, codes, Metric.EUCLIDEAN);
            time("codes of 1M x 1280, one by one", search, queries, 1, 3);
            boolean itself = true;
            for (int i = 0; i < 20; i++) {
                itself &= search.nearest(queries.get(i), 1, Neighbours.ANY)
                                .getFirst()
                                .row()
                        == i * 49_999;
            }
            System.out.println("{\"each finds itself\": " + itself + ", \"peak_rss_mib\": " + peak() + "}");
        }
    }

    private static long peak() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmHWM"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(-1);
        } catch (java.io.IOException e) {
            return -1;
        }
    }

    private record Made(int size, float[] basis) implements Rows {
        @Override
        public int width() {
            return WIDTH;
        }

        @Override
        public void read(int row, int count, float[] to) {
            IntStream.range(0, count).parallel().forEach(i -> {
                var cluster = new java.util.SplittableRandom((row + i) % 200);
                var own = new java.util.SplittableRandom(row + i + 1000);
                Arrays.fill(to, i * WIDTH, (i + 1) * WIDTH, 0);
                for (int h = 0; h < 8; h++) {
                    float amount = (float) (2 * cluster.nextGaussian() + own.nextGaussian());
                    int direction = own.nextInt(64) * WIDTH;
                    for (int j = 0; j < WIDTH; j++) {
                        to[i * WIDTH + j] += amount * basis[direction + j];
                    }
                }
            });
        }
    }
}
