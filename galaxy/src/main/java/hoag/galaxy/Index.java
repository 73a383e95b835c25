package hoag.galaxy;

import hoag.engine.files.DType;
import hoag.engine.files.Npy;
import hoag.engine.files.TensorData;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.ImageFolder.Image;
import hoag.galaxy.data.Outputs;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Thumbnails;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.survey.About;
import hoag.galaxy.survey.Entry;
import hoag.galaxy.survey.Fingerprint;
import hoag.galaxy.survey.SurveyInfo;
import hoag.galaxy.survey.SurveyWriter;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts galaxies into a survey: representation, name, what a catalogue says, and a thumbnail, as {@code hoag index}. Galaxies that the survey has
 * are passed over, so that the same call goes on after a stop, and adds what is new.
 *
 * @param model the model file; a survey holds representations of one model only
 * @param source pictures, or a matrix that {@link Represent} wrote
 * @param catalog table of what is known of the galaxies, by id; null for none
 * @param out the survey, made if there is none
 * @param thumbnail long side of thumbnails in pixels, 0..512; 0 for none
 * @param looks {@code tta} views are averaged; samples play no part
 * @param compute device, threads and precision
 */
public record Index(Path model, Source source, Path catalog, Path out, int thumbnail, Looks looks, Compute compute) {
    /** Long side of thumbnails where nothing is said. */
    public static final int THUMBNAIL = 96;

    private static final int BLOCK = 256;
    private static final int MATRIX_BLOCK = 8192;

    /** Where representations come from. */
    public sealed interface Source {
        /** A model looks at pictures. */
        record Seen(Pictures pictures) implements Source {}

        /**
         * Rows of a float32 matrix.
         *
         * @param features the {@code .npy}, (galaxies, features), made by the model
         * @param ids table with the ids in the same order
         */
        record Matrix(Path features, Path ids) implements Source {
            /** With the ids beside it: {@code features.ids.csv} for {@code features.npy}. */
            public Matrix(Path features) {
                this(
                        features,
                        features.resolveSibling(
                                features.getFileName().toString().replaceFirst("\\.npy$", "") + ".ids.csv"));
            }
        }
    }

    /** @throws ConfigException when the side of thumbnails is out of its range */
    public Index {
        if (thumbnail < 0 || thumbnail > 512) {
            throw new ConfigException("--thumbnail " + thumbnail + " is not allowed; it must be 0..512 pixels");
        }
    }

    /** Pictures, looked at once each, on all cores of the CPU. */
    public Index(Path model, Pictures pictures, Path out) {
        this(model, new Source.Seen(pictures), pictures.catalog(), out, THUMBNAIL, Looks.ONE, Compute.cpu());
    }

    /** A matrix and the ids beside it. */
    public Index(Path model, Source.Matrix matrix, Path out) {
        this(model, matrix, null, out, THUMBNAIL, Looks.ONE, Compute.cpu());
    }

    /** The same with a table of what is known. */
    public Index catalog(Path catalog) {
        return new Index(model, source, catalog, out, thumbnail, looks, compute);
    }

    /** The same with other {@link #looks}. */
    public Index looks(Looks looks) {
        return new Index(model, source, catalog, out, thumbnail, looks, compute);
    }

    /** The same elsewhere. */
    public Index compute(Compute compute) {
        return new Index(model, source, catalog, out, thumbnail, looks, compute);
    }

    /**
     * How it ended.
     *
     * @param added galaxies that were put in
     * @param known galaxies that were there already
     * @param total galaxies of the survey now
     * @param dropped bytes of an unfinished block that were found and cut off
     * @param failed what could not be used, and why
     * @param finished false when the progress said to stop; what was added is kept
     */
    public record Result(int added, int known, int total, long dropped, List<String> failed, boolean finished) {}

    /**
     * Looks and writes.
     *
     * @throws DataException when another process writes the survey, nothing can be used, a matrix is not as wide as the model's representations, a
     *     file cannot be written, or, with strict, a picture cannot be used
     * @throws ConfigException when the survey was made by another model
     * @throws hoag.kernels.FormatException when model, matrix or survey cannot be read
     */
    public Result run(Progress progress) {
        Outputs.file(out);
        About about = catalog == null ? About.nothing() : About.of(Catalogue.read(catalog));
        return switch (source) {
            case Source.Seen seen -> see(seen.pictures(), about, progress);
            case Source.Matrix matrix -> copy(matrix, about, progress);
        };
    }

    private SurveyInfo info(int width) {
        return new SurveyInfo(
                width, Fingerprint.of(model), model.toAbsolutePath().normalize().toString(), looks.tta());
    }

    private Result see(Pictures pictures, About about, Progress progress) {
        GalaxyModel loaded = GalaxyModel.load(model);
        List<String> failed = new ArrayList<>();
        List<Image> all = pictures.gather(looks.strict() ? null : failed::add);
        int width = loaded.net().encoder().features();
        try (SurveyWriter survey = new SurveyWriter(out, info(width), BLOCK)) {
            List<Image> images =
                    all.stream().filter(image -> !survey.has(image.id())).toList();
            int before = survey.size();
            if (!images.isEmpty()) {
                look(loaded, images, all.size() - images.size(), about, survey, failed, progress);
                if (survey.size() == 0 && !progress.stopping()) {
                    throw new DataException("none of " + all.size() + " images could be used; first "
                            + (failed.isEmpty() ? "" : failed.getFirst()));
                }
            }
            return result(survey, before, all.size() - images.size(), failed, progress);
        }
    }

    private void look(
            GalaxyModel loaded,
            List<Image> images,
            int known,
            About about,
            SurveyWriter survey,
            List<String> failed,
            Progress progress) {
        byte[][] thumbnails = new byte[images.size()][];
        int width = loaded.net().encoder().features();
        try (Backend backend = compute.open();
                Passes passes = new Passes(backend, loaded, looks.samples(1).upTo(images.size()), compute.threads())) {
            passes.run(
                    images,
                    failure -> failed.add(failure.error().getMessage()),
                    progress,
                    known,
                    (row, picture) -> thumbnails[row] = small(picture),
                    (rows, count, features, answers) -> {
                        for (int i = 0; i < count; i++) {
                            float[] mean = Passes.average(features, i, looks.tta(), width);
                            add(survey, about, images.get(rows[i]).id(), mean, thumbnails[rows[i]], failed);
                            thumbnails[rows[i]] = null;
                        }
                    });
        }
    }

    private byte[] small(Picture picture) {
        return thumbnail == 0 ? new byte[0] : Thumbnails.jpeg(Thumbnails.of(picture, thumbnail), 0.85);
    }

    private void add(
            SurveyWriter survey, About about, String id, float[] features, byte[] picture, List<String> failed) {
        Entry entry;
        try {
            entry = about.entry(id, features, picture);
        } catch (DataException e) {
            if (looks.strict()) {
                throw e;
            }
            failed.add(e.getMessage());
            return;
        }
        survey.append(entry);
    }

    private Result copy(Source.Matrix matrix, About about, Progress progress) {
        List<String> ids = Catalogue.read(matrix.ids()).ids();
        List<String> failed = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            TensorData features = Npy.map(matrix.features(), arena);
            check(matrix, features, ids.size());
            int width = (int) features.shape()[1];
            made(matrix, width);
            try (SurveyWriter survey = new SurveyWriter(out, info(width), MATRIX_BLOCK)) {
                int before = survey.size();
                int known = 0;
                for (int i = 0; i < ids.size() && !progress.stopping(); i++) {
                    if (survey.has(ids.get(i))) {
                        known++;
                    } else {
                        float[] row = features.data()
                                .asSlice(4L * i * width, 4L * width)
                                .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
                        add(survey, about, ids.get(i), row, new byte[0], failed);
                    }
                    progress.at("rows", "rows", i + 1, ids.size(), "");
                }
                return result(survey, before, known, failed, progress);
            }
        }
    }

    private static void check(Source.Matrix matrix, TensorData features, int ids) {
        if (features.dtype() != DType.F32 || features.shape().length != 2) {
            throw new DataException(matrix.features() + ": is " + features.dtype() + " of " + features.shape().length
                    + " axes; want F32 (galaxies, features)");
        }
        if (features.shape()[0] != ids) {
            throw new DataException(matrix.features() + ": has " + features.shape()[0] + " rows, " + matrix.ids() + " "
                    + ids + " ids; they must go together");
        }
    }

    private void made(Source.Matrix matrix, int width) {
        int made = GalaxyModel.load(model).net().encoder().features();
        if (made != width) {
            throw new DataException(matrix.features() + ": has " + width + " features, those of " + model + " are "
                    + made + "; give the model that made them");
        }
    }

    private static Result result(SurveyWriter survey, int before, int known, List<String> failed, Progress progress) {
        survey.flush();
        return new Result(
                survey.size() - before,
                known,
                survey.size(),
                survey.dropped(),
                List.copyOf(failed),
                !progress.stopping());
    }
}
