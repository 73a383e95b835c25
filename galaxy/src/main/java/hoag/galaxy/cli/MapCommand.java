package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.Mapping;
import hoag.galaxy.map.Method;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The whole survey in the plane. */
@Command(
        name = "map",
        description = "Gives every galaxy of a survey a place in the plane, the like beside the like.",
        footer = {
            "",
            "The map is kept beside the survey (SURVEY.map).",
            "",
            "Examples:",
            "  hoag map survey.hoag --method pca"
        })
final class MapCommand implements Callable<Integer> {
    @Mixin
    Common common;

    @Parameters(paramLabel = "SURVEY", description = "a survey made by hoag index")
    Path survey;

    @Option(
            names = "--method",
            defaultValue = "pca",
            paramLabel = "NAME",
            description = "pca (default: ${DEFAULT-VALUE})")
    Method method;

    @Override
    public Integer call() {
        long start = System.nanoTime();
        try (Bar bar = new Bar(common.quiet)) {
            Mapping.Result result = new Mapping(survey, method, common.seed, common.compute()).run(bar);
            report(result, (System.nanoTime() - start) / 1e9);
            return result.finished() ? 0 : Main.USER;
        }
    }

    private void report(Mapping.Result result, double seconds) {
        if (common.json) {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("galaxies", result.galaxies());
            summary.put("seconds", Math.round(seconds * 1000) / 1000.0);
            common.out().println(Json.compact(summary));
        } else if (!common.quiet) {
            common.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%,d galaxies in %s.map, %s",
                            result.galaxies(),
                            survey,
                            Bar.duration(seconds)));
        }
    }
}
