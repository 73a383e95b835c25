package hoag.galaxy.learn;

import hoag.engine.Program;
import hoag.kernels.Backend;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * What programs take of a device's memory.
 *
 * @param batch galaxies at once that they are made for
 * @param shared bytes that hardly grow with the batch: weights, what depends on them alone, and partial sums
 * @param working bytes that do
 * @param free bytes of the device before any of it was reserved
 */
public record Room(int batch, long shared, long working, long free) {
    /** In place of a number of galaxies: as many as fit into the device's memory. */
    public static final int AUTO = Integer.MIN_VALUE;

    /** Where the device computes in the host's memory. */
    private static final int USUAL = 32;

    /** What other programs may ask for meanwhile. */
    private static final double SHARE = 0.95;

    /** Empty for a device that computes in the host's memory. */
    public static Optional<Room> of(Backend backend, int batch, Program... programs) {
        return backend.free().stream()
                .mapToObj(free -> new Room(
                        batch,
                        Stream.of(programs)
                                .mapToLong(each -> each.sharedBytes() + each.scratchBytes())
                                .sum(),
                        Stream.of(programs)
                                .mapToLong(each -> each.workspaceBytes() - each.scratchBytes())
                                .sum(),
                        free))
                .findFirst();
    }

    /** So many galaxies fit at once, about; 0: not even one. */
    public long largest() {
        return Math.max(0, (long) ((SHARE * free - shared) / Math.max(1, working) * batch));
    }

    /**
     * The number of galaxies to compute at once where {@link #AUTO} was asked for: the largest power of two that fits, 32 on a device without memory of
     * its own.
     *
     * @param most galaxies that are of use
     * @param programs what is to run, for a number of galaxies
     */
    public static int choose(Backend backend, int most, IntFunction<Program[]> programs) {
        int batch = Math.min(USUAL, most);
        if (backend.free().isEmpty()) {
            return batch;
        }
        if (!fits(backend, batch, programs)) {
            do {
                batch = Integer.highestOneBit(batch - 1);
            } while (batch > 1 && !fits(backend, batch, programs));
            return batch; // if not even one fits, that is refused with its size
        }
        while (batch < most && fits(backend, Math.min(2 * batch, most), programs)) {
            batch = Math.min(2 * batch, most);
        }
        return batch;
    }

    private static boolean fits(Backend backend, int batch, IntFunction<Program[]> programs) {
        Room room = of(backend, batch, programs.apply(batch)).orElseThrow();
        return room.shared + room.working <= SHARE * room.free;
    }

    @Override
    public String toString() {
        return "memory: " + mib(shared + working) + " MiB for " + batch + " galaxies at once, " + mib(free)
                + " MiB are free; about " + largest() + " would fit (--batch)";
    }

    private static long mib(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }
}
