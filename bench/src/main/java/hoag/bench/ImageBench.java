package hoag.bench;

import hoag.galaxy.image.Augment;
import hoag.galaxy.image.Bands;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Filter;
import hoag.galaxy.image.Loader;
import hoag.galaxy.image.Order;
import hoag.galaxy.image.PictureReader;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.image.Scratch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;

/** Times what happens to one JPEG or PNG before a network of 224 x 224 sees it: {@code ImageBench FILE}. Medians of five runs, one thread. */
public final class ImageBench {
    private static final int REPEATS = 100;

    private ImageBench() {}

    public static void main(String[] args) {
        var path = Path.of(args[0]);
        var rgb = Preprocess.of(224, Channels.RGB_OR_GREY);
        var out = new float[rgb.length()];
        var scratch = new Scratch();
        try (var reader = new PictureReader()) {
            var picture = reader.read(path, Bands.SINGLE);
            System.out.println(path.getFileName() + " " + picture.shape());
            time("read and decode", _ -> reader.read(path, Bands.SINGLE));
            time("resize bilinear", _ -> rgb.apply(picture, out, 0, scratch));
            time("resize bicubic", _ -> rgb.filter(Filter.BICUBIC).apply(picture, out, 0, scratch));
            time("zoom 1.2 and resize", _ -> rgb.zoom(1.2).apply(picture, out, 0, scratch));
            time("Augment.GALAXY", i -> Augment.GALAXY.apply(picture, rgb, 1, 0, i, out, 0, scratch));
            time("Augment.ZOOBOT", i -> Augment.ZOOBOT.apply(picture, rgb, 1, 0, i, out, 0, scratch));
        }
        load(path, rgb);
    }

    private interface Task {
        void run(int i);
    }

    private static void time(String what, Task task) {
        var runs = new double[6];
        for (int run = 0; run < runs.length; run++) {
            long start = System.nanoTime();
            for (int i = 0; i < REPEATS; i++) task.run(i);
            runs[run] = (System.nanoTime() - start) / 1e6 / REPEATS;
        }
        runs[0] = 0; // the first run warms up; below every other it moves the median of five to index 3
        Arrays.sort(runs);
        System.out.printf("%-20s %6.3f ms%n", what, runs[3]);
    }

    /** From the start of the loader to its last batch, so that what it prepares ahead is not given away. */
    private static void load(Path path, Preprocess rgb) {
        var settings = new Loader.Settings(32, 1, Runtime.getRuntime().availableProcessors(), 2, true);
        int images = 512;
        long start = System.nanoTime();
        try (var loader = new Loader(
                Collections.nCopies(images, path),
                Augment.GALAXY.with(rgb, 1),
                Order.asListed(images),
                settings,
                _ -> {})) {
            while (loader.next() != null) {}
        }
        System.out.printf(
                "%-20s %6.0f images/s with %d threads%n",
                "Loader", images / ((System.nanoTime() - start) / 1e9), settings.threads());
    }
}
