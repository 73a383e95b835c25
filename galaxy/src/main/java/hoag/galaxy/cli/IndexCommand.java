package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.Index;
import hoag.galaxy.Pictures;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Pictures into a survey that can be searched. */
@Command(
        name = "index",
        description = "Puts galaxies into a survey: representation, id, what a catalogue says, thumbnail.",
        footer = {
            "",
            "Galaxies that the survey has are passed over: the same command goes on after a stop, and adds what is"
                    + " new.",
            "One process writes a survey at a time, any number may search it meanwhile. Instead of images give the",
            "features.npy of hoag represent, with its features.ids.csv beside it, or any table with the ids.",
            "",
            "Examples:",
            "  hoag index my-galaxies/ --model galaxies.safetensors --out survey.hoag",
            "  hoag index my-galaxies/ --catalog C.csv --model M --out survey.hoag --average 8",
            "  hoag index features.npy --model M --out survey.hoag",
            "  hoag index features.npy --ids names.csv --model M --out survey.hoag"
        })
final class IndexCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Mixin
    Sources sources;

    @Mixin
    Looking looking;

    @Mixin
    Averaging averaging;

    @Option(names = "--out", required = true, paramLabel = "SURVEY", description = "the survey, made if there is none")
    Path out;

    @Option(
            names = "--ids",
            paramLabel = "TABLE",
            description = "ids of the rows of features.npy, in order (default: features.ids.csv beside it)")
    Path ids;

    @Option(
            names = "--thumbnail",
            defaultValue = "96",
            paramLabel = "PIXELS",
            description = "long side of thumbnails, 0 for none (default: ${DEFAULT-VALUE})")
    int thumbnail;

    @Override
    public Integer call() {
        long start = System.nanoTime();
        Index index = new Index(
                looking.model,
                source(),
                sources.catalog,
                out,
                thumbnail,
                averaging.looks(looking, common),
                common.compute());
        try (Bar bar = new Bar(common.quiet)) {
            Index.Result result = index.run(bar);
            report(result, (System.nanoTime() - start) / 1e9);
            return result.finished() ? 0 : Main.USER;
        }
    }

    /** A catalogue beside files says more of them; alone it says which they are. */
    private Index.Source source() {
        if (sources.files.size() == 1 && sources.files.getFirst().toString().endsWith(".npy")) {
            Path features = sources.files.getFirst();
            return ids == null ? new Index.Source.Matrix(features) : new Index.Source.Matrix(features, ids);
        }
        if (ids != null) {
            throw new ConfigException("--ids " + ids + " goes with one features.npy instead of images; pictures"
                    + " have the names of their files, or of --catalog");
        }
        return new Index.Source.Seen(
                sources.files.isEmpty() ? sources.pictures() : new Pictures(sources.files, null, sources.images));
    }

    private void report(Index.Result result, double seconds) {
        common.leftOut(result.failed());
        if (result.dropped() > 0) {
            common.err().println("hoag: " + out + " ended in an unfinished block, which was cut off");
        }
        if (!result.finished()) {
            common.err().println("hoag: stopped; what was indexed is kept, and the same command goes on");
        }
        if (common.json) {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("out", out.toString());
            summary.put("added", result.added());
            summary.put("known", result.known());
            summary.put("total", result.total());
            summary.put("failed", result.failed());
            summary.put("seconds", Math.round(seconds * 1000) / 1000.0);
            common.out().println(Json.compact(summary));
        } else if (!common.quiet) {
            common.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%,d galaxies added, %,d were there, %,d in %s, %s",
                            result.added(),
                            result.known(),
                            result.total(),
                            out,
                            Bar.duration(seconds)));
        }
    }
}
