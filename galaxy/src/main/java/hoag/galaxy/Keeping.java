package hoag.galaxy;

import hoag.kernels.ConfigException;
import java.nio.file.Path;

/**
 * What a run goes on from, and what it leaves beside the model.
 *
 * @param fresh whether to start anew even if an interrupted run is there
 * @param keep so many models are kept of the epochs with the best validation loss, beside the best: {@code NAME.epochN.safetensors}; 1: the best alone
 * @param folds so many models, each without one part of the training and validation galaxies, which it then answers; 1: one model on the split as it is
 * @param watch a page that shows loss, accuracy, rate and memory while the training goes, and reads itself anew; null for none
 */
public record Keeping(boolean fresh, int keep, int folds, Path watch) {
    /** Goes on where there is something to go on with; the best model alone. */
    public static final Keeping USUAL = new Keeping(false, 1, 1, null);

    /** @throws ConfigException when a value is out of its range */
    public Keeping {
        check("--keep", keep, 1000);
        check("--folds", folds, 100);
    }

    private static void check(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new ConfigException(name + " " + value + " is not allowed; it must be 1.." + most);
        }
    }

    Keeping fresh(boolean fresh) {
        return new Keeping(fresh, keep, folds, watch);
    }

    Keeping keep(int keep) {
        return new Keeping(fresh, keep, folds, watch);
    }

    Keeping folds(int folds) {
        return new Keeping(fresh, keep, folds, watch);
    }

    Keeping watch(Path page) {
        return new Keeping(fresh, keep, folds, page);
    }
}
