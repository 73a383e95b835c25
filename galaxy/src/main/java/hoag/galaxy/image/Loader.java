package hoag.galaxy.image;

import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Batches of images, decoded and prepared ahead of the consumer on threads of the loader's own. What a batch holds depends on the order, the transform
 * and the batch size, never on the number of threads. An image that cannot be used is reported and left out of its batch, which is then shorter; with
 * {@code strict} it ends the loading; where a {@link StandIn} is named, another takes its place and batches stay whole. Give one thread the right to call {@link #next} and {@link #close}.
 */
public final class Loader implements AutoCloseable {
    private final List<Path> paths;
    private final Transform transform;
    private final Order order;
    private final Settings settings;
    private final Consumer<Failure> report;
    private final StandIn standIn;
    private final PictureCache cache = PictureCache.current();
    private final List<Thread> workers = new ArrayList<>();

    // All below is guarded by this loader's monitor; what a slot holds is written by workers outside it, each at its
    // own place.
    private final ArrayDeque<Slot> free = new ArrayDeque<>();
    private final ArrayDeque<Slot> opened = new ArrayDeque<>();
    private Slot filling;
    private Slot delivered;
    private int[] rows = {};
    private int place;
    private int epoch = -1;
    private Throwable broken;
    private boolean exhausted;
    private boolean closed;

    /**
     * How to load.
     *
     * @param batch images in a batch; the last of an epoch may have fewer
     * @param epochs how many times the order is asked for rows
     * @param threads how many decode, from 1
     * @param ahead how many batches may stand ready, from 1; each takes batch * channels * size * size * 4 bytes
     * @param strict whether an image that cannot be used ends the loading
     */
    public record Settings(int batch, int epochs, int threads, int ahead, boolean strict) {
        /** @throws ConfigException when a value is out of its range */
        public Settings {
            if (batch < 1) throw new ConfigException("loader: batch is %d; want at least 1".formatted(batch));
            if (epochs < 0) throw new ConfigException("loader: epochs is %d; want at least 0".formatted(epochs));
            if (threads < 1 || threads > 1024)
                throw new ConfigException("loader: threads is %d; want 1..1024".formatted(threads));
            if (ahead < 1 || ahead > 1024)
                throw new ConfigException("loader: ahead is %d; want 1..1024".formatted(ahead));
        }

        /** One pass, a thread for each processor, two batches ahead, images that cannot be used left out. */
        public static Settings once(int batch) {
            return new Settings(batch, 1, Runtime.getRuntime().availableProcessors(), 2, false);
        }
    }

    /**
     * Some images of one epoch; the arrays are the loader's and hold until its next {@link #next} or {@link #close}.
     *
     * @param epoch from 0
     * @param images (count, channels, size, size); the array has room for a whole batch
     * @param count how many there are, at least 1
     * @param rows which row of the list each is; the array has room for a whole batch
     */
    public record Batch(int epoch, float[] images, int count, int[] rows) {}

    /** Names another row in place of one whose image cannot be used. */
    @FunctionalInterface
    public interface StandIn {
        /** The next to try. */
        int after(int row);
    }

    /** So many others are tried for one place of a batch; after that it stays empty. */
    private static final int TRIES = 16;

    /** An image that could not be used; the error's message names the file and the reason. */
    public record Failure(int row, Path path, DataException error) {}

    private static final class Slot {
        final float[] images;
        final int[] rows;
        final List<List<Failure>> failures = new ArrayList<>();
        final boolean[] filled;
        int epoch;
        int count;
        int claimed;
        int done;

        Slot(int batch, int length) {
            images = new float[Math.multiplyExact(batch, length)];
            rows = new int[batch];
            filled = new boolean[batch];
            for (int i = 0; i < batch; i++) failures.add(new ArrayList<>());
        }
    }

    private record Claim(Slot slot, int place) {}

    /**
     * Starts loading at once.
     *
     * @param report told of every image that is left out, in order, by the thread that calls {@link #next}
     */
    public Loader(List<Path> paths, Transform transform, Order order, Settings settings, Consumer<Failure> report) {
        this(paths, transform, order, settings, report, null);
    }

    /**
     * The same, with others in the places of images that cannot be used. A batch may then be empty: when none of many could be read.
     *
     * @param standIn null to leave out what cannot be used
     */
    public Loader(
            List<Path> paths,
            Transform transform,
            Order order,
            Settings settings,
            Consumer<Failure> report,
            StandIn standIn) {
        this.standIn = standIn;
        this.paths = List.copyOf(paths);
        this.transform = transform;
        this.order = order;
        this.settings = settings;
        this.report = report;
        if ((long) settings.batch * transform.length() > Integer.MAX_VALUE - 8)
            throw new ConfigException("loader: a batch of %d images of %d numbers is above 2^31; use smaller batches"
                    .formatted(settings.batch, transform.length()));
        for (int i = 0; i <= settings.ahead; i++) free.add(new Slot(settings.batch, transform.length()));
        for (int i = 0; i < settings.threads; i++)
            workers.add(Thread.ofPlatform().daemon().name("hoag-images-" + i).start(this::work));
    }

    /**
     * The next batch, with at least one image unless others should have stood in for it; null after the last.
     *
     * @throws DataException for the first image that cannot be used, when strict
     */
    public Batch next() {
        while (true) {
            var slot = take();
            if (slot == null) return null;
            int count = settle(slot);
            if (count > 0 || standIn != null) return new Batch(slot.epoch, slot.images, count, slot.rows);
        }
    }

    private synchronized Slot take() {
        if (delivered != null) free.add(delivered);
        delivered = null;
        notifyAll();
        while (!ready()) pause();
        if (closed) throw new IllegalStateException("the loader is closed");
        if (broken != null) throw rethrown(broken);
        return delivered = opened.poll();
    }

    private boolean ready() {
        var first = opened.peek();
        return closed || broken != null || (first != null && first.done == first.count) || (first == null && exhausted);
    }

    private static RuntimeException rethrown(Throwable broken) {
        return switch (broken) {
            case Error e -> throw e;
            case RuntimeException e -> e;
            default -> new IllegalStateException(broken);
        };
    }

    /** Reports what failed and closes the gaps. */
    private int settle(Slot slot) {
        int kept = 0, length = transform.length();
        for (int i = 0; i < slot.count; i++) {
            slot.failures.get(i).forEach(this::fail);
            if (slot.filled[i] && kept++ < i) {
                System.arraycopy(slot.images, i * length, slot.images, (kept - 1) * length, length);
                slot.rows[kept - 1] = slot.rows[i];
            }
        }
        return kept;
    }

    private void fail(Failure failure) {
        if (settings.strict) throw failure.error;
        report.accept(failure);
    }

    private void work() {
        try (var reader = new PictureReader()) {
            var scratch = new Scratch();
            for (var claim = claim(); claim != null; claim = claim()) {
                fill(claim, reader, scratch);
                done(claim.slot);
            }
        } catch (Throwable e) { // a fault of the program, or no memory: the consumer must hear of it
            breakOff(e);
        }
    }

    private void fill(Claim claim, PictureReader reader, Scratch scratch) {
        var slot = claim.slot;
        int place = claim.place;
        slot.failures.get(place).clear();
        slot.filled[place] = read(slot, place, reader, scratch);
        for (int tries = 0; standIn != null && !slot.filled[place] && tries < TRIES; tries++) {
            slot.rows[place] = standIn.after(slot.rows[place]);
            slot.filled[place] = read(slot, place, reader, scratch);
        }
    }

    private boolean read(Slot slot, int place, PictureReader reader, Scratch scratch) {
        int row = slot.rows[place];
        try {
            var picture = cache == null
                    ? reader.read(paths.get(row), transform.bands())
                    : cache.read(paths.get(row), transform, reader, scratch);
            prepare(picture, slot, place, row, scratch);
            return true;
        } catch (DataException e) {
            slot.failures.get(place).add(new Failure(row, paths.get(row), e));
            return false;
        }
    }

    private void prepare(Picture picture, Slot slot, int place, int row, Scratch scratch) {
        try {
            transform.apply(picture, slot.epoch, row, slot.images, place * transform.length(), scratch);
        } catch (DataException e) {
            throw new DataException(paths.get(row) + ": " + e.getMessage(), e);
        }
    }

    private synchronized void done(Slot slot) {
        if (++slot.done == slot.count) notifyAll();
    }

    private synchronized void breakOff(Throwable e) {
        if (broken == null) broken = e;
        notifyAll();
    }

    /** The next image to load; null when there is none, waiting where all buffers are in use. */
    private synchronized Claim claim() {
        while (!stopped() && (filling == null || filling.claimed == filling.count)) {
            if (place == rows.length) nextEpoch();
            else if (free.isEmpty()) pause();
            else open();
        }
        return stopped() ? null : new Claim(filling, filling.claimed++);
    }

    private boolean stopped() {
        return closed || broken != null || exhausted && (filling == null || filling.claimed == filling.count);
    }

    private void nextEpoch() {
        if (++epoch >= settings.epochs) {
            exhausted = true;
            notifyAll();
            return;
        }
        rows = order.rows(epoch);
        place = 0;
        for (int row : rows)
            if (row < 0 || row >= paths.size())
                throw new ConfigException("loader: the order of epoch %d has row %d; there are %d images"
                        .formatted(epoch, row, paths.size()));
    }

    private void open() {
        filling = free.poll();
        filling.epoch = epoch;
        filling.count = Math.min(settings.batch, rows.length - place);
        filling.claimed = filling.done = 0;
        System.arraycopy(rows, place, filling.rows, 0, filling.count);
        place += filling.count;
        opened.add(filling);
    }

    private void pause() {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while images were loading", e);
        }
    }

    /** Ends the loading and waits for its threads: each finishes the image in its hands. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        boolean interrupted = false;
        for (var worker : workers) interrupted |= joined(worker);
        if (interrupted) Thread.currentThread().interrupt();
    }

    private static boolean joined(Thread worker) {
        for (boolean interrupted = false; ; ) {
            try {
                worker.join();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
