package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.engine.files.Npy;
import hoag.engine.files.NpyRows;
import hoag.galaxy.data.Csv;
import hoag.galaxy.data.ImageFolder.Image;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Progress;
import hoag.kernels.Backend;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the representation of every picture, float32 rows of an {@code .npy} file, and beside it the ids in the same order, as
 * {@code hoag represent}.
 *
 * @param model the model file, or published weights with timm's keys
 * @param pictures what to look at
 * @param out the matrix to write, (pictures, features)
 * @param bare how weights are used that are no Hoag model
 * @param looks {@code tta} views are averaged; samples play no part
 * @param compute device, threads and precision
 */
public record Represent(Path model, Bare bare, Pictures pictures, Path out, Looks looks, Compute compute) {
    /** One look at each picture, on all cores of the CPU. */
    public Represent(Path model, Pictures pictures, Path out) {
        this(model, Bare.AS_IT_SAYS, pictures, out, Looks.ONE, Compute.cpu());
    }

    /** The same for published weights, used so. */
    public Represent bare(Bare bare) {
        return new Represent(model, bare, pictures, out, looks, compute);
    }

    /** The same with other {@link #looks}. */
    public Represent looks(Looks looks) {
        return new Represent(model, bare, pictures, out, looks, compute);
    }

    /** The same with the mean over so many views, turned and mirrored. */
    public Represent average(int views) {
        return looks(looks.tta(views));
    }

    /** The same elsewhere. */
    public Represent compute(Compute compute) {
        return new Represent(model, bare, pictures, out, looks, compute);
    }

    /**
     * How it ended.
     *
     * @param rows pictures in the matrix
     * @param columns features
     * @param ids the table of ids
     * @param failed what could not be used, and why
     * @param finished false when the progress said to stop: nothing was written
     */
    public record Result(long rows, int columns, Path ids, List<String> failed, boolean finished) {}

    /**
     * Looks and writes.
     *
     * @throws DataException when no picture can be used, a file cannot be written, or, with strict, a picture cannot be used
     * @throws hoag.kernels.FormatException when the model cannot be read
     */
    public Result run(Progress progress) {
        return compute.caching(() -> work(progress));
    }

    private Result work(Progress progress) {
        Outputs.file(out);
        GalaxyModel loaded = bare.open(model);
        List<String> failed = new ArrayList<>();
        List<Image> images = pictures.gather(looks.strict() ? null : failed::add);
        int width = loaded.net().encoder().features();
        StringBuilder ids = new StringBuilder("id\n");
        try (Backend backend = compute.open();
                Passes passes = new Passes(backend, loaded, looks.samples(1).upTo(images.size()), compute.threads());
                NpyRows matrix = Npy.rows(out, width)) {
            passes.run(
                    images,
                    failure -> failed.add(failure.error().getMessage()),
                    progress,
                    0,
                    (rows, count, features, answers) -> {
                        for (int i = 0; i < count; i++) {
                            matrix.append(Passes.average(features, i, looks.tta(), width));
                            ids.append(Csv.field(images.get(rows[i]).id())).append('\n');
                        }
                    });
            if (!progress.stopping()) {
                if (matrix.rows() == 0) {
                    throw new DataException(
                            "none of " + images.size() + " images could be used; first " + failed.getFirst());
                }
                commit(matrix, ids);
            }
            return new Result(matrix.rows(), width, idsFile(), List.copyOf(failed), !progress.stopping());
        }
    }

    /** Both files or neither. */
    private void commit(NpyRows matrix, StringBuilder ids) {
        AtomicFile.writeText(idsFile(), ids);
        try {
            matrix.commit();
        } catch (DataException e) {
            delete(idsFile(), e);
            throw e;
        }
    }

    private static void delete(Path file, DataException reason) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** {@code features.npy} to {@code features.ids.csv}. */
    private Path idsFile() {
        return out.resolveSibling(out.getFileName().toString().replaceFirst("\\.npy$", "") + ".ids.csv");
    }
}
