package hoag.galaxy;

import hoag.engine.files.AtomicFile;
import hoag.galaxy.learn.Progress;
import hoag.galaxy.report.TrainingPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Writes a page of how a training goes while it goes, every few seconds, from the progress and {@code NAME.metrics.csv}. */
final class Watched implements Progress {
    private static final long EVERY_NANOS = 4_000_000_000L;

    /** Of memory; of more, every second is dropped, and they are taken half as often. */
    private static final int MOST_SAMPLES = 400;

    private final Progress progress;
    private final Path out;
    private final Path page;
    private final List<Long> held = new ArrayList<>();
    private long written;
    private long sampled;
    private long every = EVERY_NANOS;
    private String now = "";

    private Watched(Progress progress, Path out, Path page) {
        this.progress = progress;
        this.out = out;
        this.page = page;
    }

    /** Does the work, watched if a page is wanted. */
    static Fitted watch(Path page, Path out, Progress progress, Function<Progress, Fitted> work) {
        if (page == null) {
            return work.apply(progress);
        }
        var watched = new Watched(progress, out, page);
        try {
            Fitted fitted = work.apply(watched);
            watched.now = fitted.finished() ? "finished" : "stopped; the same command goes on";
            return fitted;
        } finally {
            watched.write(true);
        }
    }

    @Override
    public void at(String what, long done, long total, String note) {
        progress.at(what, done, total, note);
        now = String.format(Locale.ROOT, "%s, %,d of %,d  %s", what, done, total, note);
        if (System.nanoTime() - written > EVERY_NANOS) {
            write(false);
        }
    }

    @Override
    public void say(String line) {
        progress.say(line);
        now = line;
        write(false);
    }

    @Override
    public boolean stopping() {
        return progress.stopping();
    }

    private void write(boolean over) {
        written = System.nanoTime();
        sample();
        AtomicFile.writeText(
                page, TrainingPage.of(out.getFileName().toString(), now, List.copyOf(held), metrics(), over));
    }

    /** Even times: one for every so many nanoseconds since the first. */
    private void sample() {
        if (held.isEmpty()) {
            sampled = System.nanoTime();
        }
        while (System.nanoTime() - sampled >= 0) {
            held.add(memory());
            sampled += every;
        }
        if (held.size() > MOST_SAMPLES) {
            for (int i = held.size() - 1; i > 0; i -= 2) {
                held.remove(i);
            }
            every *= 2;
        }
    }

    private List<String> metrics() {
        Path file = out.resolveSibling(out.getFileName() + ".metrics.csv");
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of("epoch");
        } catch (IOException e) {
            return List.of("epoch"); // being renamed just now: the next page will have it
        }
    }

    /** Resident size where the system tells, else the heap. */
    private static long memory() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException e) {
            return heap();
        }
        return heap();
    }

    private static long heap() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
