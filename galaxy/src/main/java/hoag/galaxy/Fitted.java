package hoag.galaxy;

import java.nio.file.Path;

/**
 * How training or finetuning ended.
 *
 * @param out the model that was written
 * @param epochs passes over the galaxies; 0 where the head alone was fitted
 * @param validLoss loss on the validation galaxies, nats; NaN if there are none, or none was measured
 * @param finished false when the progress said to stop: the run is kept, and the same call goes on with it
 * @param trainGalaxies galaxies that the model learnt from
 * @param validGalaxies galaxies that chose penalty, or epoch
 */
public record Fitted(Path out, int epochs, double validLoss, boolean finished, int trainGalaxies, int validGalaxies) {}
