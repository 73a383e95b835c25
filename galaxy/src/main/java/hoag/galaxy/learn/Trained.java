package hoag.galaxy.learn;

import hoag.galaxy.learn.TrainSettings.Norm;

/**
 * Which weights move, and how fast beside each other.
 *
 * @param mode what is trained
 * @param norm what BatchNorm goes by while weights are trained
 * @param layerDecay factor of the learning rate from each group of layers to the one below it (1: none)
 */
public record Trained(Mode mode, Norm norm, double layerDecay) {
    /** Everything alike, BatchNorm by each batch. */
    public static final Trained ALL = new Trained(Mode.FULL, Norm.BATCH, 1);

    /** @throws hoag.kernels.ConfigException naming the value and its range when one is out of it */
    public Trained {
        TrainSettings.check("layer decay", layerDecay, layerDecay > 0 && layerDecay <= 1, "0 < decay <= 1");
    }

    Trained mode(Mode mode) {
        return new Trained(mode, norm, layerDecay);
    }

    Trained norm(Norm norm) {
        return new Trained(mode, norm, layerDecay);
    }

    Trained layerDecay(double layerDecay) {
        return new Trained(mode, norm, layerDecay);
    }
}
