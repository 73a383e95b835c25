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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/** The Java side of {@code bench/search}: a JSON line a result, the best of some runs, recall against the exact answer of FAISS. */
public final class SearchBench {
    static final int K = 10;
    private static final int WIDTH = 1280;

    private SearchBench() {}

    /** @param args the folder with rows.npy, queries.npy, truth.npy, and {@code exact} for a single query alone */
    public static void main(String... args) {
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
            for (int walk : new int[] {16, GraphSearch.walk(rows.size()), 32, 64}) {
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

    /** Times queries, prints a line, and gives the rows found: (queries, K). */
    static int[] time(String what, Neighbours search, List<Examples> queries, int together, int runs, int... truth) {
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
        System.out.printf(
                Locale.ROOT,
                "{\"engine\": \"hoag\", \"what\": \"%s\", \"queries_per_s\": %.1f, %s\"threads\": %d}%n",
                what,
                queries.size() / least,
                truth.length == 0 ? "" : String.format(Locale.ROOT, "\"recall\": %.4f, ", recall(found, truth)),
                Runtime.getRuntime().availableProcessors());
        return found.stream().flatMap(List::stream).mapToInt(Hit::row).toArray();
    }

    private static double recall(List<List<Hit>> found, int... truth) {
        double recall = 0;
        for (int i = 0; i < found.size(); i++) {
            Set<Integer> wanted = new HashSet<>();
            for (int j = 0; j < K; j++) {
                wanted.add(truth[i * K + j]);
            }
            recall += found.get(i).stream()
                    .filter(hit -> wanted.contains(hit.row()))
                    .count();
        }
        return recall / K / found.size();
    }
}
