package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.engine.files.Json;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.ImageFolder;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.data.Split;
import hoag.galaxy.learn.Examples;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Labels;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.Task;
import hoag.galaxy.report.Answered;
import hoag.galaxy.report.EvaluationPage;
import hoag.galaxy.report.Gallery;
import hoag.galaxy.report.TaskReport;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * Scores a model on galaxies whose answers are known, and writes metrics.json and report.html, as {@code hoag evaluate}.
 *
 * @param model the model file
 * @param catalog table with id (or file) and the model's label columns
 * @param images folder of the pictures, found by the column file or by id; null for beside the catalogue
 * @param out folder for metrics.json and report.html
 * @param split which part of the catalogue; the part of a galaxy comes from the column split, else from its id, as in training
 * @param votes volunteers for each galaxy, if the tree's columns hold fractions; null if they hold counts
 * @param mistakes so many pictures in each gallery of a task (best answers, worst mistakes, most uncertain), 0 or more
 * @param leastVotes on a root question of a tree, for a galaxy to count in its accuracies, 0 or more; Galaxy Zoo DECaLS took 34
 * @param looks batches, passes with dropout, views, and what becomes of pictures that cannot be used
 * @param compute device, threads and precision
 */
public record Evaluate(
        Path model,
        Path catalog,
        Path images,
        Path out,
        Part split,
        Double votes,
        Looks looks,
        int mistakes,
        double leastVotes,
        Compute compute) {
    /** Which galaxies. */
    public enum Part {
        /** Those that models learn from. */
        TRAIN,
        /** Those that choose among models. */
        VALID,
        /** Those that no model has seen. */
        TEST,
        /** Every row. */
        ALL
    }

    /** @throws ConfigException when the number of pictures or of votes is negative */
    public Evaluate {
        if (mistakes < 0) {
            throw new ConfigException("--mistakes " + mistakes + " is not allowed; it must be 0 or more");
        }
        if (!(leastVotes >= 0)) {
            throw new ConfigException("--least-votes " + leastVotes + " is not allowed; it must be 0 or more");
        }
    }

    /** The test part, one look at each picture, on all cores of the CPU. */
    public Evaluate(Path model, Path catalog, Path images, Path out) {
        this(model, catalog, images, out, Part.TEST, null, Looks.ONE, 12, 0, Compute.cpu());
    }

    /** The same on another part of the catalogue. */
    public Evaluate split(Part split) {
        return new Evaluate(model, catalog, images, out, split, votes, looks, mistakes, leastVotes, compute);
    }

    /** The same where the tree's columns hold fractions of so many volunteers' votes. */
    public Evaluate votes(double votes) {
        return new Evaluate(model, catalog, images, out, split, votes, looks, mistakes, leastVotes, compute);
    }

    /** The same with other {@link #looks}. */
    public Evaluate looks(Looks looks) {
        return new Evaluate(model, catalog, images, out, split, votes, looks, mistakes, leastVotes, compute);
    }

    /** The same with so many pictures of {@link #mistakes}. */
    public Evaluate mistakes(int mistakes) {
        return new Evaluate(model, catalog, images, out, split, votes, looks, mistakes, leastVotes, compute);
    }

    /** The same for galaxies with at least so many votes on a root question. */
    public Evaluate leastVotes(double leastVotes) {
        return new Evaluate(model, catalog, images, out, split, votes, looks, mistakes, leastVotes, compute);
    }

    /** The same elsewhere. */
    public Evaluate compute(Compute compute) {
        return new Evaluate(model, catalog, images, out, split, votes, looks, mistakes, leastVotes, compute);
    }

    /**
     * How well the model did.
     *
     * @param reports task by task
     * @param metrics what stands in metrics.json
     * @param failed what was left out, and why
     * @param page report.html
     * @param finished false when the progress said to stop: nothing was written, reports and metrics are empty
     */
    public record Result(
            List<TaskReport> reports, Map<String, Object> metrics, List<String> failed, Path page, boolean finished) {}

    /** A task, its place in the model's answers, and the labels of all rows. */
    private record Known(Task task, int offset, Examples examples) {}

    /**
     * Looks, scores and writes.
     *
     * @throws DataException when no galaxy can be scored, or the files cannot be written
     * @throws hoag.kernels.FormatException when the model cannot be read
     */
    public Result run(Progress progress) {
        return compute.caching(() -> work(progress));
    }

    private Result work(Progress progress) {
        Outputs.folder(out);
        GalaxyModel loaded = GalaxyModel.load(model);
        Catalogue table = Catalogue.read(catalog);
        ImageFolder folder = ImageFolder.of(Catalogue.images(catalog, images));
        List<String> failed = new ArrayList<>();
        Catalogue rows = chosen(table, loaded, folder, failed);
        List<Known> known = known(loaded, rows, folder, failed);
        double[][][] passes = new double[rows.size()][][];
        answer(loaded, known.getFirst().examples, passes, progress, failed);
        if (progress.stopping()) {
            return new Result(List.of(), Map.of(), List.copyOf(failed), page(), false);
        }
        int[] done =
                IntStream.range(0, passes.length).filter(i -> passes[i] != null).toArray();
        if (done.length == 0) {
            throw new DataException("none of " + passes.length + " images could be used; first " + failed.getFirst());
        }
        try (ForkJoinPool pool = compute.pool()) {
            List<TaskReport> reports = Compute.within(pool, () -> reports(known, done, passes, failed));
            return write(loaded, reports, done.length, failed);
        }
    }

    private Path page() {
        return out.resolve("report.html");
    }

    private Catalogue chosen(Catalogue table, GalaxyModel loaded, ImageFolder folder, List<String> failed) {
        Catalogue rows = split == Part.ALL ? table : Roster.part(table, loaded, Split.valueOf(split.name()));
        if (rows.size() == 0) {
            throw new DataException(
                    catalog + ": no galaxy belongs to the part " + part() + "; --split all takes every row");
        }
        Catalogue there = looks.strict() ? rows : rows.withImages(folder);
        if (there.size() == 0) {
            rows.images(folder); // says which, and what it looked for
        }
        if (there.size() < rows.size()) {
            failed.add((rows.size() - there.size()) + " of " + rows.size() + " rows have no image in " + folder);
        }
        return there;
    }

    private String part() {
        return split.name().toLowerCase(Locale.ROOT);
    }

    /** The tasks that the catalogue has labels for; if it has none, why not. */
    private List<Known> known(GalaxyModel loaded, Catalogue rows, ImageFolder folder, List<String> failed) {
        List<Known> known = new ArrayList<>();
        DataException first = null;
        int[] offsets = Task.offsets(loaded.tasks());
        for (int t = 0; t < loaded.tasks().size(); t++) {
            Task task = loaded.tasks().get(t);
            try {
                known.add(new Known(
                        task,
                        offsets[t],
                        Labels.examples(
                                rows,
                                folder,
                                List.of(task),
                                votes == null ? OptionalDouble.empty() : OptionalDouble.of(votes),
                                Labels.severalCampaigns(loaded.tasks()))));
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

    private void answer(
            GalaxyModel loaded, Examples examples, double[][][] passes, Progress progress, List<String> failed) {
        try (Backend backend = compute.open();
                Passes network = new Passes(backend, loaded, looks, compute.threads())) {
            network.run(
                    Pictures.pairs(examples.ids(), examples.images()),
                    failure -> failed.add(failure.error().getMessage()),
                    progress,
                    0,
                    (rows, count, features, answers) -> {
                        for (int i = 0; i < count; i++) {
                            passes[rows[i]] = answers[i];
                        }
                    });
        }
    }

    /** A task that cannot be scored (one kind of label only, say) does not spoil the others. */
    private List<TaskReport> reports(List<Known> known, int[] done, double[][][] passes, List<String> failed) {
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

    private TaskReport report(Known known, int[] done, double[][][] passes) {
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
                        own),
                leastVotes);
    }

    private Result write(GalaxyModel loaded, List<TaskReport> reports, int galaxies, List<String> failed) {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("model", model.toString());
        metrics.put("catalog", catalog.toString());
        metrics.put("split", part());
        metrics.put("galaxies", galaxies);
        metrics.put("samples", looks.samples());
        metrics.put("tta", looks.tta());
        Map<String, Object> tasks = new LinkedHashMap<>();
        reports.forEach(report -> tasks.put(report.name(), report.metrics()));
        metrics.put("tasks", tasks);
        String title = model.getFileName() + " on " + catalog.getFileName();
        Gallery gallery = new Gallery(mistakes, loaded.preprocess().bands());
        AtomicFile.writeText(page(), EvaluationPage.of(title, about(loaded, galaxies), reports, gallery));
        Json.write(out.resolve("metrics.json"), metrics);
        return new Result(reports, metrics, List.copyOf(failed), page(), true);
    }

    private List<String> about(GalaxyModel loaded, int galaxies) {
        String passes = looks.passes() == 1
                ? "one look at each"
                : looks.tta() + " views and " + looks.samples() + " samples of each";
        return List.of(
                "Model: " + loaded.architecture() + ", pictures of "
                        + loaded.preprocess().size() + " pixels",
                String.format(Locale.ROOT, "Galaxies: %,d, split %s, %s", galaxies, part(), passes));
    }
}
