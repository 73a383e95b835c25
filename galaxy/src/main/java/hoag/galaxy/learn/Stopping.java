package hoag.galaxy.learn;

/**
 * When a training is over.
 *
 * @param epochs passes over the training galaxies, at most
 * @param patience epochs without a better validation loss before it stops; 0 never stops early
 */
public record Stopping(int epochs, int patience) {
    /** After 20 epochs, or 8 without a better loss. */
    public static final Stopping USUAL = new Stopping(20, 8);

    /** @throws hoag.kernels.ConfigException naming the value and its range when one is out of it */
    public Stopping {
        TrainSettings.check("epochs", epochs, epochs >= 1, "1 or more");
        TrainSettings.check("patience", patience, patience >= 0, "0 (off) or more");
    }

    Stopping epochs(int epochs) {
        return new Stopping(epochs, patience);
    }

    Stopping patience(int patience) {
        return new Stopping(epochs, patience);
    }
}
