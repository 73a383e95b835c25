package hoag.galaxy.cli;

import hoag.galaxy.data.ImageFolder.Image;
import hoag.galaxy.image.Augment;
import hoag.galaxy.image.Bands;
import hoag.galaxy.image.Loader;
import hoag.galaxy.image.Order;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.image.Scratch;
import hoag.galaxy.image.Transform;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Predictor;
import hoag.galaxy.learn.Progress;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs a model over pictures, a few at a time, so that the memory does not grow with their number. Every picture is seen in one or several views
 * (as it is, then turned and mirrored) and every view is answered once, or several times with dropout: the passes.
 */
final class Passes implements AutoCloseable {
    /** Any angle, and mirrored or not: what a galaxy on the sky does not mind. */
    private static final Augment TURNED =
            new Augment(180, true, Augment.Range.ONE, Augment.Range.ONE, 0, 0, 0, Augment.Range.ONE);

    private final Predictor predictor;
    private final Settings settings;
    private final int together;

    /**
     * @param batch views that the network sees at once
     * @param samples answers drawn with dropout for each view; 1: a single one, without dropout
     * @param views of each picture; 1: as it is
     */
    record Settings(int batch, int samples, int views, int threads, long seed, boolean strict) {
        Settings {
            check("--batch", batch, 4096);
            check("--samples", samples, 10_000);
            check("views (--tta, --average)", views, 10_000);
        }

        private static void check(String name, int value, int most) {
            if (value < 1 || value > most) {
                throw new ConfigException(name + " " + value + " is not allowed; it must be 1.." + most);
            }
        }
    }

    /** What the network says of some pictures; the arrays hold until the next block. */
    interface Block {
        /**
         * @param rows (count) which pictures
         * @param features (count, views, features) representations
         * @param answers (count) of (passes, width)
         */
        void take(int[] rows, int count, float[] features, double[][][] answers);
    }

    Passes(Backend backend, GalaxyModel model, Settings settings) {
        if (settings.samples > 1 && model.net().head().dropout().rate() == 0) {
            throw new ConfigException("--samples " + settings.samples
                    + ": this model was made without dropout, so every sample would be the same; use --tta for"
                    + " several views");
        }
        this.settings = settings;
        together = Math.max(1, settings.batch / settings.views);
        predictor = new Predictor(backend, model, together * settings.views, settings.samples > 1);
    }

    /** Pictures in a block. */
    int together() {
        return together;
    }

    /**
     * @param failures told of each picture that cannot be used
     * @param before how many pictures were done earlier, for the progress
     */
    void run(List<Image> images, Consumer<Loader.Failure> failures, Progress progress, int before, Block sink) {
        Preprocess preprocess = predictor.model().preprocess();
        Transform views =
                settings.views == 1 ? preprocess : new Views(preprocess, settings.views, settings.seed, images);
        var how = new Loader.Settings(together, 1, settings.threads, 2, settings.strict);
        long done = before;
        try (Loader loader = new Loader(
                images.stream().map(Image::path).toList(), views, Order.asListed(images.size()), how, failures)) {
            progress.at("images", done, before + images.size(), "");
            for (Loader.Batch next = loader.next(); next != null && !progress.stopping(); next = loader.next()) {
                float[] features = predictor.features(next.images(), next.count() * settings.views);
                sink.take(next.rows(), next.count(), features, answers(features, next.count()));
                done = before + next.rows()[next.count() - 1] + 1;
                progress.at("images", done, before + images.size(), "");
            }
        }
    }

    private double[][][] answers(float[] features, int count) {
        int width = predictor.model().width();
        double[][][] all = new double[count][settings.views * settings.samples][width];
        for (int sample = 0; sample < settings.samples; sample++) {
            float[] answers = predictor.answers(features, settings.seed, sample);
            for (int i = 0; i < count * settings.views; i++) {
                double[] pass = all[i / settings.views][i % settings.views * settings.samples + sample];
                for (int k = 0; k < width; k++) {
                    pass[k] = answers[i * width + k];
                }
            }
        }
        return all;
    }

    @Override
    public void close() {
        predictor.close();
    }

    /** Several views of one picture behind each other; the picture is decoded once. The angles depend on the galaxy's name, not on its place. */
    private record Views(Preprocess preprocess, int views, long seed, List<Image> images) implements Transform {
        @Override
        public int channels() {
            return views * preprocess.channels();
        }

        @Override
        public int size() {
            return preprocess.size();
        }

        @Override
        public Bands bands() {
            return preprocess.bands();
        }

        @Override
        public void apply(Picture picture, long epoch, int index, float[] out, int offset, Scratch scratch) {
            preprocess.apply(picture, out, offset, scratch);
            int key = images.get(index).id().hashCode();
            for (int view = 1; view < views; view++) {
                TURNED.apply(picture, preprocess, seed, view, key, out, offset + view * preprocess.length(), scratch);
            }
        }
    }
}
