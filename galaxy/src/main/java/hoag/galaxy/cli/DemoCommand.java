package hoag.galaxy.cli;

import hoag.engine.files.AtomicFile;
import hoag.engine.files.Json;
import hoag.galaxy.Looks;
import hoag.galaxy.Passes;
import hoag.galaxy.Pictures;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.ImageFolder;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.data.Row;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.report.DemoPage;
import hoag.galaxy.report.Finding;
import hoag.galaxy.report.Similar;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Classifies the bundled galaxies with the bundled model. */
@Command(
        name = "demo",
        description = "Classifies the bundled galaxies, prints a table and writes a page with pictures.",
        footer = {"", "Examples:", "  hoag demo", "  hoag demo --model my-galaxies.safetensors --out my-demo"})
final class DemoCommand implements Callable<Integer> {
    /** Where the bundled model lies on the class path. */
    static final String MODEL = "/hoag/models/hoag-lite0.safetensors";

    static final String GALAXIES = "/hoag/demo/";
    private static final Looks LOOKS = Looks.ONE.batch(8).strict(true);
    private static final int CELLS = 20;
    private static final int SIMILAR = 3;
    private static final String CREDIT =
            "Pictures: examples of the Galaxy Zoo web site (Copyright 2012 Citizen Science Alliance, Apache License"
                + " 2.0), from the Dark Energy Camera Legacy Survey, the Galaxy And Mass Assembly survey and the Sloan"
                + " Digital Sky Survey. Made with hoag demo.";

    @Mixin
    Common common;

    @Option(names = "--model", paramLabel = "M", description = "a model file (default: the bundled one)")
    Path modelFile;

    @Option(
            names = "--out",
            defaultValue = "hoag-demo",
            paramLabel = "DIR",
            description = "where the page goes (default: ${DEFAULT-VALUE})")
    Path out;

    @Option(names = "--all", description = "all bundled galaxies, not the chosen 24")
    boolean all;

    @Override
    public Integer call() throws IOException {
        Outputs.folder(out);
        Path temporary = Files.createTempDirectory("hoag");
        try {
            run(temporary);
        } finally {
            delete(temporary);
        }
        return 0;
    }

    private void run(Path temporary) {
        GalaxyModel model = GalaxyModel.load(modelFile == null ? bundled(temporary) : modelFile);
        Catalogue catalogue = galaxies(temporary);
        List<Path> files = catalogue.rows().stream()
                .map(row -> temporary.resolve(row.text("file")))
                .toList();
        Seen seen = look(model, Pictures.pairs(catalogue.ids(), files));
        List<DemoPage.Galaxy> galaxies = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            Row row = catalogue.rows().get(i);
            String shownFor = row.text("question") + " " + row.text("answer");
            galaxies.add(new DemoPage.Galaxy(
                    row.id(),
                    bytes(files.get(i)),
                    row.text("survey"),
                    shownFor,
                    seen.findings.get(i),
                    Similar.to(i, seen.features, SIMILAR)));
        }
        Path page = out.resolve("index.html");
        AtomicFile.writeText(page, DemoPage.of(galaxies, about(model), CREDIT));
        report(galaxies, page);
    }

    /** What the model says of each galaxy. */
    private record Seen(List<List<Finding>> findings, float[][] features) {}

    private Seen look(GalaxyModel model, List<ImageFolder.Image> images) {
        List<List<Finding>> findings = new ArrayList<>();
        float[][] features = new float[images.size()][];
        try (Backend backend = common.open();
                Passes passes = new Passes(backend, model, LOOKS.seed(common.seed), common.cores())) {
            passes.run(images, failure -> {}, Progress.NONE, 0, (rows, count, values, answers) -> {
                int width = model.net().encoder().features();
                for (int i = 0; i < count; i++) {
                    findings.add(Finding.of(model.tasks(), answers[i]));
                    features[rows[i]] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
                }
            });
        }
        return new Seen(findings, features);
    }

    private String about(GalaxyModel model) {
        return "Model: " + (modelFile == null ? "the bundled one, " : modelFile.getFileName() + ", ")
                + model.architecture() + ", pictures of " + model.preprocess().size() + " pixels";
    }

    private Catalogue galaxies(Path folder) {
        Catalogue catalogue = Catalogue.read(copy(GALAXIES + "galaxies.csv", folder.resolve("galaxies.csv")));
        Catalogue chosen =
                all ? catalogue : catalogue.where(row -> row.text("shown").equals("yes"));
        chosen.rows().forEach(row -> copy(GALAXIES + row.text("file"), folder.resolve(row.text("file"))));
        return chosen;
    }

    private static Path bundled(Path folder) {
        return copy(MODEL, folder.resolve("model.safetensors"));
    }

    private static Path copy(String resource, Path to) {
        try (InputStream in = DemoCommand.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new ConfigException("this build has no " + resource.substring(1) + "; name a model with --model");
            }
            Files.copy(in, to);
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    private void report(List<DemoPage.Galaxy> galaxies, Path page) {
        if (common.json) {
            galaxies.forEach(galaxy -> common.out().println(Json.compact(asMap(galaxy))));
        } else if (!common.quiet) {
            galaxies.forEach(galaxy -> common.out().println(line(galaxy)));
            common.out().println();
            common.out().println("page: " + page.toAbsolutePath().normalize());
        }
    }

    private static Map<String, Object> asMap(DemoPage.Galaxy galaxy) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", galaxy.id());
        for (Finding finding : galaxy.findings()) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("answer", finding.best().answer());
            put(answer, "fraction", finding.best().fraction());
            put(answer, "lower", finding.best().lower());
            put(answer, "upper", finding.best().upper());
            map.put(finding.question(), answer);
        }
        return map;
    }

    private static void put(Map<String, Object> map, String key, double value) {
        if (Double.isFinite(value)) {
            map.put(key, Math.round(value * 1e6) / 1e6);
        }
    }

    /** {@code gama-1-a-0-4     featured or disk   0.78  0.66..0.89  ███████████████▋}. */
    private static String line(DemoPage.Galaxy galaxy) {
        Finding first = galaxy.findings().getFirst();
        Finding.Share best = first.best();
        String interval = Double.isFinite(best.lower())
                ? String.format(Locale.ROOT, "%.2f..%.2f", best.lower(), best.upper())
                : "";
        String fraction = Double.isFinite(best.fraction()) ? String.format(Locale.ROOT, "%.2f", best.fraction()) : "";
        return String.format(
                        Locale.ROOT,
                        "%-16s  %-20s  %4s  %10s  %s",
                        galaxy.id(),
                        best.answer(),
                        fraction,
                        interval,
                        blocks(best.fraction()))
                .stripTrailing();
    }

    /** A bar of block characters, to an eighth of a cell. */
    static String blocks(double fraction) {
        if (!Double.isFinite(fraction)) {
            return "";
        }
        int eighths = (int) Math.round(Math.clamp(fraction, 0, 1) * CELLS * 8);
        String rest = eighths % 8 == 0 ? "" : String.valueOf((char) (0x2590 - eighths % 8));
        return "\u2588".repeat(eighths / 8) + rest;
    }
}
