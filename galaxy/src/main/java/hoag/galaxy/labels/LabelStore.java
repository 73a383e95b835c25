package hoag.galaxy.labels;

import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * Labels in a database (H2, pure Java) that one process has open at a time. A change is written and forced to the disk before the call that makes
 * it returns, so that a process that is killed, or a machine that loses power, loses at most the change that was not acknowledged yet. Any number
 * of threads may call it. What holds is also kept in memory, so that asking costs no disk.
 */
public final class LabelStore implements AutoCloseable {
    private static final int LONGEST = 200;

    private final Path file;
    private final Clock clock;
    private LabelFile open;
    private Standing standing = new Standing();

    private LabelStore(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
        reopen();
    }

    /**
     * Opens labels, or begins them.
     *
     * @param file where they are, without the ending {@code .mv.db} that the database adds
     * @throws DataException when another process has them, or they cannot be read or written
     */
    public static LabelStore open(Path file) {
        return new LabelStore(file, Clock.systemUTC());
    }

    static LabelStore open(Path file, Clock clock) {
        return new LabelStore(file, clock);
    }

    /** The labels of a survey where nothing else is said: {@code survey.labels} beside {@code survey.hoag}. */
    public static Path beside(Path survey) {
        return survey.resolveSibling(survey.getFileName().toString().replaceFirst("\\.hoag$", "") + ".labels");
    }

    /**
     * Somebody says something of a galaxy; what they said to the same question before no longer holds.
     *
     * @param key unlike every other change's; when there is a change of this key already, that one is the result and nothing happens
     * @throws ConfigException when a text is blank, or longer than 200 characters
     * @throws DataException when it cannot be written; then nothing has changed
     */
    public synchronized Change add(String key, String who, String model, String galaxy, Label label) {
        check("key", key);
        check("who", who);
        check("galaxy", galaxy);
        return change(key, who, model, galaxy, label, 0);
    }

    /**
     * Somebody takes back what they did; it stays in the history.
     *
     * @param number which change; 0 for their last that is not taken back
     * @throws UndoException when there is nothing to take back, or it is somebody else's
     * @throws DataException when it cannot be written
     */
    public synchronized Change undo(String key, String who, String model, long number) {
        check("key", key);
        check("who", who);
        Change before = standing.keyed(key);
        if (before != null) {
            return before;
        }
        Change taken = number == 0 ? standing.last(who) : standing.numbered(number);
        if (taken == null) {
            throw new UndoException(number == 0 ? who + ": nothing to take back" : "no change has number " + number);
        }
        if (!taken.who().equals(who)) {
            throw new UndoException("change " + number + " is " + taken.who() + "'s; " + who + " cannot take it back");
        }
        if (taken.undoes() != 0 || standing.isUndone(taken.number())) {
            throw new UndoException("change " + number + " is taken back already, or takes back another");
        }
        return change(key, who, model, taken.galaxy(), taken.label(), taken.number());
    }

    private Change change(String key, String who, String model, String galaxy, Label label, long undoes) {
        Change before = standing.keyed(key);
        if (before != null) {
            return before;
        }
        if (open == null) {
            reopen();
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Change change = new Change(standing.version() + 1, key, now, who, model, galaxy, label, undoes);
        try {
            open.append(change);
        } catch (DataException e) {
            abandon();
            throw e;
        }
        standing.apply(change);
        return change;
    }

    private static void check(String what, String text) {
        if (text.isBlank() || text.length() > LONGEST) {
            throw new ConfigException(
                    what + " has " + text.length() + " characters; want 1.." + LONGEST + ", not all blank");
        }
    }

    /** After an error nobody knows what the file holds; the next change reads it anew. */
    private void abandon() {
        open.close();
        open = null;
    }

    private void reopen() {
        open = LabelFile.open(file);
        Standing fresh = new Standing();
        open.read(fresh::apply);
        standing = fresh;
    }

    /** The number of the last change, 0 where there is none. */
    public synchronized long version() {
        return standing.version();
    }

    /** Changes with a larger number, oldest first. */
    public synchronized List<Change> after(long number) {
        return standing.after(number);
    }

    /** Whether that change was taken back. */
    public synchronized boolean isUndone(long number) {
        return standing.isUndone(number);
    }

    /** What holds, by galaxy, sorted by id: of each person and question the last that was not taken back. */
    public synchronized Map<String, List<Change>> current() {
        return standing.current();
    }

    /** What holds of one galaxy. */
    public synchronized List<Change> current(String galaxy) {
        return standing.current(galaxy);
    }

    /** Closes the file; closing twice is harmless. */
    @Override
    public synchronized void close() {
        if (open != null) {
            abandon();
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
