package hoag.galaxy.learn;

import hoag.engine.Program;
import hoag.engine.Tensor;
import hoag.engine.Workspace;
import hoag.engine.nn.Trace;
import hoag.galaxy.image.Loader;
import hoag.galaxy.image.Order;
import hoag.galaxy.image.Transform;
import hoag.kernels.Backend;
import hoag.kernels.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Runs a model on pictures: representations, and answers from them. Dropout stands before the last layer alone, so Monte Carlo dropout is many
 * passes of the head over one representation.
 */
public final class Predictor implements AutoCloseable {
    private final GalaxyModel model;
    private final int batch;
    private final Workspace backbone;
    private final Workspace head;
    private final float[] images;
    private final float[] features;
    private final float[] answers;

    /**
     * What a model's predictors share: immutable, for as many threads as there are. Each thread has a predictor of its own.
     *
     * @param room what they take of the device's memory; empty for one without memory of its own
     */
    public record Programs(GalaxyModel model, int batch, Program backbone, Program head, Optional<Room> room) {
        private static final int MOST = 256; // more give no more speed

        /**
         * Compiles a model.
         *
         * @param batch pictures at once, or {@link Room#AUTO}
         * @param dropping true for Monte Carlo dropout: every sample of {@link Predictor#answers} draws anew
         */
        public static Programs of(Backend backend, GalaxyModel model, int batch, boolean dropping) {
            return batch == Room.AUTO
                    ? made(backend, model, fitting(backend, model, dropping), dropping)
                    : made(backend, model, batch, dropping);
        }

        /** How many pictures at once fit into the device's memory, {@link #MOST} at most. */
        public static int fitting(Backend backend, GalaxyModel model, boolean dropping) {
            return Room.choose(backend, MOST, batch -> {
                Programs made = made(backend, model, batch, dropping);
                return new Program[] {made.backbone, made.head};
            });
        }

        private static Programs made(Backend backend, GalaxyModel model, int batch, boolean dropping) {
            int side = model.preprocess().size();
            Tensor picture =
                    Tensor.input("image", Shape.of(batch, model.preprocess().channels(), side, side));
            Tensor features = Tensor.input(
                    "features", Shape.of(batch, model.net().encoder().features()));
            Tensor outputs = model.net().head().apply(features, dropping ? Trace.sample() : Trace.eval());
            Program backbone = Program.compile(
                    backend, Map.of("features", model.net().encoder().pooled(picture, Trace.eval())));
            Program head = Program.compile(
                    backend, Map.of("outputs", outputs, "answers", Task.answer(model.tasks(), outputs)));
            return new Programs(model, batch, backbone, head, Room.of(backend, batch, backbone, head));
        }
    }

    /** @param dropping true for Monte Carlo dropout: every sample of {@link #answers} draws anew */
    public Predictor(Backend backend, GalaxyModel model, int batch, boolean dropping) {
        this(Programs.of(backend, model, batch, dropping));
    }

    /** Memory of its own for programs that others may share. */
    public Predictor(Programs programs) {
        model = programs.model;
        batch = programs.batch;
        backbone = programs.backbone.workspace();
        head = programs.head.workspace(backbone);
        images = new float[batch * model.preprocess().length()];
        features = new float[batch * model.net().encoder().features()];
        answers = new float[batch * model.width()];
    }

    /** Pictures at once. */
    public int batch() {
        return batch;
    }

    /** Representations (count, features) of {@code count} pictures, as many as a batch at most; the array is this predictor's. */
    public float[] features(float[] pictures, int count) {
        int one = images.length / batch;
        System.arraycopy(pictures, 0, images, 0, count * one);
        Arrays.fill(images, count * one, images.length, 0);
        backbone.feed("image", images).run().read("features", features, 0);
        return features;
    }

    /** Answers (batch, width) for representations (batch, features); {@code sample} numbers the draws of dropout. The array is this predictor's. */
    public float[] answers(float[] representations, long seed, long sample) {
        head.feed("features", representations).run(seed, sample).read("answers", answers, 0);
        return answers;
    }

    /** Raw outputs (batch, width), before {@link Task#answer}. */
    float[] outputs(float[] representations) {
        head.feed("features", representations).run();
        return head.output("outputs");
    }

    /** One galaxy's part: the row in the list of paths, and its representation as a copy. */
    public record Represented(int row, float[] features) {}

    /**
     * Representations of all pictures that can be read, in the order of the list.
     *
     * @param failures told of each picture that cannot; with {@code strict} the first ends the work
     */
    public List<Represented> represent(
            List<Path> paths,
            Transform transform,
            int threads,
            boolean strict,
            Consumer<Loader.Failure> failures,
            Progress progress) {
        List<Represented> all = new ArrayList<>();
        Order order = epoch -> IntStream.range(0, paths.size()).toArray();
        try (Loader loader =
                new Loader(paths, transform, order, new Loader.Settings(batch, 1, threads, 2, strict), failures)) {
            for (Loader.Batch next = loader.next(); next != null && !progress.stopping(); next = loader.next()) {
                float[] values = features(next.images(), next.count());
                int width = values.length / batch;
                for (int i = 0; i < next.count(); i++) {
                    all.add(new Represented(next.rows()[i], Arrays.copyOfRange(values, i * width, (i + 1) * width)));
                }
                progress.at("images", all.size(), paths.size(), "");
            }
        }
        return all;
    }

    /** The model that answers. */
    public GalaxyModel model() {
        return model;
    }

    @Override
    public void close() {
        backbone.close();
        head.close();
    }
}
