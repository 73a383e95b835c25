package hoag.bench;

import hoag.engine.files.Json;
import hoag.kernels.ConfigException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Many clients of one {@code hoag serve}: what they ask is what people do on the page. */
public final class ServeLoad {
    private static final int WIDTH = 1280;
    private static final Pattern GENERATION =
            Pattern.compile("(?:DefNew|Tenured|new generation|tenured generation) .*used (\\d+)K");
    private static final String FORMAT = "%-12s %10s %8s %10s %10s %10s %10s %10s%n";

    /** What a client asks, and how often of a hundred times. */
    private enum Ask {
        THUMBNAIL(35),
        MAP_POINTS(6),
        MAP_DENSITY(2),
        MAP_PICTURES(5),
        LASSO(2),
        BROWSE(15),
        GALAXY(10),
        SEARCH(10),
        RATE(10),
        HISTORY(4),
        ANOMALIES(1);

        private final int share;

        Ask(int share) {
            this.share = share;
        }

        static Ask drawn(Random random) {
            int place = random.nextInt(100);
            for (Ask ask : values()) {
                place -= ask.share;
                if (place < 0) {
                    return ask;
                }
            }
            throw new IllegalStateException("shares do not add up to 100");
        }
    }

    private final int clients;
    private final int seconds;
    private final int galaxies;
    private final int think;
    private int tiles;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(30))
            .build();

    private ServeLoad(String... args) {
        Map<String, Integer> options = new java.util.HashMap<>(
                Map.of("--clients", 200, "--seconds", 60, "--galaxies", 20_000, "--think", 200));
        for (int i = 0; i < args.length; i += 2) {
            if (!options.containsKey(args[i]) || i + 1 == args.length || !args[i + 1].matches("\\d{1,7}")) {
                throw new ConfigException(
                        "bench/serve [--clients 200] [--seconds 60] [--galaxies 20000] [--think 200 (ms)]");
            }
            options.put(args[i], Integer.valueOf(args[i + 1]));
        }
        clients = options.get("--clients");
        seconds = options.get("--seconds");
        galaxies = options.get("--galaxies");
        think = options.get("--think");
    }

    /** Serves, asks, prints. Exit code 1 when a request failed. */
    public static void main(String[] args) throws Exception {
        try {
            System.exit(new ServeLoad(args).run() ? 0 : 1);
        } catch (ConfigException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private boolean run() throws Exception {
        Path folder = Files.createTempDirectory("hoag-serve");
        Process server = null;
        try {
            Path survey = DrawnSurvey.write(folder.resolve("survey.hoag"), galaxies, WIDTH, 96);
            server = server(survey);
            String line = new BufferedReader(new InputStreamReader(server.getInputStream())).readLine();
            String url = Json.parse("serve", line).get("url").string();
            return load(server, url);
        } finally {
            if (server != null) {
                server.destroy();
                server.waitFor();
            }
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static Process server(Path survey) throws IOException {
        return new ProcessBuilder(
                        java(),
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--add-modules=jdk.incubator.vector",
                        "-XX:+UseSerialGC",
                        "-XX:ObjectAlignmentInBytes=64",
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "hoag.galaxy.cli.Start",
                        "serve",
                        survey.toString(),
                        "--port",
                        "0",
                        "--rate",
                        "1000000",
                        "--json")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Times of one client, in nanoseconds, and what failed. */
    private static final class Times {
        private final Map<Ask, List<Long>> took = new EnumMap<>(Ask.class);
        private final Map<Ask, Integer> failed = new EnumMap<>(Ask.class);
        private String first = "";

        void add(Ask ask, long nanos) {
            took.computeIfAbsent(ask, key -> new ArrayList<>()).add(nanos);
        }

        void fail(Ask ask, String why) {
            failed.merge(ask, 1, Integer::sum);
            first = first.isEmpty() ? why : first;
        }
    }

    private boolean load(Process server, String url) throws Exception {
        System.out.printf(
                "%d clients, %d s, %,d galaxies of %d features, %d ms between answers and the next request; JDK %s, %d"
                        + " cores%n",
                clients,
                seconds,
                galaxies,
                WIDTH,
                think,
                Runtime.version(),
                Runtime.getRuntime().availableProcessors());
        ask(Ask.ANOMALIES, url, new Random(0), "first"); // principal components are found once
        HttpRequest map = HttpRequest.newBuilder(URI.create(url + "map")).build();
        tiles = Json.parse(
                        "map",
                        http.send(map, HttpResponse.BodyHandlers.ofString()).body())
                .get("tiles")
                .items()
                .size();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        List<Future<Times>> all = new ArrayList<>();
        List<String> memory = new ArrayList<>();
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int c = 0; c < clients; c++) {
                int client = c;
                all.add(people.submit(() -> client(url, client, end)));
            }
            for (int part = 1; part <= 4; part++) {
                Thread.sleep(Math.max(0, (end - System.nanoTime()) / 1_000_000 / (5 - part) - 1));
                memory.add(memory(server));
            }
        }
        return report(all, memory);
    }

    private Times client(String url, int client, long end) throws InterruptedException {
        Random random = new Random(client);
        Times times = new Times();
        for (int i = 0; System.nanoTime() < end; i++) {
            Ask ask = Ask.drawn(random);
            long start = System.nanoTime();
            try {
                ask(ask, url, random, client + "-" + i);
                times.add(ask, System.nanoTime() - start);
            } catch (IOException e) {
                times.fail(ask, e.getMessage());
            }
            Thread.sleep(random.nextInt(2 * think + 1));
        }
        return times;
    }

    private void ask(Ask ask, String url, Random random, String key) throws IOException, InterruptedException {
        String id = "g" + random.nextInt(galaxies);
        HttpRequest.Builder request = HttpRequest.newBuilder().timeout(Duration.ofSeconds(60));
        switch (ask) {
            case THUMBNAIL -> request.uri(URI.create(url + "galaxies/" + id + "/thumbnail"));
            case MAP_POINTS -> request.uri(URI.create(url + "map/points?tile=" + random.nextInt(tiles)));
            case MAP_DENSITY -> post(request, url + "map/density", parts(random));
            case MAP_PICTURES ->
                request.uri(URI.create(url + "map/thumbnails?"
                        + random.ints(48, 0, galaxies)
                                .mapToObj(row -> "row=" + row)
                                .collect(Collectors.joining("&"))));
            case LASSO -> post(request, url + "map/selection", lasso(random));
            case BROWSE -> request.uri(URI.create(url + "galaxies?from=" + random.nextInt(galaxies)));
            case GALAXY -> request.uri(URI.create(url + "galaxies/" + id));
            case SEARCH -> request.uri(URI.create(url + "search?like=" + id));
            case HISTORY -> request.uri(URI.create(url + "labels?last=300"));
            case ANOMALIES -> request.uri(URI.create(url + "anomalies"));
            case RATE ->
                post(
                        request,
                        url + "labels",
                        Map.of(
                                "key",
                                key,
                                "who",
                                "p" + key.split("-")[0],
                                "galaxy",
                                "g" + random.nextInt(100),
                                "rating",
                                random.nextInt(6)));
        }
        HttpResponse<byte[]> said = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (said.statusCode() != 200) {
            throw new IOException(ask + ": " + said.statusCode() + " " + new String(said.body()));
        }
    }

    private static void post(HttpRequest.Builder request, String address, Object body) {
        request.uri(URI.create(address))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.compact(body)));
    }

    /** A screen full of the map, coloured. */
    private static Map<String, Object> parts(Random random) {
        int level = 2 + random.nextInt(3);
        return Map.of(
                "column",
                "cluster",
                "parts",
                java.util.stream.IntStream.range(0, 16)
                        .mapToObj(k -> Map.of("level", level, "i", k % 4, "j", k / 4))
                        .toList());
    }

    /** Sixty corners around a place. */
    private static Map<String, Object> lasso(Random random) {
        double x = 14 * random.nextDouble() - 7;
        double y = 14 * random.nextDouble() - 7;
        List<Double> xs = new ArrayList<>();
        List<Double> ys = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            xs.add(x + 2 * Math.cos(i * Math.PI / 30));
            ys.add(y + 2 * Math.sin(i * Math.PI / 30));
        }
        return Map.of("shapes", List.of(Map.of("how", "add", "x", xs, "y", ys)));
    }

    /** Heap in use after a collection, and what the system has given the process. */
    private static String memory(Process server) throws IOException, InterruptedException {
        String pid = String.valueOf(server.pid());
        jcmd(pid, "GC.run");
        long heap = 0;
        for (Matcher used = GENERATION.matcher(jcmd(pid, "GC.heap_info")); used.find(); ) {
            heap += Long.parseLong(used.group(1));
        }
        Path status = Path.of("/proc/" + pid + "/status");
        String resident = Files.isReadable(status)
                ? Files.readString(status)
                        .lines()
                        .filter(line -> line.startsWith("VmRSS"))
                        .findFirst()
                        .orElse("?")
                        .replaceAll("[^0-9]", "")
                : "0";
        return "%d MiB heap, %d MiB resident".formatted(heap >> 10, Long.parseLong(resident) >> 10);
    }

    private static String jcmd(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java().replaceFirst("java$", "jcmd")));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return said;
    }

    private boolean report(List<Future<Times>> all, List<String> memory) throws Exception {
        System.out.printf(FORMAT, "request", "answered", "failed", "per s", "median ms", "95% ms", "99% ms", "max ms");
        int failures = 0;
        String first = "";
        for (Ask ask : Ask.values()) {
            List<Long> took = new ArrayList<>();
            int failed = 0;
            for (Future<Times> each : all) {
                took.addAll(each.get().took.getOrDefault(ask, List.of()));
                failed += each.get().failed.getOrDefault(ask, 0);
                first = first.isEmpty() ? each.get().first : first;
            }
            failures += failed;
            double[] ms =
                    took.stream().mapToDouble(nanos -> nanos / 1e6).sorted().toArray();
            System.out.printf(
                    FORMAT,
                    ask.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                    ms.length,
                    failed,
                    "%.1f".formatted((double) ms.length / seconds),
                    at(ms, 0.5),
                    at(ms, 0.95),
                    at(ms, 0.99),
                    at(ms, 1));
        }
        for (int part = 0; part < memory.size(); part++) {
            System.out.printf("after %d/4: %s%n", part + 1, memory.get(part));
        }
        System.out.println(failures == 0 ? "no request failed" : failures + " requests failed, first: " + first);
        return failures == 0;
    }

    private static String at(double[] sorted, double share) {
        return sorted.length == 0
                ? "-"
                : "%.1f".formatted(sorted[(int) Math.min(sorted.length - 1.0, Math.floor(share * sorted.length))]);
    }
}
