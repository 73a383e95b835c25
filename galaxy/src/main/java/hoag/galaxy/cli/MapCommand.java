package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.Mapping;
import hoag.galaxy.map.MapFile;
import hoag.galaxy.map.MapSettings;
import hoag.galaxy.map.Method;
import hoag.galaxy.survey.Metric;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole survey in the plane. */
@Command(
        name = "map",
        description = "Gives every galaxy of a survey a place in the plane, the like beside the like.",
        footer = {
            "",
            "The map is kept beside the survey (SURVEY.map), where hoag serve finds it. The same seed gives the same"
                    + " map for every",
            "number of threads. A survey that has grown keeps its map; --place-new gives the new galaxies a place on"
                    + " it.",
            "",
            "Examples:",
            "  hoag map survey.hoag",
            "  hoag map survey.hoag --out map.png --out map.csv",
            "  hoag map survey.hoag --method tsne --perplexity 50 --seed 1",
            "  hoag map survey.hoag --neighbours 50 --min-dist 0.3",
            "  hoag map survey.hoag --place-new --out map.pdf --grid 60"
        })
final class MapCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Mixin
    Surveyed surveyed;

    @Option(
            names = "--method",
            defaultValue = "umap",
            paramLabel = "NAME",
            description = "umap; tsne, which keeps the nearest neighbours best; pca, the first two principal components"
                    + " (default: ${DEFAULT-VALUE})")
    Method method;

    @Option(
            names = "--dims",
            defaultValue = "50",
            paramLabel = "N",
            description = "principal components that umap and tsne start from, 0 for all features as they are (default:"
                    + " ${DEFAULT-VALUE})")
    int dims;

    @Option(
            names = "--metric",
            defaultValue = "euclidean",
            paramLabel = "NAME",
            description = "distance of umap and tsne: euclidean, cosine or manhattan (default: ${DEFAULT-VALUE})")
    Metric metric;

    @Option(
            names = "--neighbours",
            defaultValue = "0",
            paramLabel = "N",
            description = "of umap: few show what is fine, many what is large; 0: 15, or all where there are fewer"
                    + " galaxies (default: ${DEFAULT-VALUE})")
    int neighbours;

    @Option(
            names = "--min-dist",
            defaultValue = "0.1",
            paramLabel = "D",
            description = "of umap: how near galaxies may come to each other, 0 to 1 (default: ${DEFAULT-VALUE})")
    double minDist;

    @Option(
            names = "--perplexity",
            defaultValue = "0",
            paramLabel = "P",
            description = "of tsne: about how many neighbours count; 0: 30, or a third of the galaxies where that is"
                    + " less (default: ${DEFAULT-VALUE})")
    double perplexity;

    @Option(
            names = "--epochs",
            defaultValue = "0",
            paramLabel = "N",
            description = "rounds; 0: 500 of umap, 200 for more than 10,000 galaxies, 750 of tsne (default:"
                    + " ${DEFAULT-VALUE})")
    int epochs;

    @Option(
            names = "--place-new",
            description = "keep the map that is there, and place the galaxies that came since on it")
    boolean placeNew;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "the plane filled with thumbnails (.png, .pdf), or a table of places and columns (.csv); may be"
                            + " given several times")
    List<Path> out = List.of();

    @Option(
            names = "--grid",
            defaultValue = "40",
            paramLabel = "N",
            description = "thumbnails side by side in a picture (default: ${DEFAULT-VALUE})")
    int grid;

    @Option(
            names = "--cell",
            defaultValue = "64",
            paramLabel = "PIXELS",
            description = "side of a thumbnail in a picture (default: ${DEFAULT-VALUE})")
    int cell;

    @Option(
            names = "--fill",
            description = "leave no gap in a picture: galaxies keep their order across and down, not their distances")
    boolean fill;

    @Override
    public Integer call() {
        long start = System.nanoTime();
        MapSettings settings = new MapSettings(method, dims, metric, neighbours, minDist, perplexity, epochs);
        try (Bar bar = new Bar(common.quiet)) {
            Mapping.Result result = new Mapping(
                            surveyed.survey(common),
                            settings,
                            placeNew,
                            out,
                            new MapFile(grid, cell, fill),
                            common.seed,
                            common.compute())
                    .run(bar);
            report(result, (System.nanoTime() - start) / 1e9);
            return result.finished() ? 0 : Main.USER;
        }
    }

    private void report(Mapping.Result result, double seconds) {
        if (!result.note().isEmpty()) {
            common.err().println("hoag: " + result.note());
        }
        if (!result.finished()) {
            common.err().println("hoag: stopped; " + surveyed.survey + ".map is what it was; the same command goes on");
        } else if (common.json) {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("map", surveyed.survey + ".map");
            summary.put("method", result.method());
            summary.put("galaxies", result.galaxies());
            summary.put("added", result.added());
            summary.put("seconds", Math.round(seconds * 1000) / 1000.0);
            common.out().println(Json.compact(summary));
        } else if (!common.quiet) {
            String added = placeNew ? String.format(Locale.ROOT, " (%,d of them new)", result.added()) : "";
            common.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%,d galaxies%s by %s in %s.map, %s",
                            result.galaxies(),
                            added,
                            result.method(),
                            surveyed.survey,
                            Bar.duration(seconds)));
        }
    }
}
