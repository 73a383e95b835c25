package hoag.galaxy;

import hoag.galaxy.learn.Lost;
import hoag.galaxy.learn.Progress;
import hoag.kernels.DataException;
import java.nio.file.Path;

/**
 * Pictures that go while a training runs: others stand in for them, or the rest does without; they are named and added to {@code OUT.left-out.csv}.
 * More than the share, with those that were left out before the first step, end the run.
 *
 * @param share of galaxies that may be left out
 * @param all galaxies that the run began with, those included that were left out
 * @param then what happens without the picture
 */
record Vanished(Path list, double share, int all, String then, Progress progress) implements Lost {
    /** In a training, whose batches stay full. */
    Vanished(Path list, double share, int all, Progress progress) {
        this(list, share, all, "another galaxy stands in for it", progress);
    }

    @Override
    public void picture(String id, int epoch, DataException why) {
        LeftOut left = LeftOut.read(list);
        if (left.galaxies().containsKey(id)) {
            return;
        }
        int number = left.galaxies().size() + 1;
        if (number > share * all) {
            throw new DataException(
                    number + " of " + all + " galaxies have pictures that cannot be used (the last: " + why.getMessage()
                            + ", in epoch " + epoch + "); --bad-pictures lets a larger share be left out",
                    why);
        }
        left.galaxies().put(id, new LeftOut.Entry(why.getMessage(), epoch));
        left.write(list);
        progress.say(why.getMessage() + ": in epoch " + epoch + " it can no longer be used; " + then + " (" + number
                + " of " + all + " are left out, all in " + list + ")");
    }
}
