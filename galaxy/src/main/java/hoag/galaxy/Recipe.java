package hoag.galaxy;

import hoag.galaxy.image.Augment;
import hoag.galaxy.learn.TrainSettings;
import hoag.kernels.ConfigException;

/**
 * How a model is made and learns, whatever it starts from.
 *
 * @param settings of the optimizer and its schedule
 * @param size side of the pictures as the model sees them, pixels; null for 224, or what the model to start from was made for
 * @param dropout rate before the last layer, 0 up to 1
 * @param dropPath rate of stochastic depth (Huang et al. 2016), 0 up to 1
 * @param augment galaxy (any angle, flips, some zoom), zoobot, or none
 * @param fresh whether to start anew even if an interrupted run is there
 */
public record Recipe(
        TrainSettings settings, Integer size, double dropout, double dropPath, String augment, boolean fresh) {
    /** The settings given, at 224 pixels or the model's own size, dropout 0.2, galaxies turned, mirrored and zoomed. */
    public static Recipe of(TrainSettings settings) {
        return new Recipe(settings, null, 0.2, 0, "galaxy", false);
    }

    /** @throws ConfigException when a value is out of its range */
    public Recipe {
        check("--dropout", dropout);
        check("--drop-path", dropPath);
        augmentation(augment);
    }

    private static void check(String name, double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new ConfigException(name + " " + rate + " is not allowed; it must be 0 <= rate < 1");
        }
    }

    /** The same with other {@link #settings}. */
    public Recipe settings(TrainSettings settings) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh);
    }

    /** The same with pictures of another {@link #size}, pixels. */
    public Recipe size(int size) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh);
    }

    /** The same with another rate of {@link #dropout}. */
    public Recipe dropout(double dropout) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh);
    }

    /** The same with another rate of {@link #dropPath}. */
    public Recipe dropPath(double dropPath) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh);
    }

    /** The same with another {@link #augment}. */
    public Recipe augment(String augment) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh);
    }

    /** The same, going on with an interrupted run or not. */
    public Recipe fresh(boolean fresh) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh);
    }

    Augment augmentation() {
        return augmentation(augment);
    }

    private static Augment augmentation(String name) {
        return switch (name) {
            case "galaxy" -> Augment.GALAXY;
            case "zoobot" -> Augment.ZOOBOT;
            case "none" -> Augment.NONE;
            default -> throw new ConfigException("--augment " + name + " is none of galaxy, zoobot, none");
        };
    }
}
