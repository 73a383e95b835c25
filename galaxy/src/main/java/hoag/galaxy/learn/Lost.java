package hoag.galaxy.learn;

import hoag.kernels.DataException;

/** Told of each picture that was there when a training began and can no longer be read; another galaxy stands in for it. */
@FunctionalInterface
public interface Lost {
    /** The first ends the run, its position saved. */
    Lost ENDS = (id, epoch, why) -> {
        throw why;
    };

    /**
     * Called whenever the picture is looked for in vain, so perhaps in every epoch.
     *
     * @param epoch from 1
     * @throws DataException if the run shall end here; its position is saved
     */
    void picture(String id, int epoch, DataException why);
}
