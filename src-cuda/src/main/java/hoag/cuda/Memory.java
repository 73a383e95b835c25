package hoag.cuda;

import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;
import static jcuda.driver.JCudaDriver.cuMemsetD32;

import hoag.kernels.Buffer;
import hoag.kernels.DeviceException;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;

/**
 * A device's memory. A piece is given back when its owner says so, at the latest with the device; what nobody can reach any more is given back
 * before the next request. What is given back serves the next request of its size, for the driver takes longer and waits for the device; it goes back to
 * the driver when that has no more. Not thread-safe: the device's lock is held.
 */
final class Memory {
    private static final String CURE =
            "end other programs on this GPU (nvidia-smi lists them), or run with --device cpu";

    private static final int PATIENCE = 5;

    private final String who;
    private final Set<Held> held = new HashSet<>();
    private final ReferenceQueue<Piece> lost = new ReferenceQueue<>();
    private final Map<Long, Deque<Address>> kept = new HashMap<>();

    Memory(String who) {
        this.who = who;
    }

    /** There is not so much memory. */
    static final class Full extends DeviceException {
        private static final long serialVersionUID = 1L;

        private Full(String message) {
            super(message);
        }
    }

    /** A pointer whose address can be read. */
    private static final class Address extends CUdeviceptr {
        long value() {
            return getNativePointer() + getByteOffset();
        }
    }

    /** The storage of buffers. */
    static final class Piece {
        private final Address pointer;
        private Held held;

        private Piece(Address pointer) {
            this.pointer = pointer;
        }

        private Address pointer() {
            if (held.back) {
                throw new IllegalStateException(
                        "this memory of a GPU was given back; close workspaces before their backend");
            }
            return pointer;
        }
    }

    /** Remembers what is to be given back when a piece is no more. */
    private static final class Held extends PhantomReference<Piece> {
        private final Address pointer;
        private final long bytes;
        private boolean back;

        private Held(Piece piece, long bytes, ReferenceQueue<Piece> lost) {
            super(piece, lost);
            pointer = piece.pointer;
            this.bytes = bytes;
        }
    }

    /** The address of a buffer's first element. */
    static long address(Buffer buffer) {
        return ((Piece) buffer.storage()).pointer().value() + 4L * buffer.offset();
    }

    /** The same for the driver's copies. */
    static CUdeviceptr pointer(Buffer buffer) {
        return ((Piece) buffer.storage()).pointer().withByteOffset(4L * buffer.offset());
    }

    /**
     * Zeros.
     *
     * @throws DeviceException if there is not so much memory: the line says how much there is
     */
    Buffer allocate(long elements) {
        if (elements > Integer.MAX_VALUE) {
            throw new DeviceException(who + ": one buffer of " + elements / (1 << 18)
                    + " MiB is above the limit of 8191 MiB; use a smaller batch");
        }
        collect();
        long bytes = Math.max(4, 4 * elements);
        var piece = new Piece(reserve(bytes));
        piece.held = new Held(piece, bytes, lost);
        held.add(piece.held);
        Driver.check(who, cuMemsetD32(piece.pointer(), 0, bytes / 4), "clear memory");
        return new Buffer(piece, 0, (int) elements);
    }

    private Address reserve(long bytes) {
        for (int patience = 0; patience < PATIENCE; ) {
            Deque<Address> fitting = kept.get(bytes);
            if (fitting != null && !fitting.isEmpty()) {
                return fitting.pop();
            }
            var pointer = new Address();
            int result = cuMemAlloc(pointer, bytes);
            if (result != CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
                Driver.check(who, result, "reserve " + (bytes >> 20) + " MiB");
                return pointer;
            }
            if (!giveBack()) {
                patience++;
                collectGarbage();
            }
        }
        throw new Full(full(bytes));
    }

    /** What is kept goes to the driver; whether there was any. */
    private boolean giveBack() {
        boolean any = kept.values().stream().anyMatch(pieces -> !pieces.isEmpty());
        kept.values().forEach(pieces -> pieces.forEach(pointer -> cuMemFree(pointer)));
        kept.clear();
        return any;
    }

    /** @throws DeviceException if a program of so many bytes does not fit: the line says what share of its batch would */
    void expect(long bytes) {
        long[] free = free();
        for (int patience = 0; bytes > free[0] && patience < 3; patience++) {
            collectGarbage();
            free = free();
        }
        if (bytes > free[0]) {
            throw new DeviceException(who + ": the program wants " + mib(bytes) + " MiB, " + mib(free[0]) + " of "
                    + mib(free[1]) + " MiB are free; use a batch of " + 100 * free[0] / bytes
                    + "% of this one or less (--batch auto takes the largest), " + CURE);
        }
    }

    /** Free and all bytes; what is kept is free. */
    long[] free() {
        long[] free = new long[1];
        long[] total = new long[1];
        Driver.check(who, cuMemGetInfo(free, total), "ask for free memory");
        long mine = kept.entrySet().stream()
                .mapToLong(each -> each.getKey() * each.getValue().size())
                .sum();
        return new long[] {free[0] + mine, total[0]};
    }

    private String full(long bytes) {
        long[] free = free();
        return who + ": out of memory: " + mib(bytes) + " MiB are wanted, " + mib(free[0]) + " of " + mib(free[1])
                + " MiB are free; use a smaller batch (--batch), " + CURE;
    }

    static long mib(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }

    /** Gives a piece back; twice does nothing. */
    void release(Buffer buffer) {
        free(((Piece) buffer.storage()).held);
    }

    private void collect() {
        for (var gone = lost.poll(); gone != null; gone = lost.poll()) {
            free((Held) gone);
        }
    }

    /** The JVM sees only its own memory: it does not know that the device's is short. */
    private void collectGarbage() {
        System.gc();
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        collect();
    }

    private void free(Held piece) {
        if (held.remove(piece)) {
            piece.back = true;
            kept.computeIfAbsent(piece.bytes, size -> new ArrayDeque<>()).push(piece.pointer);
        }
    }

    /** Gives everything back. */
    void releaseAll() {
        Set.copyOf(held).forEach(this::free);
        giveBack(); // a lost device refuses, and has lost the memory too
    }
}
