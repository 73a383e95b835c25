package hoag.galaxy;

import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.TrainSettings;
import java.nio.file.Path;

/**
 * Trains a model from random weights, as {@code hoag train}.
 *
 * <pre>{@code
 * new Train(Labelled.tree(catalog, images, "gz2"), out).architecture("resnet18").run(Progress.NONE);
 * }</pre>
 *
 * @param data what to learn from
 * @param out the model to write; {@code OUT.last} and {@code OUT.metrics.csv} stand beside it
 * @param architecture the backbone, by timm's name
 * @param grey one channel, the mean of the colours, instead of three
 * @param recipe how pictures are seen and the optimizer goes on
 * @param compute device, threads and precision
 */
public record Train(Labelled data, Path out, String architecture, boolean grey, Recipe recipe, Compute compute) {
    private static final int SIZE = 224;

    /** What {@code hoag train} does where nothing else is asked for: 30 epochs, rate 1e-3. */
    public static final TrainSettings SETTINGS =
            TrainSettings.DEFAULT.epochs(30).rate(1e-3);

    /** {@link #SETTINGS} as a recipe. */
    public static final Recipe RECIPE = Recipe.of(SETTINGS);

    /** An EfficientNet-B0 on colours, on all cores of the CPU. */
    public Train(Labelled data, Path out) {
        this(data, out, "efficientnet_b0", false, RECIPE, Compute.cpu());
    }

    /** The same with another {@link #architecture}. */
    public Train architecture(String architecture) {
        return new Train(data, out, architecture, grey, recipe, compute);
    }

    /** The same, {@link #grey} or not. */
    public Train grey(boolean grey) {
        return new Train(data, out, architecture, grey, recipe, compute);
    }

    /** The same with another {@link #recipe}. */
    public Train recipe(Recipe recipe) {
        return new Train(data, out, architecture, grey, recipe, compute);
    }

    /** The same elsewhere. */
    public Train compute(Compute compute) {
        return new Train(data, out, architecture, grey, recipe, compute);
    }

    /**
     * Trains, or goes on with an interrupted run, to the same bits as one that was not interrupted.
     *
     * @throws hoag.kernels.DataException when catalogue, labels or pictures cannot be used, or the model cannot be written
     * @throws hoag.kernels.ConfigException when an interrupted run belongs to other data or settings
     */
    public Fitted run(Progress progress) {
        return compute.caching(() -> new Training(data, recipe, out, compute, false, this::model).run(progress));
    }

    /** Fresh weights for what is to be learnt. */
    GalaxyModel model(Labelled.Lesson lesson) {
        int size = recipe.size() == null ? SIZE : recipe.size();
        Preprocess whole = data.roster().bands() == null
                ? Preprocess.of(size, grey ? Channels.MEAN : Channels.RGB_OR_GREY)
                : Preprocess.of(size, data.roster().bands());
        Preprocess preprocess = recipe.zoom() == null ? whole : whole.zoom(recipe.zoom());
        return GalaxyModel.create(
                architecture,
                lesson.tasks(),
                preprocess,
                recipe.dropout(),
                recipe.dropPath(),
                recipe.settings().seed());
    }
}
