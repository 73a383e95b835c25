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
 * A map under way: after which round its points stood where, kept in {@code survey.hoag.map.part} once a minute and when somebody stops the work, so
 * that the same command goes on from there, to the same map. Used by one thread.
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

    /** Beside the survey; what is there of a map that was made otherwise, or of other galaxies, does not count. */
    public static Halfway beside(Survey survey, Made made) {
        Path path = survey.path().resolveSibling(survey.path().getFileName() + ".map.part");
        return new Halfway(path, made.json());
    }

    /**
     * After so many rounds.
     *
     * @param state as it was given
     */
    record Stand(int round, double... state) {}

    /** Where it was, after round 0 where nothing was kept: the state given. */
    Stand begin(double... fresh) {
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
     * @param round that is done
     * @throws Stopped when the progress says so; then it is kept
     */
    void at(Progress progress, int round, int rounds, Supplier<double[]> state) {
        progress.at("map", "rounds", round, rounds, "");
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

    /** Once the map itself is written. */
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
