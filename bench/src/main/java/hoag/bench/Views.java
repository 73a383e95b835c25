package hoag.bench;

import hoag.engine.files.Npy;
import hoag.engine.files.NpyRows;
import hoag.galaxy.data.Catalogue;
import hoag.galaxy.data.ImageFolder;
import hoag.galaxy.image.Augment;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Predictor;
import hoag.galaxy.learn.Progress;
import hoag.kernels.Backend;
import hoag.kernels.Backends;
import java.nio.file.Path;
import java.util.List;

/** Representations of views of pictures, for FixMatch: two that hardly differ from the picture and two that differ much, (views x galaxies, features). */
public final class Views {
    /** How many of each. */
    static final int EACH = 2;

    private static final Augment WEAK =
            new Augment(0, true, Augment.Range.ONE, Augment.Range.ONE, 0.125, 0, 0, Augment.Range.ONE);
    private static final Augment STRONG = new Augment(
            180,
            true,
            new Augment.Range(0.8, 1.4),
            new Augment.Range(0.75, 1.33),
            0.15,
            20,
            2,
            new Augment.Range(0.02, 0.1));

    private Views() {}

    /** @param args model, catalogue, images, beginning of the names of the files to write */
    public static void main(String... args) {
        int threads = Runtime.getRuntime().availableProcessors();
        Catalogue catalogue = Catalogue.read(Path.of(args[1]));
        List<Path> paths = catalogue.images(ImageFolder.of(Path.of(args[2])));
        try (Backend backend = Backends.open("cpu", threads);
                Predictor predictor = new Predictor(backend, GalaxyModel.load(Path.of(args[0])), 32, false)) {
            write(predictor, WEAK, paths, threads, Path.of(args[3] + "-weak.npy"));
            write(predictor, STRONG, paths, threads, Path.of(args[3] + "-strong.npy"));
        }
    }

    private static void write(Predictor predictor, Augment augment, List<Path> paths, int threads, Path file) {
        try (NpyRows rows = Npy.rows(file, predictor.model().net().encoder().features())) {
            for (int view = 0; view < EACH; view++) {
                var transform = augment.with(predictor.model().preprocess(), 42 + view);
                predictor
                        .represent(paths, transform, threads, true, failure -> {}, Progress.NONE)
                        .forEach(each -> rows.append(each.features()));
            }
            rows.commit();
        }
    }
}
