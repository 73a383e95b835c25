package hoag.cuda;

import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;

import hoag.kernels.Buffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;

/**
 * Memory of the host that stays where it is, through which large copies go: a ring of pieces, one being filled or emptied while the device copies another.
 * A copy from the JVM's heap goes through such memory of the driver's own anyway, but waits for it. Made at the first large copy. The device's lock is held.
 */
final class Staging implements AutoCloseable {
    /** Copies below are the driver's own: it has memory for them. */
    static final int LARGE = 1 << 14;

    private static final int PIECES = 4;
    private static final int PIECE = 1 << 20; // floats

    private final String who;
    private final CUstream stream;
    private final Pointer pinned = new Pointer();
    private final List<CUevent> done = new ArrayList<>(); // the last copy of a piece
    private FloatBuffer host;
    private int next;

    Staging(String who, CUstream stream) {
        this.who = who;
        this.stream = stream;
        try {
            Driver.check(who, cuMemHostAlloc(pinned, 4L * PIECES * PIECE, 0), "reserve memory of the host");
            host = pinned.getByteBuffer(0, 4L * PIECES * PIECE)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            for (int i = 0; i < PIECES; i++) {
                var event = new CUevent();
                Driver.check(who, cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "make an event");
                done.add(event);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Returns when {@code from} was read; the stream's further work sees the copy. */
    void write(float[] from, int fromOffset, Buffer to, int count) {
        for (int at = 0; at < count; at += PIECE) {
            int part = Math.min(PIECE, count - at);
            int piece = take();
            host.put(piece * PIECE, from, fromOffset + at, part);
            var target = Memory.pointer(to.slice(at, part));
            Driver.check(who, cuMemcpyHtoDAsync(target, pointer(piece), 4L * part, stream), "copy to the device");
            finish(piece);
        }
    }

    /** Returns when all is there. */
    void read(Buffer from, float[] to, int toOffset, int count) {
        int before = 0; // the piece on its way
        for (int at = 0; at < count + PIECE; at += PIECE) {
            int piece = at < count ? start(from, at, Math.min(PIECE, count - at)) : 0;
            if (at > 0) {
                arrived(before);
                host.get(before * PIECE, to, toOffset + at - PIECE, Math.min(PIECE, count - at + PIECE));
            }
            before = piece;
        }
    }

    private int start(Buffer from, int at, int part) {
        int piece = take();
        var source = Memory.pointer(from.slice(at, part));
        Driver.check(who, cuMemcpyDtoHAsync(pointer(piece), source, 4L * part, stream), "copy from the device");
        finish(piece);
        return piece;
    }

    /** The next piece, when its last copy is over. */
    private int take() {
        int piece = next;
        next = (next + 1) % PIECES;
        arrived(piece);
        return piece;
    }

    private Pointer pointer(int piece) {
        return pinned.withByteOffset(4L * piece * PIECE);
    }

    private void finish(int piece) {
        Driver.check(who, cuEventRecord(done.get(piece), stream), "mark the end of a copy");
    }

    private void arrived(int piece) {
        Driver.check(who, cuEventSynchronize(done.get(piece)), "copy");
    }

    @Override
    public void close() {
        done.forEach(event -> cuEventDestroy(event));
        done.clear();
        if (host != null) {
            cuMemFreeHost(pinned);
            host = null;
        }
    }
}
