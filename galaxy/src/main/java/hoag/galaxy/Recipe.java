package hoag.galaxy;

import hoag.galaxy.image.Augment;
import hoag.galaxy.learn.Probe;
import hoag.galaxy.learn.TrainSettings;
import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a model is made and learns, whatever it starts from.
 *
 * @param settings of the optimizer and its schedule
 * @param size side of the pictures as the model sees them, pixels; null for 224, or what the model to start from was made for
 * @param dropout rate before the last layer, 0 up to 1
 * @param dropPath rate of stochastic depth (Huang et al. 2016), 0 up to 1
 * @param augment galaxy (any angle, flips, some zoom), turned (any angle, flips), zoobot, none, or what a {@link Preset} names
 * @param fresh whether to start anew even if an interrupted run is there
 * @param zoom how much pictures are magnified about their centre, in training and ever after, from 1; null for 1, or what the model to start from was
 *     made for
 * @param keep so many models are kept of the epochs with the best validation loss, beside the best: {@code NAME.epochN.safetensors}; 1: the best alone
 * @param folds so many models, each without one part of the training and validation galaxies, which it then answers; 1: one model on the split as it is
 * @param watch a page that shows loss, accuracy, rate and memory while the training goes, and reads itself anew; null for none
 * @param probe how {@link hoag.galaxy.learn.Mode#PROBE} looks at galaxies
 */
public record Recipe(
        TrainSettings settings,
        Integer size,
        double dropout,
        double dropPath,
        String augment,
        boolean fresh,
        Double zoom,
        int keep,
        int folds,
        Path watch,
        Probe probe) {
    /** The settings given, at 224 pixels or the model's own size, dropout 0.2, galaxies turned, mirrored and zoomed. */
    public static Recipe of(TrainSettings settings) {
        return new Recipe(settings, null, 0.2, 0, "galaxy", false, null, 1, 1, null, Probe.ONE);
    }

    /** @throws ConfigException when a value is out of its range */
    public Recipe {
        check("--dropout", dropout);
        check("--drop-path", dropPath);
        augmentation(augment);
        check("--keep", keep, 1, 1000);
        check("--folds", folds, 1, 100);
        if (zoom != null && !(zoom >= 1 && zoom <= 100)) {
            throw new ConfigException("--zoom " + zoom + " is not allowed; it must be 1..100");
        }
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ConfigException(name + " " + value + " is not allowed; it must be " + least + ".." + most);
        }
    }

    private static void check(String name, double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new ConfigException(name + " " + rate + " is not allowed; it must be 0 <= rate < 1");
        }
    }

    /** The same with other {@link #settings}. */
    public Recipe settings(TrainSettings settings) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh, zoom, keep, folds, watch, probe);
    }

    /** The same with pictures of another {@link #size}, pixels. */
    public Recipe size(int size) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh, zoom, keep, folds, watch, probe);
    }

    /** The same with another rate of {@link #dropout}. */
    public Recipe dropout(double dropout) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh, zoom, keep, folds, watch, probe);
    }

    /** The same with another rate of {@link #dropPath}. */
    public Recipe dropPath(double dropPath) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh, zoom, keep, folds, watch, probe);
    }

    /** The same with another {@link #augment}. */
    public Recipe augment(String augment) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh, zoom, keep, folds, watch, probe);
    }

    /** The same, going on with an interrupted run or not. */
    public Recipe fresh(boolean fresh) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh, zoom, keep, folds, watch, probe);
    }

    /** The same with pictures magnified about their centre, {@link #zoom}. */
    public Recipe zoom(double zoom) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh, zoom, keep, folds, watch, probe);
    }

    /** The same with so many models kept, {@link #keep}. */
    public Recipe keep(int keep) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh, zoom, keep, folds, watch, probe);
    }

    /** The same with so many {@link #folds}. */
    public Recipe folds(int folds) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh, zoom, keep, folds, watch, probe);
    }

    /** The same with another {@link #probe}. */
    public Recipe probe(Probe probe) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh, zoom, keep, folds, watch, probe);
    }

    /** The same with a page to {@link #watch}; null for none. */
    public Recipe watch(Path page) {
        return new Recipe(settings, size, dropout, dropPath, augment, fresh, zoom, keep, folds, page, probe);
    }

    Augment augmentation() {
        return augmentation(augment);
    }

    private static Augment augmentation(String name) {
        return switch (name) {
            case "galaxy" -> Augment.GALAXY;
            case "zoobot" -> Augment.ZOOBOT;
            case "none" -> Augment.NONE;
            default -> {
                Augment other = Preset.augmentation(name);
                if (other == null) {
                    throw new ConfigException("--augment " + name + " is none of galaxy, zoobot, none, turned, "
                            + "zoobot-2.0, zoobot-2.9, gz-decals, linformer");
                }
                yield other;
            }
        };
    }

    /** What a run would go by, by name, for people to read. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>(settings.toMap());
        map.put("size", size == null ? "224, or the model's own" : size);
        map.put("zoom", zoom == null ? "1, or the model's own" : zoom);
        map.put("dropout", dropout);
        map.put("drop_path", dropPath);
        map.put("augment", augment + " " + augmentation().toMap());
        map.put("keep", keep);
        map.put("folds", folds);
        return map;
    }
}
