package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.Represent;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
            "  hoag represent --catalog C.csv --images DIR --model M --out features.npy --average 8",
            "  hoag represent my-galaxies/ --model resnet50-imagenet.safetensors --normalise imagenet --size 224 --out"
                    + " features.npy"
        })
final class RepresentCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Mixin
    Sources sources;

    @Mixin
    Looking looking;

    @Mixin
    Averaging averaging;

    @Option(names = "--out", required = true, paramLabel = "NPY", description = "the matrix to write")
    Path out;

    @Mixin
    BareOptions bare;

    @Override
    public Integer call() {
        long start = System.nanoTime();
        var represent = new Represent(
                looking.model,
                bare.says(),
                sources.pictures(),
                out,
                averaging.looks(looking, common),
                common.compute());
        try (Bar bar = new Bar(common.quiet)) {
            Represent.Result result = represent.run(bar);
            if (!result.finished()) {
                common.err().println("hoag: stopped; nothing was written");
                return Main.USER;
            }
            report(result, (System.nanoTime() - start) / 1e9);
            return 0;
        }
    }

    private void report(Represent.Result result, double seconds) {
        common.leftOut(result.failed());
        if (common.json) {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("out", out.toString());
            summary.put("ids", result.ids().toString());
            summary.put("rows", result.rows());
            summary.put("columns", result.columns());
            summary.put("failed", result.failed());
            summary.put("seconds", Math.round(seconds * 1000) / 1000.0);
            common.out().println(Json.compact(summary));
        } else if (!common.quiet) {
            common.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%,d rows of %,d in %s, ids in %s, %s",
                            result.rows(),
                            result.columns(),
                            out,
                            result.ids(),
                            Bar.duration(seconds)));
        }
    }
}
