package hoag.galaxy.map;

import hoag.galaxy.learn.Progress;

/** Somebody asked for the work to end before it was done. */
public final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Ends the work whose listener wants it to. */
    public Stopped() {
        super("stopped", null, false, false);
    }

    /**
     * Tells how far the work is, in galaxies.
     *
     * @throws Stopped when it is to end
     */
    public static void at(Progress progress, String what, long done, long total, String note) {
        at(progress, what, "galaxies", done, total, note);
    }

    /**
     * Tells how far the work is.
     *
     * @param unit what is counted
     * @throws Stopped when it is to end
     */
    public static void at(Progress progress, String what, String unit, long done, long total, String note) {
        progress.at(what, unit, done, total, note);
        when(progress);
    }

    /**
     * Ends work that is to end.
     *
     * @throws Stopped when it is
     */
    public static void when(Progress progress) {
        if (progress.stopping()) {
            throw new Stopped();
        }
    }
}
