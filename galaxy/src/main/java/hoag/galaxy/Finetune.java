package hoag.galaxy;

import hoag.engine.files.Weights;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Mode;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.learn.TrainSettings;
import hoag.kernels.ConfigException;
import java.nio.file.Path;

/**
 * Adapts a trained model, or published ImageNet weights, to new labels, as {@code hoag finetune}. Modes HEAD and PROBE fit a linear head on frozen
 * representations: seconds. The others first do that, then train every weight (FULL), or the head and the uppermost groups of layers
 * ({@code blocks(k)}); what stays frozen keeps its bits.
 *
 * <pre>{@code
 * new Finetune(Labelled.label(catalog, images, "ring"), Path.of("hoag-lite0.safetensors"), out).run(Progress.NONE);
 * }</pre>
 *
 * <p>{@link #from} says the same in the order in which one thinks it:
 *
 * <pre>{@code
 * Fitted fitted = Finetune.from(model).classes(7).mode(blocks(2)).fit(catalogue);
 * }</pre>
 *
 * @param data what to learn from
 * @param from a Hoag model, or published weights with timm's keys
 * @param out the model to write
 * @param architecture of weights that do not say it themselves; else null
 * @param grey one channel, the mean of the colours, whatever the weights are for: the filters of the first convolution are added up
 * @param recipe how pictures are seen and the optimizer goes on
 * @param compute device, threads and precision
 */
public record Finetune(
        Labelled data, Path from, Path out, String architecture, boolean grey, Recipe recipe, Compute compute) {
    private static final int SIZE = 224;

    /** What {@code hoag finetune} does where nothing else is asked for: the head alone; with FULL 20 epochs, rate 5e-4, layer decay 0.75, BatchNorm frozen. */
    public static final TrainSettings SETTINGS = TrainSettings.DEFAULT
            .epochs(20)
            .rate(5e-4)
            .layerDecay(0.75)
            .mode(Mode.HEAD)
            .norm(TrainSettings.Norm.FROZEN);

    /** {@link #SETTINGS} as a recipe. */
    public static final Recipe RECIPE = Recipe.of(SETTINGS);

    /** The head alone, on all cores of the CPU. */
    public Finetune(Labelled data, Path from, Path out) {
        this(data, from, out, null, false, RECIPE, Compute.cpu());
    }

    /** Begins with the weights to start from: a Hoag model, or published weights with timm's keys. */
    public static Adapting from(Path weights) {
        return new Adapting(weights);
    }

    /** The same, with the head alone, some blocks or everything trained. */
    public Finetune mode(Mode mode) {
        return recipe(recipe.settings(recipe.settings().mode(mode)));
    }

    /** The same with another {@link #architecture}. */
    public Finetune architecture(String architecture) {
        return new Finetune(data, from, out, architecture, grey, recipe, compute);
    }

    /** The same, {@link #grey} or not. */
    public Finetune grey(boolean grey) {
        return new Finetune(data, from, out, architecture, grey, recipe, compute);
    }

    /** The same with another {@link #recipe}. */
    public Finetune recipe(Recipe recipe) {
        return new Finetune(data, from, out, architecture, grey, recipe, compute);
    }

    /** The same elsewhere. */
    public Finetune compute(Compute compute) {
        return new Finetune(data, from, out, architecture, grey, recipe, compute);
    }

    /**
     * Finetunes, or goes on with an interrupted run.
     *
     * @throws hoag.kernels.DataException when catalogue, labels or pictures cannot be used, or the model cannot be written
     * @throws hoag.kernels.FormatException when the weights do not fit the architecture
     * @throws ConfigException when the architecture is not known, or an interrupted run belongs to other data or settings
     */
    public Fitted run(Progress progress) {
        return compute.caching(() -> new Training(data, recipe, out, compute, true, this::model).run(progress));
    }

    /** The weights to start from, with a fresh head for what is to be learnt. */
    GalaxyModel model(Labelled.Lesson lesson) {
        var model = GalaxyModel.create(
                name(),
                lesson.tasks(),
                preprocess(),
                recipe.dropout(),
                recipe.dropPath(),
                recipe.settings().seed());
        model.loadBackbone(from);
        model.about().put("from", from.getFileName().toString());
        recipe.settings().mode().check(model);
        return model;
    }

    private String name() {
        String found = architecture != null ? architecture : GalaxyModel.architectureOf(from);
        if (found == null) {
            throw new ConfigException(from + " does not say its architecture; name it with --architecture");
        }
        return found;
    }

    private Preprocess preprocess() {
        Preprocess own = grey && own().channels() > 1 ? grey(own()) : own();
        Preprocess sized = recipe.size() == null ? own : own.size(recipe.size());
        return recipe.zoom() == null ? sized : sized.zoom(recipe.zoom());
    }

    private static Preprocess grey(Preprocess colours) {
        return Preprocess.of(colours.size(), Channels.MEAN)
                .zoom(colours.zoom())
                .normalise(Published.mean(colours.mean(), 1), Published.mean(colours.deviation(), 1));
    }

    /** For the bands that are asked for, else a Hoag model's own; for published weights what their metadata say. */
    private Preprocess own() {
        if (data.roster().bands() != null) {
            return Preprocess.of(SIZE, data.roster().bands());
        }
        try (Weights file = Weights.open(from)) {
            if (file.metadata().containsKey("hoag")) {
                return GalaxyModel.load(from).preprocess();
            }
            return Published.preprocess(from, file, SIZE);
        }
    }
}
