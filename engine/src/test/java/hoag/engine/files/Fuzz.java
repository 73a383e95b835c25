package hoag.engine.files;

import hoag.kernels.DataException;
import hoag.kernels.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Feeds broken files to the readers: each must be read, or refused by one line of a {@link FormatException}, in little memory and time.
 * {@code tests/fuzz --count 100000} runs it.
 */
public final class Fuzz {
    /** What a file of a few kilobytes may make a reader allocate. */
    static final long MEMORY = 64L << 20;

    private static final long SECONDS = 10;

    /** Kinds of files, and what reads all of one. */
    enum Kind {
        SAFETENSORS(Fuzz::readWeights, ".safetensors"),
        NPY(Fuzz::readWeights, ".npy"),
        NPZ(Fuzz::readWeights, ".npz"),
        PT(Fuzz::readTorch, ".pt"),
        LEGACY(Fuzz::readTorch, "-legacy.pt"),
        CKPT(Fuzz::readWeights, ".ckpt"),
        JSON(path -> Json.compact(Json.read(path)), ".json");

        private final Consumer<Path> reader;
        private final String ending;

        Kind(Consumer<Path> reader, String ending) {
            this.reader = reader;
            this.ending = ending;
        }

        private List<Mutations.Seed> seeds() throws IOException {
            if (this == JSON) return documents();
            var seeds = new ArrayList<Mutations.Seed>();
            for (String name : Golden.names(true, ending)
                    .filter(name -> !name.startsWith("tiny") && (this == LEGACY || !name.contains("legacy")))
                    .toList()) seeds.add(Mutations.Seed.of(Golden.file(name)));
            return seeds;
        }
    }

    /** How many were read and refused, and the most that one of them made the reader allocate. */
    record Counts(int read, int refused, long memory) {}

    private volatile String running = "";
    private volatile long since = Long.MAX_VALUE;

    private static List<Mutations.Seed> documents() {
        var documents = new ArrayList<Mutations.Seed>();
        for (String text : List.of(
                "{\"a\": [1, 2.5e-3, -0, true, false, null], \"\\u00e9\\ud83d\\ude00\\n\": {\"b\": \"\\\\\\\"\"}}",
                "[[[[[[[[{\"x\":[{},[],\"\"]}]]]]]]]]",
                "[1e308, 9223372036854775807, -9223372036854775808, 123456789012345678901234567890, 0.1]",
                "\"\u2606 text\"")) documents.add(Mutations.Seed.of(text.getBytes(StandardCharsets.UTF_8)));
        byte[] facts = Json.compact(Golden.expected("lightning.ckpt")).getBytes(StandardCharsets.UTF_8);
        documents.add(Mutations.Seed.of(facts));
        return documents;
    }

    private static void readWeights(Path path) {
        try (var file = Weights.open(path)) {
            file.tensors().forEach(Fuzz::touch);
        }
    }

    private static void readTorch(Path path) {
        try (var file = TorchFile.open(path)) {
            file.tensors().forEach(Fuzz::touch);
            Json.compact(file.values());
        }
    }

    private static void touch(TensorData tensor) {
        if (tensor.dtype().isFloat()) tensor.doubles();
        else if (tensor.count() > 0) tensor.data().get(java.lang.foreign.ValueLayout.JAVA_BYTE, tensor.count() - 1);
    }

    /**
     * Tries broken files of a kind.
     *
     * @throws AssertionError at the first that is neither read nor refused as it should; the file is kept in the folder
     */
    Counts run(Kind kind, int count, long seed, Path folder) throws IOException {
        var mutations = new Mutations(kind.seeds(), seed);
        int read = 0;
        long most = 0;
        Path path = folder.resolve("broken" + kind.ending);
        for (int i = 0; i < count; i++) {
            byte[] mutant = mutations.next();
            Files.write(path, mutant);
            running = kind + " " + i;
            since = System.nanoTime();
            long before = Golden.allocated();
            if (isRead(kind, path)) read++;
            long used = Golden.allocated() - before;
            since = Long.MAX_VALUE;
            if (used > MEMORY) throw new AssertionError("%s %d: %,d bytes for %s".formatted(kind, i, used, path));
            most = Math.max(most, used);
        }
        Files.delete(path);
        return new Counts(read, count - read, most);
    }

    private boolean isRead(Kind kind, Path path) {
        try {
            kind.reader.accept(path);
            return true;
        } catch (FormatException | DataException e) {
            if (e.getMessage().lines().count() == 1) return false;
            throw new AssertionError("%s: %s: more than one line: %s".formatted(running, path, e.getMessage()), e);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("%s: %s: %s".formatted(running, path, e), e);
        }
    }

    /** Ends the process when one file takes longer than ten seconds. */
    private void watch(Thread worker) {
        while (true) {
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                return;
            }
            long start = since;
            if (start != Long.MAX_VALUE && System.nanoTime() - start > SECONDS * 1_000_000_000L) {
                System.out.printf("%s takes more than %d seconds%n", running, SECONDS);
                for (var frame : worker.getStackTrace()) System.out.println("    " + frame);
                Runtime.getRuntime().halt(2);
            }
        }
    }

    /** Arguments: {@code --count N} (2,000 of each kind), {@code --seed N} (1), {@code --kind NAME} (all). */
    public static void main(String[] arguments) throws IOException {
        var options = new java.util.TreeMap<String, String>();
        for (int i = 0; i + 1 < arguments.length; i += 2) options.put(arguments[i], arguments[i + 1]);
        int count = Integer.parseInt(options.getOrDefault("--count", "2000"));
        long seed = Long.parseLong(options.getOrDefault("--seed", "1"));
        String only = options.getOrDefault("--kind", "").toUpperCase(java.util.Locale.ROOT);
        Path folder = Files.createTempDirectory("hoag-fuzz");
        var fuzz = new Fuzz();
        Thread worker = Thread.currentThread();
        Thread.ofPlatform().daemon().start(() -> fuzz.watch(worker));
        for (Kind kind : Kind.values()) {
            if (!only.isEmpty() && !kind.name().equals(only)) continue;
            long start = System.nanoTime();
            var counts = fuzz.run(kind, count, seed, folder);
            System.out.printf(
                    "%-11s %,d files: %,d read, %,d refused, at most %,d KB allocated, %.0f s%n",
                    kind.name().toLowerCase(java.util.Locale.ROOT),
                    count,
                    counts.read,
                    counts.refused,
                    counts.memory >> 10,
                    (System.nanoTime() - start) / 1e9);
        }
        Files.delete(folder);
    }
}
