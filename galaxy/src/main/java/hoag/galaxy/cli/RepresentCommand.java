package hoag.galaxy.cli;

import hoag.engine.files.AtomicFile;
import hoag.engine.files.Json;
import hoag.engine.files.Npy;
import hoag.engine.files.NpyRows;
import hoag.galaxy.data.ImageFolder.Image;
import hoag.galaxy.learn.GalaxyModel;
import hoag.kernels.Backend;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a backbone makes of pictures, as a matrix. */
@Command(
        name = "represent",
        description = "Writes the representation of every image: float32 rows of an .npy file, and the ids beside it.",
        footer = {
            "",
            "Row i of features.npy belongs to line i of features.ids.csv (after its header).",
            "",
            "Examples:",
            "  hoag represent my-galaxies/ --model galaxies.safetensors --out features.npy",
            "  hoag represent --catalog C.csv --images DIR --model M --out features.npy --average 8"
        })
final class RepresentCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Mixin
    Sources sources;

    @Option(names = "--model", required = true, paramLabel = "M", description = "the model file")
    Path modelFile;

    @Option(names = "--out", required = true, paramLabel = "NPY", description = "the matrix to write")
    Path out;

    @Option(
            names = "--average",
            defaultValue = "1",
            paramLabel = "N",
            description = "mean over so many views, turned and mirrored (default: 1, as it is)")
    int views;

    @Option(
            names = "--batch",
            defaultValue = "32",
            paramLabel = "N",
            description = "views at once (default: ${DEFAULT-VALUE})")
    int batch;

    @Option(names = "--strict", description = "an image that cannot be used ends the work")
    boolean strict;

    private final List<String> failed = new ArrayList<>();

    @Override
    public Integer call() {
        long start = System.nanoTime();
        Outputs.file(out);
        GalaxyModel model = GalaxyModel.load(modelFile);
        List<Image> images = sources.gather(strict ? null : failed::add);
        int width = model.net().encoder().features();
        StringBuilder ids = new StringBuilder("id\n");
        try (Bar bar = new Bar(common.quiet);
                Backend backend = common.open();
                Passes passes = new Passes(
                        backend, model, new Passes.Settings(batch, 1, views, common.cores(), common.seed, strict));
                NpyRows matrix = Npy.rows(out, width)) {
            passes.run(
                    images,
                    failure -> failed.add(failure.error().getMessage()),
                    bar,
                    0,
                    (rows, count, features, answers) -> {
                        for (int i = 0; i < count; i++) {
                            matrix.append(average(features, i, width));
                            ids.append(Csv.field(images.get(rows[i]).id())).append('\n');
                        }
                    });
            if (bar.stopping()) {
                common.err().println("hoag: stopped; nothing was written");
                return Main.USER;
            }
            if (matrix.rows() == 0) {
                throw new DataException(
                        "none of " + images.size() + " images could be used; first " + failed.getFirst());
            }
            AtomicFile.writeText(idsFile(), ids);
            matrix.commit();
            report(matrix.rows(), width, (System.nanoTime() - start) / 1e9);
            return 0;
        }
    }

    private float[] average(float[] features, int galaxy, int width) {
        float[] mean = new float[width];
        for (int view = 0; view < views; view++) {
            for (int k = 0; k < width; k++) {
                mean[k] += features[(galaxy * views + view) * width + k] / views;
            }
        }
        return mean;
    }

    /** {@code features.npy} to {@code features.ids.csv}. */
    private Path idsFile() {
        return out.resolveSibling(out.getFileName().toString().replaceFirst("\\.npy$", "") + ".ids.csv");
    }

    private void report(long rows, int width, double seconds) {
        failed.forEach(reason -> common.err().println("hoag: left out: " + reason));
        if (common.json) {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("out", out.toString());
            summary.put("ids", idsFile().toString());
            summary.put("rows", rows);
            summary.put("columns", width);
            summary.put("failed", failed);
            summary.put("seconds", Math.round(seconds * 1000) / 1000.0);
            common.out().println(Json.compact(summary));
        } else if (!common.quiet) {
            common.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%,d rows of %,d in %s, ids in %s, %s",
                            rows,
                            width,
                            out,
                            idsFile(),
                            Bar.duration(seconds)));
        }
    }
}
