package hoag.galaxy.learn;

import hoag.galaxy.image.Deferred;
import hoag.galaxy.image.Loader;
import hoag.kernels.Backend;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The batches of a loader. Where devices compute the views themselves, the pictures of the next batch go to the device whose turn it is while this one is
 * computed.
 */
final class Ahead implements AutoCloseable {
    private final Loader loader;
    private final Deferred deferred;
    private final List<Backend> devices;
    private final float[] memory;
    private final ExecutorService thread;
    private Future<Ready> coming;
    private int count;

    /**
     * @param loader closed with this
     * @param deferred what wrote the loader's pictures down; null if they are computed: then nothing goes ahead
     * @param memory for one batch of views
     */
    Ahead(Loader loader, Deferred deferred, List<Backend> devices, float[] memory) {
        this.loader = loader;
        this.deferred = deferred;
        this.devices = devices;
        this.memory = memory;
        thread = deferred == null
                ? null
                : Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("hoag-ahead").factory());
    }

    /** @param pictures on their way to the device; null if the batch holds what the model reads */
    record Ready(Loader.Batch batch, Backend.Staged pictures) {}

    /** The next batch; null after the last. What the loader throws comes through. */
    Ready next() {
        if (thread == null) {
            Loader.Batch batch = loader.next();
            return batch == null ? null : new Ready(batch, null);
        }
        Ready ready = coming == null ? stage() : taken();
        coming = ready == null ? null : thread.submit(this::stage);
        return ready;
    }

    private Ready stage() {
        Loader.Batch batch = loader.next();
        if (batch == null) {
            return null;
        }
        Backend device = devices.get(count++ % devices.size());
        Backend.Staged pictures = device.stage(deferred.views(batch.images(), batch.count(), memory));
        return new Ready(
                new Loader.Batch(
                        batch.epoch(),
                        batch.images(),
                        batch.count(),
                        batch.rows().clone()),
                pictures);
    }

    private Ready taken() {
        try {
            return coming.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException known -> throw known;
                case Error known -> throw known;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pictures are loading", e);
        }
    }

    /** Waits for what is under way, then closes the loader: the device may be closed then. */
    @Override
    public void close() {
        try (loader) {
            if (thread != null) {
                thread.close();
            }
        }
    }
}
