package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.Search;
import hoag.galaxy.survey.Metric;
import hoag.galaxy.survey.Way;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Galaxies like this one. */
@Command(
        name = "search",
        description = "Finds the galaxies of a survey that are like some, and less like others.",
        footer = {
            "",
            "An example is the id of a galaxy of the survey, an image, or ra,dec in degrees (the galaxy within 1' of"
                    + " it).",
            "Examples that are in the survey are not among the results.",
            "",
            "Examples:",
            "  hoag search survey.hoag --like J093807.07+314011.9",
            "  hoag search survey.hoag --like my-ring.jpg --k 100 --metric cosine --out near.csv --page near.html",
            "  hoag search survey.hoag --like g17 --where \"mag < 17 and type = 'Sb'\" --k 20",
            "  hoag search survey.hoag --like 144.52,31.66 --like g17 --unlike star3 --sheet near.png"
        })
final class SearchCommand implements Callable<Integer> {
    private static final int SHOWN = 20;

    @Mixin
    Common common;

    @Mixin
    Surveyed surveyed;

    @Option(
            names = "--like",
            required = true,
            paramLabel = "EXAMPLE",
            description = "what to find; several: the mean of the distances counts")
    List<String> like;

    @Option(
            names = "--unlike",
            paramLabel = "EXAMPLE",
            description = "what not to find: half the mean distance to these is taken off")
    List<String> unlike = List.of();

    @Option(
            names = "--model",
            paramLabel = "M",
            description = "the survey's model, for examples that are images (default: where it was)")
    Path model;

    @Option(names = "--k", defaultValue = "50", paramLabel = "N", description = "how many (default: ${DEFAULT-VALUE})")
    int k;

    @Option(
            names = "--metric",
            defaultValue = "euclidean",
            paramLabel = "NAME",
            description = "distance: euclidean, cosine or manhattan (default: ${DEFAULT-VALUE})")
    Metric metric;

    @Option(
            names = "--where",
            paramLabel = "CONDITION",
            description = "only among those of which this holds: mag < 17 and (type = 'Sb' or not bar >= 0.5)")
    String where;

    @Option(
            names = "--way",
            defaultValue = "auto",
            paramLabel = "NAME",
            description =
                    "exact: look at every galaxy; codes: at a byte for every feature, and measure the best; graph:"
                            + " walk from neighbour to neighbour, the fastest; codes and graph are made once and kept"
                            + " beside the survey; auto: what is there already, codes for large surveys (default:"
                            + " ${DEFAULT-VALUE})")
    Way way;

    @Option(names = "--out", paramLabel = "CSV", description = "table of what was found")
    Path out;

    @Option(names = "--page", paramLabel = "HTML", description = "web page with thumbnails")
    Path page;

    @Option(names = "--sheet", paramLabel = "PNG", description = "contact sheet")
    Path sheet;

    @Override
    public Integer call() {
        Search search = new Search(
                surveyed.survey(common),
                like,
                unlike,
                model,
                k,
                metric,
                where,
                way,
                out,
                page,
                sheet,
                common.seed,
                common.compute());
        List<Search.Found> found = search.run();
        if (common.json) {
            common.out()
                    .println(Json.compact(Map.of(
                            "found", found.stream().map(SearchCommand::json).toList())));
        } else if (!common.quiet) {
            table(found);
        }
        return 0;
    }

    private static Map<String, Object> json(Search.Found each) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("id", each.id());
        one.put("distance", each.distance());
        if (!Double.isNaN(each.ra()) && !Double.isNaN(each.dec())) {
            one.put("ra", each.ra());
            one.put("dec", each.dec());
        }
        one.put("columns", each.columns());
        return one;
    }

    private void table(List<Search.Found> found) {
        List<Search.Found> shown = found.subList(0, Math.min(SHOWN, found.size()));
        int width = shown.stream().mapToInt(each -> each.id().length()).max().orElse(2);
        for (int i = 0; i < shown.size(); i++) {
            Search.Found each = shown.get(i);
            String place = Double.isNaN(each.ra()) || Double.isNaN(each.dec())
                    ? ""
                    : String.format(Locale.ROOT, "  %10.5f %+9.5f", each.ra(), each.dec());
            common.out()
                    .println(String.format(
                                    Locale.ROOT, "%3d  %-" + width + "s  %10.5g", i + 1, each.id(), each.distance())
                            + place);
        }
        if (found.size() > shown.size()) {
            common.out().println("... " + (found.size() - shown.size()) + " more; --out CSV writes them all");
        }
    }
}
