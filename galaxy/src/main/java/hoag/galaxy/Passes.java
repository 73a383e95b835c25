package hoag.galaxy;

import hoag.galaxy.data.ImageFolder.Image;
import hoag.galaxy.image.Augment;
import hoag.galaxy.image.Derived;
import hoag.galaxy.image.Kept;
import hoag.galaxy.image.Loader;
import hoag.galaxy.image.Order;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.image.Scratch;
import hoag.galaxy.image.Transform;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Predictor;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.Room;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs a model over pictures, a few at a time, so that the memory does not grow with their number. Every picture is seen in one or several views
 * (as it is, then turned and mirrored) and every view is answered once, or several times with dropout: the passes.
 */
public final class Passes implements AutoCloseable {
    /** Any angle, and mirrored or not: what a galaxy on the sky does not mind. */
    private static final Augment TURNED =
            new Augment(180, true, Augment.Range.ONE, Augment.Range.ONE, 0, 0, 0, Augment.Range.ONE);

    private final Predictor predictor;
    private final Looks looks;
    private final int threads;
    private final int together;
    private final Optional<Room> room;
    private final Scratch scratch = new Scratch();

    /** What the network says of some pictures; the arrays hold until the next block. */
    public interface Block {
        /**
         * @param rows (count) which pictures
         * @param features (count, views, features) representations
         * @param answers (count) of (passes, width)
         */
        void take(int[] rows, int count, float[] features, double[][][] answers);
    }

    /**
     * Compiles the model for these looks.
     *
     * @param threads that decode pictures
     * @throws ConfigException when several samples are wanted of a model without dropout
     */
    public Passes(Backend backend, GalaxyModel model, Looks looks, int threads) {
        this(programs(backend, model, looks), looks, threads);
    }

    /** The same for programs that are shared: several threads, each with passes of its own. */
    Passes(Predictor.Programs programs, Looks looks, int threads) {
        this.looks = looks;
        this.threads = threads;
        together = programs.batch() / looks.tta();
        room = programs.room();
        predictor = new Predictor(programs);
    }

    /** What passes of several threads share. */
    static Predictor.Programs programs(Backend backend, GalaxyModel model, Looks looks) {
        if (looks.samples() > 1 && model.net().head().dropout().rate() == 0) {
            throw new ConfigException("--samples " + looks.samples()
                    + ": this model was made without dropout, so every sample would be the same; use --tta for"
                    + " several views");
        }
        boolean dropping = looks.samples() > 1;
        int views = looks.batch() == Room.AUTO ? Predictor.Programs.fitting(backend, model, dropping) : looks.batch();
        int together = Math.max(1, views / looks.tta());
        return Predictor.Programs.of(backend, model, together * looks.tta(), dropping);
    }

    /** Pictures in a block. */
    public int together() {
        return together;
    }

    /**
     * Looks at one picture.
     *
     * @param id the galaxy's name, on which the angles of further views depend
     * @throws hoag.kernels.DataException when the picture does not have what the model wants
     */
    Prediction look(Picture picture, String id) {
        Preprocess preprocess = predictor.model().preprocess();
        float[] views = new float[looks.tta() * preprocess.length()];
        views(preprocess, picture, id, views, 0, scratch);
        float[] features = predictor.features(views, looks.tta());
        return new Prediction(
                predictor.model().tasks(),
                answers(features, 1)[0],
                average(features, 0, looks.tta(), features.length / predictor.batch()));
    }

    /** Mean over the views of one galaxy of a block: (features). */
    static float[] average(float[] features, int galaxy, int views, int width) {
        float[] mean = new float[width];
        for (int view = 0; view < views; view++) {
            for (int k = 0; k < width; k++) {
                mean[k] += features[(galaxy * views + view) * width + k] / views;
            }
        }
        return mean;
    }

    /** What else becomes of a decoded picture; called by the threads that decode, before the block that holds it is taken. */
    interface Seen {
        void see(int row, Picture picture);
    }

    /**
     * Looks at pictures, block by block.
     *
     * @param failures told of each picture that cannot be used
     * @param before how many pictures were done earlier, for the progress
     */
    public void run(List<Image> images, Consumer<Loader.Failure> failures, Progress progress, int before, Block sink) {
        run(images, failures, progress, before, null, sink);
    }

    /** The same, and shows every decoded picture to {@code seen}, unless that is null. */
    void run(
            List<Image> images,
            Consumer<Loader.Failure> failures,
            Progress progress,
            int before,
            Seen seen,
            Block sink) {
        Preprocess preprocess = predictor.model().preprocess();
        Transform views = looks.tta() == 1 && seen == null ? preprocess : new Views(preprocess, images, seen);
        var how = new Loader.Settings(together, 1, threads, 2, looks.strict());
        long done = before;
        try (Loader loader = new Loader(
                images.stream().map(Image::path).toList(), views, Order.asListed(images.size()), how, failures)) {
            room.ifPresent(size -> progress.say(size.toString()));
            progress.at("images", done, before + images.size(), "");
            for (Loader.Batch next = loader.next(); next != null && !progress.stopping(); next = loader.next()) {
                float[] features = predictor.features(next.images(), next.count() * looks.tta());
                sink.take(next.rows(), next.count(), features, answers(features, next.count()));
                done = before + next.rows()[next.count() - 1] + 1;
                progress.at("images", done, before + images.size(), "");
            }
        }
    }

    private double[][][] answers(float[] features, int count) {
        int width = predictor.model().width();
        double[][][] all = new double[count][looks.tta() * looks.samples()][width];
        for (int sample = 0; sample < looks.samples(); sample++) {
            float[] answers = predictor.answers(features, looks.seed(), sample);
            for (int i = 0; i < count * looks.tta(); i++) {
                double[] pass = all[i / looks.tta()][i % looks.tta() * looks.samples() + sample];
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

    /** The picture as it is, then turned and mirrored; the angles depend on the galaxy's name, not on its place. */
    private void views(Preprocess preprocess, Picture picture, String id, float[] out, int offset, Scratch scratch) {
        preprocess.apply(picture, out, offset, scratch);
        for (int view = 1; view < looks.tta(); view++) {
            int at = offset + view * preprocess.length();
            TURNED.apply(picture, preprocess, looks.seed(), view, id.hashCode(), out, at, scratch);
        }
    }

    /** Several views of one picture behind each other; the picture is decoded once. */
    private final class Views implements Derived {
        private final Preprocess preprocess;
        private final List<Image> images;
        private final Seen seen;

        Views(Preprocess preprocess, List<Image> images, Seen seen) {
            this.preprocess = preprocess;
            this.images = images;
            this.seen = seen;
        }

        @Override
        public Transform base() {
            return preprocess;
        }

        @Override
        public int channels() {
            return looks.tta() * preprocess.channels();
        }

        @Override
        public Kept kept() {
            return seen == null ? preprocess.kept() : null;
        }

        @Override
        public void apply(Picture picture, long epoch, int index, float[] out, int offset, Scratch scratch) {
            views(preprocess, picture, images.get(index).id(), out, offset, scratch);
            if (seen != null) {
                seen.see(index, picture);
            }
        }
    }
}
