package hoag.galaxy.map;

import hoag.engine.files.Safetensors;
import hoag.engine.files.TensorData;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.survey.Survey;
import hoag.kernels.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Work under way: after which round it stood where, kept beside the survey once a minute and when somebody stops the work, so that the same
 * command goes on from there, to the same end. Used by one thread.
 */
public final class Halfway {
    private static final long OFTEN_NANOS = 60_000_000_000L;
    private static final String STATE = "state";

    private final Path file;
    private final String made;
    private long kept = System.nanoTime();

    private Halfway(Path file, String made) {
        this.file = file;
        this.made = made;
    }

    /** Keeps nothing. */
    public static Halfway none() {
        return new Halfway(null, "");
    }

    /**
     * Beside the survey; what is there of work that was done otherwise, or on other galaxies, does not count.
     *
     * @param what ending of the file's name, such as map: {@code survey.hoag.map.part}
     */
    public static Halfway beside(Survey survey, String what, Made made) {
        Path path = survey.path().resolveSibling(survey.path().getFileName() + "." + what + ".part");
        return new Halfway(path, made.json());
    }

    /**
     * After so many rounds.
     *
     * @param state as it was given
     */
    public record Stand(int round, double... state) {}

    /** Where it was, after round 0 where nothing was kept: the state given. */
    public Stand begin(double... fresh) {
        if (file == null || !Files.exists(file)) {
            return new Stand(0, fresh);
        }
        try (Safetensors there = Safetensors.open(file)) {
            boolean same = made.equals(there.metadata().get("made"));
            double[] state = same ? there.get(STATE).doubles() : fresh;
            return same && state.length == fresh.length
                    ? new Stand(Integer.parseInt(there.metadata().get("round")), state)
                    : new Stand(0, fresh);
        }
    }

    /**
     * Tells how far it is, and keeps that when it is time.
     *
     * @param what is done
     * @param unit what is counted
     * @param round that is done
     * @throws Stopped when the progress says so; then it is kept
     */
    public void at(Progress progress, String what, String unit, int round, int rounds, Supplier<double[]> state) {
        progress.at(what, unit, round, rounds, "");
        boolean stops = progress.stopping();
        if (file != null && (stops || System.nanoTime() - kept > OFTEN_NANOS)) {
            double[] now = state.get();
            Safetensors.write(
                    file,
                    List.of(TensorData.of(STATE, new long[] {now.length}, now)),
                    Map.of("made", made, "round", round + ""));
            kept = System.nanoTime();
        }
        if (stops) {
            throw new Stopped();
        }
    }

    /** Once all is done and written. */
    public void done() {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new DataException(file + ": cannot be deleted: " + e.getMessage(), e);
        }
    }
}
