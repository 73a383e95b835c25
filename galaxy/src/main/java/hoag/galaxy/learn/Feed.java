package hoag.galaxy.learn;

import hoag.engine.Workspace;
import hoag.galaxy.image.Augment;
import hoag.galaxy.image.Deferred;
import hoag.galaxy.image.Loader;
import hoag.galaxy.image.Transform;
import hoag.kernels.Backend;
import hoag.kernels.ConfigException;
import java.util.List;

/** The galaxies of a run on their way into a step's memory: drawn, loaded, augmented, blended. What comes is a function of (seed, epoch, place in the epoch). */
final class Feed {
    private final Examples train;
    private final TrainSettings settings;
    private final List<Backend> devices;
    private final int batch;
    private final int threads;
    private final Lost lost;
    private final int[] classes;
    private final Blend blend;
    private final Deferred deferred;
    private final Transform augmented;
    private final float[] images;
    private final float[] labels;

    /**
     * @param devices that take the batches in turn
     * @param batch galaxies that each takes at once
     * @throws ConfigException if classes are to be drawn equally often and there are none
     */
    Feed(
            List<Backend> devices,
            GalaxyModel model,
            Examples train,
            TrainSettings settings,
            Augment augment,
            int batch,
            int threads,
            Lost lost) {
        this.train = train;
        this.settings = settings;
        this.devices = devices;
        this.batch = batch;
        this.threads = threads;
        this.lost = lost;
        classes = settings.batches().balanced() ? classes(model.tasks(), train) : null;
        blend = new Blend(settings.batches(), model.preprocess(), settings.seed());
        deferred = deferred(devices.getFirst(), model, augment, settings);
        augmented = deferred == null ? augment.with(model.preprocess(), settings.seed()) : deferred;
        images = new float[deferred == null ? batch * augmented.length() : deferred.most(batch)];
        labels = new float[batch * train.columns()];
    }

    /** Views that devices compute; null where the host does: pictures that are mixed or blotted out afterwards, or not of three colours. */
    private static Deferred deferred(Backend backend, GalaxyModel model, Augment augment, TrainSettings settings) {
        return backend.samples()
                        && !settings.batches().mixes()
                        && settings.batches().erase() == 0
                ? augment.deferred(model.preprocess(), settings.seed())
                : null;
    }

    private static int[] classes(List<Task> tasks, Examples train) {
        int[] classes = Draw.classes(tasks, train);
        if (classes == null) {
            throw new ConfigException("--balanced wants a label of classes, or of yes and no; there is none");
        }
        return classes;
    }

    /** The batches of an epoch's galaxies {@code from}..{@code to}-1. */
    Ahead open(int epoch, int from, int to) {
        int[] rows = rows(epoch, from, to);
        Loader loader = new Loader(
                train.images(),
                Shuffle.inEpoch(augmented, epoch),
                ignored -> rows,
                new Loader.Settings(batch, 1, threads, 2, false),
                failure -> lost.picture(train.ids().get(failure.row()), epoch + 1, failure.error()),
                this::other);
        return new Ahead(loader, deferred, devices, images);
    }

    private int[] rows(int epoch, int from, int to) {
        return classes == null
                ? Shuffle.rows(train.size(), settings.seed(), epoch, from, to)
                : Shuffle.balanced(classes, settings.seed(), epoch, from, to);
    }

    /** The next galaxy of the list, of the same class where classes are drawn. */
    private int other(int row) {
        int next = (row + 1) % train.size();
        while (classes != null && classes[next] != classes[row]) {
            next = (next + 1) % train.size();
        }
        return next;
    }

    /**
     * Feeds pictures and labels.
     *
     * @param number of the batch in the run
     */
    void feed(Workspace step, Ahead.Ready ready, long number) {
        Loader.Batch next = ready.batch();
        for (int i = 0; i < batch; i++) {
            train.labels(next.rows()[i], labels, i * train.columns());
        }
        step.feed("label", labels);
        if (deferred != null) {
            step.feed("image", ready.pictures());
        } else {
            blended(step, next, number);
        }
    }

    private void blended(Workspace step, Loader.Batch next, long number) {
        System.arraycopy(next.images(), 0, images, 0, images.length);
        float share = (float) blend.apply(images, batch, number);
        step.feed("image", images);
        if (settings.batches().mixes()) {
            step.feed("other label", partners()).feed("share", share);
        }
    }

    private float[] partners() {
        float[] others = new float[labels.length];
        for (int i = 0; i < batch; i++) {
            System.arraycopy(
                    labels, Blend.partner(i, batch) * train.columns(), others, i * train.columns(), train.columns());
        }
        return others;
    }
}
