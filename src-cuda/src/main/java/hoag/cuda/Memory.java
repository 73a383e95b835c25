package hoag.cuda;

import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;
import static jcuda.driver.JCudaDriver.cuMemsetD32;

import hoag.kernels.Buffer;
import hoag.kernels.DeviceException;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Set;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;

/**
 * A device's memory. A piece is given back when its owner says so, at the latest with the device; what nobody can reach any more is given back
 * before the next request. Not thread-safe: the device's lock is held.
 */
final class Memory {
    private static final String CURE =
            "end other programs on this GPU (nvidia-smi lists them), or run with --device cpu";

    private final String who;
    private final Set<Held> held = new HashSet<>();
    private final ReferenceQueue<Piece> lost = new ReferenceQueue<>();

    Memory(String who) {
        this.who = who;
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
    }

    /** Remembers what is to be given back when a piece is no more. */
    private static final class Held extends PhantomReference<Piece> {
        private final Address pointer;

        private Held(Piece piece, ReferenceQueue<Piece> lost) {
            super(piece, lost);
            pointer = piece.pointer;
        }
    }

    /** The address of a buffer's first element. */
    static long address(Buffer buffer) {
        return ((Piece) buffer.storage()).pointer.value() + 4L * buffer.offset();
    }

    /** The same for the driver's copies. */
    static CUdeviceptr pointer(Buffer buffer) {
        return ((Piece) buffer.storage()).pointer.withByteOffset(4L * buffer.offset());
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
        var pointer = new Address();
        long bytes = Math.max(4, 4 * elements);
        int result = cuMemAlloc(pointer, bytes);
        for (int patience = 0; result == CUresult.CUDA_ERROR_OUT_OF_MEMORY && patience < 5; patience++) {
            collectGarbage();
            result = cuMemAlloc(pointer, bytes);
        }
        if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            throw new DeviceException(full(bytes));
        }
        Driver.check(who, result, "reserve " + (bytes >> 20) + " MiB");
        var piece = new Piece(pointer);
        piece.held = new Held(piece, lost);
        held.add(piece.held);
        Driver.check(who, cuMemsetD32(pointer, 0, bytes / 4), "clear memory");
        return new Buffer(piece, 0, (int) elements);
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

    /** Free and all bytes. */
    long[] free() {
        long[] free = new long[1];
        long[] total = new long[1];
        Driver.check(who, cuMemGetInfo(free, total), "ask for free memory");
        return new long[] {free[0], total[0]};
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
            cuMemFree(piece.pointer); // a lost device refuses, and has lost the memory too
        }
    }

    /** Gives everything back. */
    void releaseAll() {
        Set.copyOf(held).forEach(this::free);
    }
}
