package hoag.galaxy;

import hoag.galaxy.data.Column;
import hoag.galaxy.data.Csv;
import hoag.galaxy.data.ImageFolder.Image;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.tree.VoteColumns;
import hoag.galaxy.tree.VoteStatistics;
import hoag.kernels.Backend;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * Answers a model's questions for pictures and writes a table, one row for each picture, as {@code hoag predict}.
 *
 * <pre>{@code
 * new Predict(model, Pictures.of(folder), Path.of("votes.csv")).samples(10).run(Progress.NONE);
 * }</pre>
 *
 * @param model the model file
 * @param pictures what to look at
 * @param out the table to write, CSV, or by the ending of its name FITS, Parquet or what modules bring; while it grows it is called {@code OUT.part}
 * @param columns how vote columns are named
 * @param bounds how the 90% bounds of several passes become one
 * @param status whether pictures that cannot be used have rows too, their answers blank and the reason in a last column status; ok in the others
 * @param resume whether to go on with {@code OUT.part}, which a stopped or killed run left
 * @param looks batches, passes with dropout, views, and what becomes of pictures that cannot be used
 * @param compute device, threads and precision
 */
public record Predict(
        Path model,
        Pictures pictures,
        Path out,
        Looks looks,
        VoteColumns columns,
        VoteStatistics.Bounds bounds,
        boolean status,
        boolean resume,
        Compute compute) {
    /** One look at each picture, on all cores of the CPU. */
    public Predict(Path model, Pictures pictures, Path out) {
        this(
                model,
                pictures,
                out,
                Looks.ONE,
                VoteColumns.PLAIN,
                VoteStatistics.Bounds.MIXTURE,
                false,
                false,
                Compute.cpu());
    }

    /** The same with other {@link #looks}. */
    public Predict looks(Looks looks) {
        return new Predict(model, pictures, out, looks, columns, bounds, status, resume, compute);
    }

    /** The same with so many answers drawn with dropout. */
    public Predict samples(int samples) {
        return looks(looks.samples(samples));
    }

    /** The same with so many views of each picture. */
    public Predict tta(int tta) {
        return looks(looks.tta(tta));
    }

    /** The same with other {@link #columns}. */
    public Predict columns(VoteColumns columns) {
        return new Predict(model, pictures, out, looks, columns, bounds, status, resume, compute);
    }

    /** The same with other {@link #bounds}. */
    public Predict bounds(VoteStatistics.Bounds bounds) {
        return new Predict(model, pictures, out, looks, columns, bounds, status, resume, compute);
    }

    /** The same, with {@link #status} or without. */
    public Predict status(boolean status) {
        return new Predict(model, pictures, out, looks, columns, bounds, status, resume, compute);
    }

    /** The same, going on or not. */
    public Predict resume(boolean resume) {
        return new Predict(model, pictures, out, looks, columns, bounds, status, resume, compute);
    }

    /** The same elsewhere. */
    public Predict compute(Compute compute) {
        return new Predict(model, pictures, out, looks, columns, bounds, status, resume, compute);
    }

    /**
     * How it ended.
     *
     * @param rows pictures in the table
     * @param images pictures that were to be looked at
     * @param failed what could not be used, and why
     * @param finished false when the progress said to stop: the rows are in {@code part}
     * @param part where the rows are if the work was stopped
     */
    public record Result(long rows, int images, List<String> failed, boolean finished, Path part) {}

    /**
     * Looks and writes.
     *
     * @throws DataException when no picture can be used, the table cannot be written, or, with strict, a picture cannot be used
     * @throws hoag.kernels.FormatException when the model cannot be read
     * @throws hoag.kernels.ConfigException when {@code OUT.part} was left by a run with other settings
     */
    public Result run(Progress progress) {
        return compute.caching(() -> work(progress));
    }

    private Result work(Progress progress) {
        Outputs.file(out);
        GalaxyModel loaded = GalaxyModel.load(model);
        List<String> failed = new ArrayList<>();
        List<Image> images = status ? pictures.wanted() : pictures.gather(looks.strict() ? null : failed::add);
        try (Backend backend = compute.open();
                ForkJoinPool pool = compute.pool();
                Passes passes = new Passes(backend, loaded, looks.upTo(images.size()), compute.threads());
                PartTable table = new PartTable(out)) {
            look(loaded, images, passes, table, pool, failed, progress);
            if (!progress.stopping()) {
                if (table.rows() == 0) {
                    throw new DataException(
                            "none of " + images.size() + " images could be used; first " + failed.getFirst());
                }
                table.commit();
            }
            return new Result(table.rows(), images.size(), List.copyOf(failed), !progress.stopping(), table.part());
        }
    }

    private void look(
            GalaxyModel loaded,
            List<Image> images,
            Passes passes,
            PartTable table,
            ForkJoinPool pool,
            List<String> failed,
            Progress progress) {
        AnswerColumns answers = new AnswerColumns(loaded.tasks(), columns, bounds);
        List<Column> header = header(answers);
        Object run = fingerprint(loaded, images);
        int done = 0;
        if (resume) {
            done = position(images, table, table.resume(header, run), passes.together(), failed);
        } else {
            table.begin(header, run);
        }
        List<Image> rest = images.subList(done, images.size());
        NavigableMap<Integer, String> unusable = new TreeMap<>();
        passes.run(
                rest,
                failure -> {
                    failed.add(failure.error().getMessage());
                    if (status) {
                        unusable.put(failure.row(), failure.error().getMessage());
                    }
                },
                progress,
                done,
                (rows, count, features, said) -> {
                    List<String> lines = Compute.within(
                            pool,
                            () -> IntStream.range(0, count)
                                    .parallel()
                                    .mapToObj(i -> line(rest.get(rows[i]).id(), answers.values(said[i])))
                                    .toList());
                    table.append(merge(rest, rows, lines, unusable, header.size()));
                });
        if (!progress.stopping()) {
            table.append(blank(rest, unusable, header.size()));
        }
    }

    private List<Column> header(AnswerColumns answers) {
        List<Column> header = new ArrayList<>();
        header.add(Column.of("id", Column.Type.TEXT, "meta.id;meta.main", "the galaxy"));
        header.addAll(answers.columns());
        if (status) {
            header.add(Column.of("status", Column.Type.TEXT, "meta.code.status", "ok, or why there is no answer"));
        }
        return header;
    }

    private String line(String id, List<String> values) {
        List<String> fields = new ArrayList<>(values.size() + 2);
        fields.add(id);
        fields.addAll(values);
        if (status) {
            fields.add("ok");
        }
        return Csv.line(fields);
    }

    /** The lines of a block, those of pictures that could not be used at their places among them. */
    private static List<String> merge(
            List<Image> images, int[] rows, List<String> lines, NavigableMap<Integer, String> unusable, int width) {
        if (unusable.isEmpty()) {
            return lines;
        }
        List<String> all = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            all.addAll(blank(images, unusable.headMap(rows[i], false), width));
            all.add(lines.get(i));
        }
        return all;
    }

    /** A row without answers for each of these pictures, which are then done with. */
    private static List<String> blank(List<Image> images, Map<Integer, String> unusable, int width) {
        List<String> lines = new ArrayList<>();
        unusable.forEach((row, reason) -> {
            List<String> fields = new ArrayList<>(Collections.nCopies(width, ""));
            fields.set(0, images.get(row).id());
            fields.set(width - 1, reason);
            lines.add(Csv.line(fields));
        });
        unusable.clear();
        return lines;
    }

    /** Where to go on: at the first block that is not whole, so that dropout draws what it would have drawn. What failed before is told again. */
    private static int position(
            List<Image> images, PartTable table, List<String> done, int together, List<String> failed) {
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

    private Object fingerprint(GalaxyModel loaded, List<Image> images) {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("model", model.toAbsolutePath().toString());
        run.put("model_bytes", model.toFile().length());
        run.put("model_changed", model.toFile().lastModified());
        run.put("architecture", loaded.architecture());
        run.put("images", (long) images.size());
        run.put("ids", (long) images.stream().map(Image::id).toList().hashCode());
        run.put("samples", (long) looks.samples());
        run.put("tta", (long) looks.tta());
        run.put("batch", (long) looks.batch());
        run.put("seed", looks.seed());
        run.put("status", status);
        run.put("columns", columns.name());
        run.put("bounds", bounds.name());
        return run;
    }
}
