package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.Anomalies;
import hoag.galaxy.active.Batch;
import hoag.galaxy.active.Covariance;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is odd, by somebody's ratings of a few. */
@Command(
        name = "anomalies",
        description = "Ranks a survey by how interesting you would find each galaxy, and says which to rate next.",
        footer = {
            "",
            "Without ratings it proposes galaxies that are spread over the survey. Rate them from 0 (dull) to 5 (what"
                    + " you",
            "look for) in a CSV with the columns id and rating, call again with it, add ratings of those proposed, and"
                    + " so on.",
            "",
            "Examples:",
            "  hoag anomalies survey.hoag",
            "  hoag anomalies survey.hoag --ratings ratings.csv --rate",
            "  hoag anomalies survey.hoag --ratings ratings.csv --out ranked.csv"
        })
final class AnomaliesCommand implements Callable<Integer> {
    private static final int SHOWN = 10;

    @Mixin
    Common common;

    @Mixin
    Surveyed surveyed;

    @Option(names = "--ratings", paramLabel = "CSV", description = "columns id and rating, 0..5")
    Path ratings;

    @Option(
            names = "--rate",
            description = "asks for ratings here, one galaxy after another, and learns from them at once")
    boolean rate;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "who rates; the mean over users counts (default: the name of the account)")
    String user = System.getProperty("user.name", "");

    @Option(names = "--out", paramLabel = "CSV", description = "all galaxies, most interesting first")
    Path out;

    @Option(
            names = "--components",
            defaultValue = "40",
            paramLabel = "N",
            description = "principal components (default: ${DEFAULT-VALUE})")
    int components;

    @Option(
            names = "--covariance",
            defaultValue = "rational_quadratic",
            paramLabel = "NAME",
            description = "of the Gaussian process: rational_quadratic or matern (default: ${DEFAULT-VALUE})")
    Covariance covariance;

    @Option(
            names = "--tradeoff",
            defaultValue = "0.5",
            paramLabel = "XI",
            description = "the larger, the more is explored (default: ${DEFAULT-VALUE})")
    double tradeoff;

    @Option(
            names = "--propose",
            defaultValue = "10",
            paramLabel = "N",
            description = "how many to rate next (default: ${DEFAULT-VALUE})")
    int propose;

    @Option(
            names = "--batch",
            defaultValue = "top",
            paramLabel = "NAME",
            description = "those to rate next: top, the most promising; requery, one by one as if each had got what is"
                    + " expected; penalty, not what is like one proposed before (default: ${DEFAULT-VALUE})")
    Batch batch;

    @Option(
            names = "--start",
            defaultValue = "spread",
            paramLabel = "NAME",
            description = "what to rate first: spread over the survey, or random (default: ${DEFAULT-VALUE})")
    Anomalies.Start start;

    @Override
    public Integer call() {
        if (rate && ratings == null) {
            throw new ConfigException("--rate needs --ratings CSV, where the ratings are kept");
        }
        if (ratings != null && !rate && !Files.exists(ratings)) {
            throw new DataException(ratings + ": no such file; --rate begins one");
        }
        Anomalies anomalies = new Anomalies(
                surveyed.survey(common),
                ratings,
                out,
                components,
                covariance,
                tradeoff,
                propose,
                batch,
                start,
                common.seed,
                common.compute());
        if (rate) {
            try (Anomalies.Session session = anomalies.session()) {
                var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                new Rater(session, new RatingLog(ratings, user), in, common.out()).run();
            }
            return 0;
        }
        Anomalies.Result result = anomalies.run();

        if (common.json) {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("rated", result.rated());
            summary.put("next", result.next());
            summary.put(
                    "first",
                    result.ranked().stream()
                            .limit(SHOWN)
                            .map(Anomalies.Ranked::id)
                            .toList());
            common.out().println(Json.compact(summary));
        } else if (!common.quiet) {
            table(result);
        }
        return 0;
    }

    private void table(Anomalies.Result result) {
        List<Anomalies.Ranked> shown = result.ranked().stream().limit(SHOWN).toList();
        int width = shown.stream().mapToInt(each -> each.id().length()).max().orElse(2);
        for (int i = 0; i < shown.size(); i++) {
            Anomalies.Ranked each = shown.get(i);
            common.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%3d  %-" + width + "s  %5.2f +- %.2f%s",
                            i + 1,
                            each.id(),
                            each.mean(),
                            each.std(),
                            Double.isNaN(each.rating()) ? "" : "  rated " + each.rating()));
        }
        common.out().println("rate next: " + String.join(" ", result.next()));
        if (result.rated() == 0) {
            common.out()
                    .println(
                            "then: hoag anomalies " + surveyed.survey + " --ratings CSV (columns id and rating, 0..5)");
        }
    }
}
