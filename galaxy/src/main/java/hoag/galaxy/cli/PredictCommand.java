package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.Looks;
import hoag.galaxy.Predict;
import hoag.galaxy.tree.VoteColumns;
import hoag.galaxy.tree.VoteStatistics;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a model says of pictures, as a table. */
@Command(
        name = "predict",
        description = "Answers a model's questions for images and writes a table: one row for each image.",
        footer = {
            "",
            "Votes give question_answer_fraction, _lower and _upper (90%%) and question_proportion-asked; classes give",
            "column_predicted and column_CLASS_probability; numbers their column; flags column_probability.",
            "",
            "Examples:",
            "  hoag predict my-galaxies/ --model galaxies.safetensors --out votes.csv",
            "  hoag predict --catalog C.fits --images DIR --model M --out votes.fits --status",
            "  hoag predict --catalog C.csv --images DIR --model M --out votes.csv --samples 10 --tta 4 --resume"
        })
final class PredictCommand implements Callable<Integer> {
    /** How the 90% bounds of several passes become one. */
    enum BoundsRule {
        MEDIAN(VoteStatistics.Bounds.MEDIAN_OF_PASSES),
        MIXTURE(VoteStatistics.Bounds.MIXTURE);

        final VoteStatistics.Bounds rule;

        BoundsRule(VoteStatistics.Bounds rule) {
            this.rule = rule;
        }
    }

    @Mixin
    Common common;

    @Mixin
    Sources sources;

    @Mixin
    Looking looking;

    @Mixin
    Sampling sampling;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "the table to write: .csv, .fits, .parquet, and with the module hoag-tables .vot and .ecsv")
    Path out;

    @Option(
            names = "--columns",
            paramLabel = "HOW",
            defaultValue = "plain",
            description = "how vote columns are named: plain, advanced or friendly, the latter two as the released"
                    + " catalogues (default: ${DEFAULT-VALUE})")
    VoteColumns columns;

    @Option(
            names = "--bounds",
            paramLabel = "HOW",
            defaultValue = "mixture",
            description = "90%% bounds over passes: quantiles of their mixture, or the median of their quantiles as the"
                    + " released catalogues (default: ${DEFAULT-VALUE})")
    BoundsRule bounds;

    @Option(
            names = "--status",
            description = "a row for images that cannot be used too, with the reason in a last column status")
    boolean status;

    @Option(names = "--resume", description = "go on with OUT.part, which a stopped or killed run left")
    boolean resume;

    @Override
    public Integer call() {
        long start = System.nanoTime();
        Looks looks = sampling.of(looking, common.seed);
        var predict = new Predict(
                looking.model, sources.pictures(), out, looks, columns, bounds.rule, status, resume, common.compute());
        try (Bar bar = new Bar(common.quiet)) {
            Predict.Result result = predict.run(bar);
            if (!result.finished()) {
                common.err()
                        .println("hoag: stopped; " + result.rows() + " of " + result.images() + " images are in "
                                + result.part() + "; go on with --resume");
                return Main.USER;
            }
            report(result, (System.nanoTime() - start) / 1e9);
            return 0;
        }
    }

    private void report(Predict.Result result, double seconds) {
        common.leftOut(result.failed());
        if (common.json) {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("out", out.toString());
            summary.put("images", result.images());
            summary.put("rows", result.rows());
            summary.put("failed", result.failed());
            summary.put("seconds", Math.round(seconds * 1000) / 1000.0);
            common.out().println(Json.compact(summary));
        } else if (!common.quiet) {
            int failed = result.failed().size();
            common.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%,d rows in %s%s, %s",
                            result.rows(),
                            out,
                            failed == 0 ? "" : ", " + failed + " images left out",
                            Bar.duration(seconds)));
        }
    }
}
