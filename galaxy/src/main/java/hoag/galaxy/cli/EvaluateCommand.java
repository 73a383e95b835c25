package hoag.galaxy.cli;

import hoag.engine.files.AtomicFile;
import hoag.engine.files.Json;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.ImageFolder;
import hoag.galaxy.data.Split;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Labels;
import hoag.galaxy.learn.Task;
import hoag.galaxy.report.Answered;
import hoag.galaxy.report.EvaluationPage;
import hoag.galaxy.report.TaskReport;
import hoag.kernels.Backend;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares a model's answers with a catalogue's. */
@Command(
        name = "evaluate",
        description = "Scores a model on galaxies whose answers are known: a table, metrics.json and report.html.",
        footer = {
            "",
            "The part of a galaxy comes from the catalogue's column split, else from its id, as in training.",
            "",
            "Examples:",
            "  hoag evaluate --model M --catalog votes.csv --images DIR --out scores --votes 40",
            "  hoag evaluate --model M --catalog classes.csv --images DIR --out scores --split all"
        })
final class EvaluateCommand implements Callable<Integer> {
    enum Part {
        TRAIN,
        VALID,
        TEST,
        ALL
    }

    @Mixin
    Common common;

    @Option(names = "--model", required = true, paramLabel = "M", description = "the model file")
    Path modelFile;

    @Option(
            names = "--catalog",
            required = true,
            paramLabel = "CSV",
            description = "table with id (or file) and the model's label columns")
    Path catalog;

    @Option(
            names = "--images",
            required = true,
            paramLabel = "DIR",
            description = "folder of the pictures, found by the column file or by id")
    Path images;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "folder for metrics.json and report.html")
    Path out;

    @Option(
            names = "--split",
            defaultValue = "test",
            description = "train, valid, test or all (default: ${DEFAULT-VALUE})")
    Part part;

    @Option(
            names = "--votes",
            paramLabel = "N",
            description = "volunteers for each galaxy, if the tree's columns hold fractions and not counts")
    Double votes;

    @Option(
            names = "--samples",
            defaultValue = "1",
            paramLabel = "N",
            description = "answers drawn with dropout (default: 1, without dropout)")
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

    @Option(
            names = "--mistakes",
            defaultValue = "12",
            paramLabel = "N",
            description = "pictures of the worst mistakes for each task (default: ${DEFAULT-VALUE})")
    int mistakes;

    @Option(names = "--strict", description = "an image that is missing or cannot be used ends the work")
    boolean strict;

    private final List<String> failed = new ArrayList<>();

    /** A task, its place in the model's answers, and the labels of all rows. */
    private record Known(Task task, int offset, Examples examples) {}

    @Override
    public Integer call() {
        Outputs.folder(out);
        GalaxyModel model = GalaxyModel.load(modelFile);
        Catalogue table = Catalogue.read(catalog);
        ImageFolder folder = ImageFolder.of(images);
        Catalogue rows = chosen(table, folder);
        List<Known> known = known(model, rows, folder);
        double[][][] passes = new double[rows.size()][][];
        try (Bar bar = new Bar(common.quiet)) {
            if (!answer(model, known.getFirst().examples, passes, bar)) {
                common.err().println("hoag: stopped; nothing was written");
                return Main.USER;
            }
            int[] done = IntStream.range(0, passes.length)
                    .filter(i -> passes[i] != null)
                    .toArray();
            if (done.length == 0) {
                throw new DataException(
                        "none of " + passes.length + " images could be used; first " + failed.getFirst());
            }
            write(model, reports(known, done, passes), done.length);
        }
        return 0;
    }

    private Catalogue chosen(Catalogue table, ImageFolder folder) {
        Catalogue rows = part == Part.ALL ? table : table.part(Split.valueOf(part.name()));
        if (rows.size() == 0) {
            throw new DataException(catalog + ": no galaxy belongs to the part "
                    + part.name().toLowerCase(Locale.ROOT) + "; --split all takes every row");
        }
        Catalogue there = strict ? rows : rows.withImages(folder);
        if (there.size() == 0) {
            rows.images(folder); // says which, and what it looked for
        }
        if (there.size() < rows.size()) {
            failed.add((rows.size() - there.size()) + " of " + rows.size() + " rows have no image in " + folder);
        }
        return there;
    }

    /** The tasks that the catalogue has labels for; if it has none, why not. */
    private List<Known> known(GalaxyModel model, Catalogue rows, ImageFolder folder) {
        List<Known> known = new ArrayList<>();
        DataException first = null;
        int[] offsets = Task.offsets(model.tasks());
        for (int t = 0; t < model.tasks().size(); t++) {
            Task task = model.tasks().get(t);
            try {
                known.add(new Known(
                        task,
                        offsets[t],
                        Labels.examples(
                                rows,
                                folder,
                                List.of(task),
                                votes == null ? OptionalDouble.empty() : OptionalDouble.of(votes))));
            } catch (DataException e) {
                first = first == null ? e : first;
                failed.add(task.name() + " is not evaluated: " + e.getMessage());
            }
        }
        if (known.isEmpty()) {
            throw first;
        }
        return known;
    }

    private boolean answer(GalaxyModel model, Examples examples, double[][][] passes, Bar bar) {
        try (Backend backend = common.open();
                Passes network = new Passes(
                        backend,
                        model,
                        new Passes.Settings(batch, samples, views, common.cores(), common.seed, strict))) {
            network.run(
                    Sources.pairs(examples.ids(), examples.images()),
                    failure -> failed.add(failure.error().getMessage()),
                    bar,
                    0,
                    (rows, count, features, answers) -> {
                        for (int i = 0; i < count; i++) {
                            passes[rows[i]] = answers[i];
                        }
                    });
        }
        return !bar.stopping();
    }

    /** A task that cannot be scored (one kind of label only, say) does not spoil the others. */
    private List<TaskReport> reports(List<Known> known, int[] done, double[][][] passes) {
        List<TaskReport> reports = new ArrayList<>();
        for (Known each : known) {
            try {
                reports.add(report(each, done, passes));
            } catch (DataException e) {
                failed.add(each.task.name() + " is not evaluated: " + e.getMessage());
            }
        }
        if (reports.isEmpty()) {
            throw new DataException(failed.getLast());
        }
        return reports;
    }

    private static TaskReport report(Known known, int[] done, double[][][] passes) {
        Examples examples = known.examples;
        int columns = examples.columns();
        int to = known.offset + known.task.width();
        double[][] labels = new double[done.length][columns];
        double[][][] own = new double[done.length][][];
        for (int n = 0; n < done.length; n++) {
            for (int c = 0; c < columns; c++) {
                labels[n][c] = examples.labels()[done[n] * columns + c];
            }
            own[n] = Arrays.stream(passes[done[n]])
                    .map(pass -> Arrays.copyOfRange(pass, known.offset, to))
                    .toArray(double[][]::new);
        }
        return TaskReport.of(
                known.task,
                new Answered(
                        Arrays.stream(done).mapToObj(examples.ids()::get).toList(),
                        Arrays.stream(done).mapToObj(examples.images()::get).toList(),
                        labels,
                        own));
    }

    private void write(GalaxyModel model, List<TaskReport> reports, int galaxies) {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("model", modelFile.toString());
        metrics.put("catalog", catalog.toString());
        metrics.put("split", part.name().toLowerCase(Locale.ROOT));
        metrics.put("galaxies", galaxies);
        metrics.put("samples", samples);
        metrics.put("tta", views);
        Map<String, Object> tasks = new LinkedHashMap<>();
        reports.forEach(report -> tasks.put(report.name(), report.metrics()));
        metrics.put("tasks", tasks);
        Path page = out.resolve("report.html");
        AtomicFile.writeText(
                page,
                EvaluationPage.of(
                        modelFile.getFileName() + " on " + catalog.getFileName(),
                        about(model, galaxies),
                        reports,
                        mistakes));
        Json.write(out.resolve("metrics.json"), metrics);
        failed.forEach(reason -> common.err().println("hoag: left out: " + reason));
        if (common.json) {
            common.out().println(Json.compact(metrics));
        } else if (!common.quiet) {
            reports.forEach(report -> report.lines().forEach(common.out()::println));
            common.out().println();
            common.out().println("page: " + page.toAbsolutePath().normalize());
        }
    }

    private List<String> about(GalaxyModel model, int galaxies) {
        String passes =
                samples * views == 1 ? "one look at each" : views + " views and " + samples + " samples of each";
        return List.of(
                "Model: " + model.architecture() + ", pictures of "
                        + model.preprocess().size() + " pixels",
                String.format(
                        Locale.ROOT,
                        "Galaxies: %,d, split %s, %s",
                        galaxies,
                        part.name().toLowerCase(Locale.ROOT),
                        passes));
    }
}
