package hoag.bench;

import hoag.engine.files.Npy;
import hoag.engine.files.TensorData;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.map.MapQuality;
import hoag.galaxy.map.MapSettings;
import hoag.galaxy.map.Mapper;
import hoag.galaxy.map.Method;
import hoag.galaxy.survey.Rows;
import hoag.kernels.Backend;
import hoag.kernels.cpu.CpuBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/** The Java side of {@code bench/map}: seconds and quality of every method's map, and of those that others left in a folder. */
public final class MapBench {
    private static final int NEIGHBOURS = 15;
    private static final int SAMPLE = 1000;
    private static final int MANY = 100_000;
    private static final int DIMS = 40;
    private static final int CLOUDS = 40;

    private MapBench() {}

    /** @param args representations (or {@code large}: a hundred thousand drawn rows), folder with {@code NAME.npy} and {@code NAME.seconds} of others */
    public static void main(String... args) throws IOException {
        if (args[0].equals("large")) {
            large();
            return;
        }
        TensorData features = Npy.read(Path.of(args[0]));
        Rows rows = Rows.of(features.floats(), (int) features.shape()[1]);
        System.out.printf(Locale.ROOT, "%,d rows of %,d%n%n", rows.size(), rows.width());
        System.out.println("| map | s | trustworthiness | continuity | neighbours kept |\n|---|---|---|---|---|");
        try (Backend cpu = new CpuBackend(2)) {
            for (Method method : Method.values()) {
                MapSettings settings = MapSettings.DEFAULT.method(method);
                new Mapper(settings.epochs(2), 0, cpu).fit(rows, Progress.NONE); // compiles
                long start = System.nanoTime();
                float[][] places =
                        new Mapper(settings, 0, cpu).fit(rows, Progress.NONE).places();
                say("Hoag " + method.text(), (System.nanoTime() - start) / 1e9, rows, places);
            }
        }
        try (Stream<Path> others = Files.list(Path.of(args[1]))) {
            for (Path other : others.filter(each -> each.toString().endsWith(".npy"))
                    .sorted()
                    .toList()) {
                String name = other.getFileName().toString().replaceFirst("\\.npy$", "");
                List<String> seconds = Files.readAllLines(other.resolveSibling(name + ".seconds"));
                say(name, Double.parseDouble(seconds.getFirst()), rows, places(other));
            }
        }
    }

    /** Forty clouds of different shapes, by UMAP. */
    private static void large() {
        Random random = new Random(1);
        double[] centres = random.doubles(CLOUDS * DIMS, -5, 5).toArray();
        double[] shapes = random.doubles(CLOUDS * DIMS, 0.2, 2).toArray();
        float[] values = new float[MANY * DIMS];
        for (int i = 0; i < values.length; i++) {
            int at = i / DIMS % CLOUDS * DIMS + i % DIMS;
            values[i] = (float) (centres[at] + shapes[at] * random.nextGaussian());
        }
        Rows rows = Rows.of(values, DIMS);
        try (Backend cpu = new CpuBackend(2)) {
            long start = System.nanoTime();
            float[][] places = new Mapper(MapSettings.DEFAULT, 0, cpu)
                    .fit(rows, Progress.NONE)
                    .places();
            say(MANY + " x " + DIMS + ", Hoag umap", (System.nanoTime() - start) / 1e9, rows, places);
        }
    }

    private static float[][] places(Path file) {
        float[] flat = Npy.read(file).floats();
        float[][] places = new float[flat.length / 2][];
        for (int i = 0; i < places.length; i++) {
            places[i] = new float[] {flat[2 * i], flat[2 * i + 1]};
        }
        return places;
    }

    private static void say(String name, double seconds, Rows rows, float[][] places) {
        MapQuality quality = MapQuality.of(rows, places, NEIGHBOURS, SAMPLE);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.4f | %.4f | %.3f |%n",
                name,
                seconds,
                quality.trustworthiness(),
                quality.continuity(),
                quality.recall());
    }
}
