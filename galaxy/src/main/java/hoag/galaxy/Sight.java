package hoag.galaxy;

import hoag.galaxy.image.Augment;
import hoag.kernels.ConfigException;

/**
 * How a model sees pictures.
 *
 * @param size side of the pictures as the model sees them, pixels; null for 224, or what the model to start from was made for
 * @param zoom how much pictures are magnified about their centre, in training and ever after, from 1; null for 1, or what the model to start from was
 *     made for
 * @param augment galaxy (any angle, flips, some zoom), turned (any angle, flips), zoobot, none, or what a {@link Preset} names
 */
public record Sight(Integer size, Double zoom, String augment) {
    /** The model's own size, or 224 pixels; galaxies turned, mirrored and zoomed. */
    public static final Sight USUAL = new Sight(null, null, "galaxy");

    /** @throws ConfigException when a value is out of its range */
    public Sight {
        augmentation(augment);
        if (zoom != null && !(zoom >= 1 && zoom <= 100)) {
            throw new ConfigException("--zoom " + zoom + " is not allowed; it must be 1..100");
        }
    }

    Sight size(Integer size) {
        return new Sight(size, zoom, augment);
    }

    Sight zoom(Double zoom) {
        return new Sight(size, zoom, augment);
    }

    Sight augment(String augment) {
        return new Sight(size, zoom, augment);
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
}
