package hoag.bench;

import hoag.bench.Finders.Finder;
import hoag.engine.files.Npy;
import hoag.galaxy.active.Batch;
import hoag.galaxy.active.Covariance;
import hoag.galaxy.active.GaussianProcess;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.ImageFolder;
import hoag.galaxy.survey.Rows;
import hoag.galaxy.survey.Standard;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The Java side of {@code bench/anomalies}: a table for each thing that is looked for, a line for each way to find it. */
public final class AnomalyBench {
    private static final int RATINGS = 100;
    private static final int RATINGS_OF_FEW = 60;
    private static final int FEW = 500;

    private AnomalyBench() {}

    /** @param args set, catalogue of pictures, folder of them, table of labels, beginning of the files of representations, and how
     *     the names of the ways to find begin that are wanted, all if none is given; or {@code --speed} */
    public static void main(String... args) {
        if (args[0].equals("--speed")) {
            speed();
            return;
        }
        String set = args[0];
        Path features = Path.of(args[4] + ".npy");
        Labelled all = Labelled.of(
                features,
                Path.of(args[3]),
                set.startsWith("efigi") ? "PGC_name" : set.equals("gz2") ? "GalaxyID" : "id");
        Map<String, Supplier<Finder>> finders = new LinkedHashMap<>(Finders.on(all.rows()));
        Path weak = Path.of(args[4] + "-weak.npy");
        if (Files.exists(weak)) {
            finders.put("FixMatch, a layer on the same", () -> fixMatch(all, weak, Path.of(args[4] + "-strong.npy")));
        }
        finders.putAll(Finders.onEllipses(() -> ellipses(Path.of(args[1]), Path.of(args[2]), all.ids())));
        List<String> only = List.of(args).subList(5, args.length);
        finders.keySet().removeIf(name -> !only.isEmpty() && only.stream().noneMatch(name::startsWith));
        Done done = new Done(Path.of(args[4] + "-rows.txt"));
        tasks(set, all).forEach((name, wanted) -> table(name, wanted, finders, done));
    }

    private static Map<String, boolean[]> tasks(String set, Labelled all) {
        Map<String, boolean[]> tasks = new LinkedHashMap<>();
        if (set.equals("radio")) {
            tasks.put("bent radio galaxies", all.is("label", "Bent"));
        } else if (set.equals("simulated")) {
            tasks.put("simulated clusters of several peaks", all.is("label", "3"));
            tasks.put("simulated clusters drawn out or lopsided", all.is("label", "2"));
        } else if (set.equals("simulated-galaxies")) {
            for (String kind : List.of("ring", "merger", "tidal", "dust_lane", "lens")) {
                tasks.put("simulated galaxies: " + kind, all.is("label", kind));
            }
        } else if (set.equals("gz2")) {
            tasks.put("odd (Class6.1 > 0.9)", all.where(row -> row.number("Class6.1") > 0.9));
        } else {
            tasks.put(
                    "rings (Inner or Outer_Ring >= 0.75)",
                    all.where(row -> Math.max(row.number("Inner_Ring"), row.number("Outer_Ring")) >= 0.75));
            tasks.put("perturbed (Perturbation >= 0.75)", all.atLeast("Perturbation", 0.75));
            tasks.put("mergers (Multiplicity >= 0.5)", all.atLeast("Multiplicity", 0.5));
            tasks.put(
                    "edge-on dust (Inclination 1, Visible_Dust >= 0.5)",
                    all.where(row -> row.number("Inclination") >= 1 && row.number("Visible_Dust") >= 0.5));
        }
        return tasks;
    }

    private static void table(String task, boolean[] wanted, Map<String, Supplier<Finder>> finders, Done done) {
        long there = IntStream.range(0, wanted.length).filter(i -> wanted[i]).count();
        Rater rater = new Rater(wanted, wanted.length < FEW ? RATINGS_OF_FEW : RATINGS);
        System.out.printf(Locale.ROOT, "%n%s: %d of %d, %d ratings%n", task, there, wanted.length, rater.ratings());
        System.out.println(
                "| method | rated first: top 50 | top 200 | AP | unrated: top 50 | AP | share left to find there |"
                        + " half that nobody could rate: AP | its share |\n"
                        + "|---|---|---|---|---|---|---|---|---|");
        Map<String, String> rows = new LinkedHashMap<>();
        finders.forEach((name, finder) -> {
            rows.put(name, done.row(task + ", " + name, () -> rater.row(name, finder.get())));
            System.out.println(rows.get(name));
        });
        System.out.println();
        for (String than : List.of("Astronomaly's recipe", "ellipses, Astronomaly's recipe", "Protege's recipe")) {
            String line = Margins.line(rows, "Hoag (process, batches by top)", than);
            System.out.print(line.isEmpty() ? "" : line + "\n");
        }
    }

    /** Lines of tables that were made before, so that a run that was stopped goes on. */
    private record Done(Path file) {
        String row(String key, Supplier<String> make) {
            try {
                List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
                int at = lines.indexOf(key);
                if (at >= 0) {
                    return lines.get(at + 1);
                }
                String row = make.get();
                Files.writeString(file, key + "\n" + row + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                return row;
            } catch (IOException e) {
                throw new DataException(file + ": " + e.getMessage(), e);
            }
        }
    }

    private static double[][] ellipses(Path catalogue, Path images, List<String> ids) {
        Catalogue pictures = Catalogue.read(catalogue);
        Map<String, Path> paths = new LinkedHashMap<>();
        List<Path> found = pictures.images(ImageFolder.of(images));
        IntStream.range(0, found.size()).forEach(i -> paths.put(pictures.ids().get(i), found.get(i)));
        return ids.stream().parallel().map(id -> Ellipses.of(paths.get(id))).toArray(double[][]::new);
    }

    private static Finder fixMatch(Labelled all, Path weak, Path strong) {
        Standard standard = Standard.of(all.rows());
        return Finders.fixMatch(
                views(all.rows(), 1, standard)[0],
                views(read(weak), Views.EACH, standard),
                views(read(strong), Views.EACH, standard));
    }

    private static Rows read(Path file) {
        var matrix = Npy.read(file);
        return Rows.of(matrix.floats(), (int) matrix.shape()[1]);
    }

    /** (views, galaxies, features), standardised. */
    private static float[][][] views(Rows rows, int views, Standard standard) {
        int galaxies = rows.size() / views;
        float[][][] all = new float[views][galaxies][rows.width()];
        for (int i = 0; i < rows.size(); i++) {
            double[] row = standard.apply(rows.row(i));
            for (int j = 0; j < row.length; j++) {
                all[i / galaxies][i % galaxies][j] = (float) row[j];
            }
        }
        return all;
    }

    private static void speed() {
        Random random = new Random(1);
        double[][] points = new double[100_000][40];
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
            Batch.TOP.choose(new Batch.Rated(process, points, process.predict(points), rated, 5, 0.5), 10);
            System.out.printf(
                    Locale.ROOT,
                    "run %d: fit of 200 ratings %.2f s, 100,000 galaxies ranked %.2f s%n",
                    run,
                    (fitted - start) / 1e9,
                    (System.nanoTime() - fitted) / 1e9);
        }
    }
}
