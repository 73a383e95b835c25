package hoag.galaxy;

import hoag.galaxy.learn.Room;
import hoag.kernels.ConfigException;

/**
 * How often and how a model looks at each picture. Every view is answered {@code samples} times, so a galaxy has samples * tta answers: the
 * passes, from which come mean and interval.
 *
 * @param batch views that the network sees at once, 1..4096, or {@link Room#AUTO}: as many as fit into the device's memory, 256 at most
 * @param samples answers drawn with dropout for each view (Monte Carlo dropout, Gal and Ghahramani 2016), 1..10,000; 1: a single one, without dropout
 * @param tta views of each picture (test-time augmentation), 1..10,000; 1: as it is, beyond that also turned and mirrored
 * @param strict whether a picture that cannot be used ends the work; else it is left out and named in the result
 * @param seed of dropout, angles and mirrors
 */
public record Looks(int batch, int samples, int tta, boolean strict, long seed) {
    /** One look at each picture, 32 at a time, seed 42. */
    public static final Looks ONE = new Looks(32, 1, 1, false, 42);

    /** @throws ConfigException when a value is out of its range */
    public Looks {
        if (batch != Room.AUTO) {
            check("--batch", batch, 4096);
        }
        check("--samples", samples, 10_000);
        check("views (--tta, --average)", tta, 10_000);
    }

    private static void check(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new ConfigException(name + " " + value + " is not allowed; it must be 1.." + most);
        }
    }

    /** Passes over each galaxy. */
    public int passes() {
        return samples * tta;
    }

    /** The same with another {@link #batch}. */
    public Looks batch(int batch) {
        return new Looks(batch, samples, tta, strict, seed);
    }

    /** The same with no larger a batch than the views of these pictures fill: an empty place costs as much as a picture. */
    Looks upTo(int pictures) {
        long views = (long) Math.max(1, pictures) * tta;
        return batch == Room.AUTO && views > 32 ? this : batch((int) Math.min(batch == Room.AUTO ? 32 : batch, views));
    }

    /** The same with another number of {@link #samples}. */
    public Looks samples(int samples) {
        return new Looks(batch, samples, tta, strict, seed);
    }

    /** The same with another number of views, {@link #tta}. */
    public Looks tta(int tta) {
        return new Looks(batch, samples, tta, strict, seed);
    }

    /** The same, strict or not. */
    public Looks strict(boolean strict) {
        return new Looks(batch, samples, tta, strict, seed);
    }

    /** The same with another {@link #seed}. */
    public Looks seed(long seed) {
        return new Looks(batch, samples, tta, strict, seed);
    }
}
