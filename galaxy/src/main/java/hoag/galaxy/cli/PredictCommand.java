package hoag.galaxy.cli;

import hoag.engine.files.Json;
import hoag.galaxy.data.ImageFolder.Image;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.tree.VoteColumns;
import hoag.galaxy.tree.VoteStatistics;
import hoag.kernels.Backend;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
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

    @Option(names = "--model", required = true, paramLabel = "M", description = "the model file")
    Path modelFile;

    @Option(names = "--out", required = true, paramLabel = "CSV", description = "the table to write")
    Path out;

    @Option(
            names = "--samples",
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "answers drawn with dropout, which widen the bounds where the model is unsure (default: 1, without"
                            + " dropout)")
    int samples;

    @Option(
            names = "--tta",
            defaultValue = "1",
            paramLabel = "K",
            description = "views of each image, turned and mirrored (default: 1, as it is)")
    int views;

    @Option(
            names = "--batch",
            defaultValue = "32",
            paramLabel = "N",
            description = "views at once (default: ${DEFAULT-VALUE})")
    int batch;

    @Option(names = "--strict", description = "an image that cannot be used ends the work")
    boolean strict;

    @Option(
            names = "--columns",
            defaultValue = "plain",
            description = "how vote columns are named: plain, advanced or friendly, the latter two as the released"
                    + " catalogues (default: ${DEFAULT-VALUE})")
    VoteColumns columns;

    @Option(
            names = "--bounds",
            defaultValue = "mixture",
            description = "90%% bounds over passes: quantiles of their mixture, or the median of their quantiles as the"
                    + " released catalogues (default: ${DEFAULT-VALUE})")
    BoundsRule bounds;

    @Option(names = "--resume", description = "go on with OUT.part, which a stopped or killed run left")
    boolean resume;

    private final List<String> failed = new ArrayList<>();

    @Override
    public Integer call() {
        long start = System.nanoTime();
        Outputs.file(out);
        GalaxyModel model = GalaxyModel.load(modelFile);
        List<Image> images = sources.gather(strict ? null : failed::add);
        try (Bar bar = new Bar(common.quiet);
                Backend backend = common.open();
                Passes passes = new Passes(
                        backend,
                        model,
                        new Passes.Settings(batch, samples, views, common.cores(), common.seed, strict));
                PartTable table = new PartTable(out)) {
            predict(model, images, passes, table, bar);
            if (bar.stopping()) {
                common.err()
                        .println("hoag: stopped; " + table.rows() + " of " + images.size() + " images are in "
                                + table.part() + "; go on with --resume");
                return Main.USER;
            }
            if (table.rows() == 0) {
                throw new DataException(
                        "none of " + images.size() + " images could be used; first " + failed.getFirst());
            }
            table.commit();
            report(table.rows(), images.size(), (System.nanoTime() - start) / 1e9);
            return 0;
        }
    }

    private void predict(GalaxyModel model, List<Image> images, Passes passes, PartTable table, Bar bar) {
        AnswerColumns answers = new AnswerColumns(model.tasks(), columns, bounds.rule);
        List<String> header = new ArrayList<>(List.of("id"));
        header.addAll(answers.names());
        Object run = fingerprint(model, images);
        int done = 0;
        if (resume) {
            done = position(images, table, table.resume(header, run), passes.together());
        } else {
            table.begin(header, run);
        }
        List<Image> rest = images.subList(done, images.size());
        passes.run(
                rest, failure -> failed.add(failure.error().getMessage()), bar, done, (rows, count, features, said) -> {
                    String[] lines = new String[count];
                    IntStream.range(0, count)
                            .parallel()
                            .forEach(i -> lines[i] = line(rest.get(rows[i]).id(), answers.values(said[i])));
                    table.append(String.join("", lines), count);
                });
    }

    private static String line(String id, List<String> values) {
        List<String> fields = new ArrayList<>(values.size() + 1);
        fields.add(id);
        fields.addAll(values);
        return Csv.line(fields);
    }

    /** Where to go on: at the first block that is not whole, so that dropout draws what it would have drawn. What failed before is told again. */
    private int position(List<Image> images, PartTable table, List<String> done, int together) {
        int at = 0;
        int rows = 0;
        int keep = 0;
        int from = 0;
        List<String> missing = new ArrayList<>();
        for (String id : done) {
            for (; at < images.size() && !images.get(at).id().equals(id); at++) {
                missing.add(images.get(at).path() + ": could not be used in the earlier run");
            }
            rows++;
            at++;
            if (at / together * together > from) {
                from = at / together * together;
                keep = at == from ? rows : rows - 1;
            }
        }
        table.keep(keep);
        failed.addAll(missing.subList(0, Math.min(missing.size(), Math.max(0, from - keep))));
        return Math.min(from, images.size());
    }

    private Object fingerprint(GalaxyModel model, List<Image> images) {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("model", modelFile.toAbsolutePath().toString());
        run.put("model_bytes", modelFile.toFile().length());
        run.put("model_changed", modelFile.toFile().lastModified());
        run.put("architecture", model.architecture());
        run.put("images", (long) images.size());
        run.put("ids", (long) images.stream().map(Image::id).toList().hashCode());
        run.put("samples", (long) samples);
        run.put("tta", (long) views);
        run.put("batch", (long) batch);
        run.put("seed", common.seed);
        run.put("columns", columns.name());
        run.put("bounds", bounds.name());
        return run;
    }

    private void report(long rows, int images, double seconds) {
        failed.forEach(reason -> common.err().println("hoag: left out: " + reason));
        if (common.json) {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("out", out.toString());
            summary.put("images", images);
            summary.put("rows", rows);
            summary.put("failed", failed);
            summary.put("seconds", Math.round(seconds * 1000) / 1000.0);
            common.out().println(Json.compact(summary));
        } else if (!common.quiet) {
            common.out()
                    .println(String.format(
                            Locale.ROOT,
                            "%,d rows in %s%s, %s",
                            rows,
                            out,
                            failed.isEmpty() ? "" : ", " + failed.size() + " images left out",
                            Bar.duration(seconds)));
        }
    }
}
