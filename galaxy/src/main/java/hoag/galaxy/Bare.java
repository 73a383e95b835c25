package hoag.galaxy;

import hoag.engine.files.Weights;
import hoag.galaxy.image.Channels;
import hoag.galaxy.image.Preprocess;
import hoag.galaxy.learn.GalaxyModel;
import hoag.galaxy.learn.Task;
import hoag.galaxy.models.Backbones;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/**
 * How published weights are used as they are, which do not say all that a Hoag model says.
 *
 * @param architecture where the file does not name it, nor its weights tell; else null
 * @param size side of the pictures, pixels; null for what the architecture is published for
 * @param normalise what becomes of the channels; null for what the file says
 */
public record Bare(String architecture, Integer size, Normalise normalise) {
    /** All as the file says. */
    public static final Bare AS_IT_SAYS = new Bare(null, null, null);

    /** What is taken from a channel of 0..1, and what it is divided by. */
    public enum Normalise {
        /** Means 0.485, 0.456, 0.406, deviations 0.229, 0.224, 0.225: most of timm's and torchvision's weights. */
        IMAGENET(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225)),
        /** Mean and deviation 0.5: weights from TensorFlow (tf_...), and ViTs of Google. */
        HALF(Collections.nCopies(3, 0.5), Collections.nCopies(3, 0.5)),
        /** Nothing: Zoobot's encoders. */
        NONE(Collections.nCopies(3, 0.0), Collections.nCopies(3, 1.0));

        private final List<Double> mean;
        private final List<Double> deviation;

        Normalise(List<Double> mean, List<Double> deviation) {
            this.mean = mean;
            this.deviation = deviation;
        }
    }

    /** @throws ConfigException when the size is out of its range */
    public Bare {
        if (size != null && (size < 16 || size > 4096)) {
            throw new ConfigException("--size " + size + " is not allowed; it must be 16..4096");
        }
    }

    /**
     * The model that a file describes, or else published weights under a head that nobody trained, whose answers mean nothing.
     *
     * @throws ConfigException when something was said of a file that says it itself, or was not said of one that does not
     * @throws hoag.kernels.FormatException when the file cannot be read, or does not fit the architecture
     */
    GalaxyModel open(Path file) {
        if (GalaxyModel.isOnnx(file)) {
            return described(file);
        }
        try (Weights weights = Weights.open(file)) {
            if (weights.metadata().containsKey("hoag")
                    || GalaxyModel.zoobot(file).isPresent()) {
                return described(file);
            }
            String name = name(file);
            var model =
                    GalaxyModel.create(name, List.of(new Task.Flag("none")), preprocess(file, weights, name), 0, 0, 0);
            model.loadBackbone(file);
            return model;
        }
    }

    /** What was said, else what the file says, else what its weights tell. */
    String name(Path file) {
        String name = architecture == null ? GalaxyModel.architectureOf(file) : architecture;
        if (name == null) {
            throw new ConfigException(file + " does not say its architecture; name it with --architecture");
        }
        return name;
    }

    private GalaxyModel described(Path file) {
        if (!equals(AS_IT_SAYS)) {
            throw new ConfigException(file + " says itself how pictures are prepared; --architecture, --size and"
                    + " --normalise are for weights that do not");
        }
        return GalaxyModel.load(file);
    }

    /** Whether it is known what becomes of the channels. */
    boolean normalised(Weights weights) {
        return normalise != null || Published.says(weights);
    }

    int side(String name) {
        return size == null ? Backbones.size(name) : size;
    }

    /** How pictures are prepared for these weights. */
    Preprocess preprocess(Path file, Weights weights, String name) {
        int side = side(name);
        if (normalise != null) {
            return Preprocess.of(side, Channels.RGB_OR_GREY).normalise(normalise.mean, normalise.deviation);
        }
        if (!Published.says(weights)) {
            throw new ConfigException(file + " does not say how pictures are normalised; say --normalise imagenet (most"
                    + " published weights), half (those from TensorFlow) or none");
        }
        return Published.preprocess(file, weights, side);
    }
}
