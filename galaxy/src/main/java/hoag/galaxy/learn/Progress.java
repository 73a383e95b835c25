package hoag.galaxy.learn;

/** Hears how long work goes on. */
public interface Progress {
    /** Hears nothing, never stops. */
    Progress NONE = new Progress() {};

    /**
     * @param what the part of the work, such as "epoch 3/20"
     * @param done of {@code total} galaxies
     * @param note such as the loss
     */
    default void at(String what, long done, long total, String note) {}

    /**
     * The same where galaxies are not what is counted.
     *
     * @param unit what is, for the rate: {@code KiB}
     */
    default void at(String what, String unit, long done, long total, String note) {
        at(what, done, total, note);
    }

    /** A line that stays. */
    default void say(String line) {}

    /** True if the work should come to an orderly end. */
    default boolean stopping() {
        return false;
    }
}
