package hoag.galaxy.serve;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Heavy work a few at a time: a crowd waits its turn, so that memory stays flat, and who would wait too long is told to come back.
 */
final class Turns {
    private final Semaphore places;
    private final int seconds;

    /**
     * @param places at once
     * @param seconds that a caller waits at most
     */
    Turns(int places, int seconds) {
        this.places = new Semaphore(places, true);
        this.seconds = seconds;
    }

    /** @throws Refusal when no turn came in time */
    <T> T take(Supplier<T> work) {
        boolean mine = false;
        try {
            mine = places.tryAcquire(seconds, TimeUnit.SECONDS);
            if (!mine) {
                throw new Refusal(503, "the server is busy; ask again in a moment");
            }
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(503, "the server is stopping");
        } finally {
            if (mine) {
                places.release();
            }
        }
    }
}
