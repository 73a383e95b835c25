package hoag.galaxy.serve;

import hoag.galaxy.survey.Survey;
import hoag.kernels.HoagException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * A survey that may grow while it is served: opened anew when its file has changed, looked at no more often than every two seconds. Rows keep their
 * places when a survey grows. What was open before stays open for longer than any request may take, so that nobody reads a mapping that is gone.
 */
final class Growing implements AutoCloseable {
    private static final long LOOK = TimeUnit.SECONDS.toNanos(2);
    private static final long KEEP = TimeUnit.SECONDS.toNanos(180);

    private final Path path;
    private final Deque<Former> former = new ArrayDeque<>();
    private volatile Survey now;
    private volatile long looked = System.nanoTime();
    private State state;

    /** @throws HoagException when it cannot be opened */
    Growing(Path path) {
        this.path = path;
        state = State.of(path);
        now = Survey.open(path);
    }

    /** What tells a file from what it was. */
    private record State(long size, Object key) {
        static State of(Path path) {
            try {
                BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
                return new State(is.size(), is.fileKey());
            } catch (IOException e) {
                return null;
            }
        }
    }

    /** A survey that was replaced, and when. */
    private record Former(Survey survey, long since) {}

    /** The survey as it is, or was two seconds ago at most. */
    Survey now() {
        if (System.nanoTime() - looked > LOOK) {
            look();
        }
        return now;
    }

    private synchronized void look() {
        if (System.nanoTime() - looked <= LOOK) {
            return;
        }
        looked = System.nanoTime();
        while (!former.isEmpty() && looked - former.peek().since() > KEEP) {
            former.poll().survey().close();
        }
        State is = State.of(path);
        if (is != null && !is.equals(state)) {
            reopen(is);
        }
    }

    private void reopen(State is) {
        try {
            Survey next = Survey.open(path);
            if (next.width() == now.width()
                    && next.info().model().equals(now.info().model())) {
                former.add(new Former(now, looked));
                now = next;
                state = is;
            } else {
                next.close();
                said("is of another model now; the survey as it was is served on, start the server again for the"
                        + " new one");
                state = is;
            }
        } catch (HoagException e) {
            said("has changed and cannot be opened now: " + e.getMessage());
        }
    }

    private void said(String what) {
        System.getLogger(Growing.class.getName()).log(Level.WARNING, path + " " + what);
    }

    @Override
    public synchronized void close() {
        former.forEach(each -> each.survey().close());
        now.close();
    }
}
