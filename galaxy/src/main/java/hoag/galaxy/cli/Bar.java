package hoag.galaxy.cli;

import hoag.galaxy.learn.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How far work is, on standard error: one line rewritten on a terminal, a line every ten seconds elsewhere, nothing when quiet. Ctrl-C makes
 * {@link #stopping} true, and the JVM then waits up to {@value #PATIENCE_SECONDS} seconds for {@link #close}: whatever must be saved is saved
 * before that.
 */
final class Bar implements Progress, AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;
    private static final int CELLS = 24;
    private static final long LIVE_NANOS = 100_000_000L;
    private static final long LINE_NANOS = 10_000_000_000L;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintStream to;
    private final boolean quiet;
    private final boolean live;
    private final LongSupplier clock;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "hoag-stop");
    private volatile boolean stopping;
    private String part = "";
    private long began;
    private long first;
    private long shown;
    private boolean drawn;

    Bar(boolean quiet) {
        this(System.err, quiet, isTerminal(), System::nanoTime);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    Bar(PrintStream to, boolean quiet, boolean live, LongSupplier clock) {
        this.to = to;
        this.quiet = quiet;
        this.live = live;
        this.clock = clock;
    }

    /** The launcher may have handed standard error over under another number: see {@link Start}. */
    private static boolean isTerminal() {
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd", System.getProperty("hoag.stderr", "2")));
            return target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null && System.console().isTerminal();
        }
    }

    @Override
    public void at(String what, long done, long total, String note) {
        at(what, "img", done, total, note);
    }

    @Override
    public synchronized void at(String what, String unit, long done, long total, String note) {
        long now = clock.getAsLong();
        if (!what.equals(part)) {
            part = what;
            began = shown = now;
            first = done;
        }
        if (quiet || now - shown < (live ? LIVE_NANOS : LINE_NANOS)) {
            return;
        }
        shown = now;
        String line = line(what, unit, done, total, note, (now - began) / 1e9);
        if (live) {
            to.print(CLEAR + line);
            to.flush();
            drawn = true;
        } else {
            to.println(line);
        }
    }

    private String line(String what, String unit, long done, long total, String note, double seconds) {
        double rate = (done - first) / seconds;
        StringBuilder line = new StringBuilder(what).append("  ");
        if (live) {
            line.append(cells(done, total)).append("  ");
        }
        line.append(String.format(Locale.ROOT, "%,d/%,d", done, total));
        if (rate > 0) {
            line.append(String.format(Locale.ROOT, rate < 10 ? "  %.1f %s/s" : "  %,.0f %s/s", rate, unit))
                    .append("  ")
                    .append(duration((total - done) / rate))
                    .append(" left");
        }
        return note.isEmpty() ? line.toString() : line.append("  ").append(note).toString();
    }

    private static String cells(long done, long total) {
        int full = total <= 0 ? 0 : Math.clamp(done * CELLS / total, 0, CELLS);
        return "\u2501".repeat(full) + "\u2500".repeat(CELLS - full);
    }

    /** {@code 8 s}, {@code 2 min 5 s}, {@code 3 h 20 min}. */
    static String duration(double seconds) {
        long s = Math.round(seconds);
        if (s < 60) {
            return s + " s";
        }
        return s < 3600 ? s / 60 + " min " + s % 60 + " s" : s / 3600 + " h " + s % 3600 / 60 + " min";
    }

    @Override
    public synchronized void say(String line) {
        if (!quiet) {
            wipe();
            to.println(line);
        }
    }

    private void wipe() {
        if (drawn) {
            to.print(CLEAR);
            to.flush();
            drawn = false;
        }
    }

    @Override
    public boolean stopping() {
        return stopping;
    }

    /** What Ctrl-C does, on a thread of its own. */
    void stop() {
        stopping = true;
        if (ended.getCount() > 0) {
            say("stopping in order, in " + PATIENCE_SECONDS + " s at most");
        }
        try {
            ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The work has ended, and what was to be saved is saved. */
    @Override
    public void close() {
        synchronized (this) {
            wipe();
        }
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the JVM is going down, which is when the hook is for
        }
    }
}
