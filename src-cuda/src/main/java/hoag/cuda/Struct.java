package hoag.cuda;

import hoag.kernels.Buffer;
import hoag.kernels.DeviceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import jcuda.Pointer;

/** The bytes of a kernel's one argument, member by member as the {@code .cu} file declares them, each at a multiple of its size. */
final class Struct {
    /** Pointers in a {@code Table}. */
    static final int TABLE = 24;

    private final ByteBuffer bytes;

    Struct() {
        this(1024);
    }

    /** Room for so many bytes. */
    Struct(int most) {
        bytes = ByteBuffer.allocate(most).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Operands that formulas read and write. */
    Struct table(List<Buffer> operands) {
        if (operands.size() > TABLE) {
            throw new DeviceException("cuda: a formula of " + operands.size() + " operands; at most " + TABLE
                    + " are possible, run with --device cpu");
        }
        for (int i = 0; i < TABLE; i++) {
            pointer(i < operands.size() ? operands.get(i) : null);
        }
        return this;
    }

    /** The address of a buffer; null is 0. */
    Struct pointer(Buffer buffer) {
        return whole(buffer == null ? 0 : Memory.address(buffer));
    }

    /** 64 bits. */
    Struct whole(long value) {
        align(8);
        bytes.putLong(value);
        return this;
    }

    /** Numbers of 32 bits. */
    Struct ints(int... values) {
        for (int value : values) {
            bytes.putInt(value);
        }
        return this;
    }

    /** A number below 2^31 that a kernel divides by (see {@code hoag.cuh}). */
    Struct divisors(int... values) {
        for (int value : values) {
            int by = Math.max(1, value);
            int shift = Integer.SIZE - Integer.numberOfLeadingZeros(by - 1);
            long times = ((1L << shift) - by << Integer.SIZE) / by + 1;
            ints(by, (int) times, shift);
        }
        return this;
    }

    /** Sizes and strides, behind unused axes of size 1. */
    Struct axes(Axes axes) {
        int unused = Axes.MOST - axes.sizes().size();
        if (unused < 0) {
            throw new DeviceException(
                    "cuda: a tensor of more than " + Axes.MOST + " axes that do not merge; run with --device cpu");
        }
        for (int i = 0; i < Axes.MOST; i++) {
            divisors(i < unused ? 1 : axes.sizes().get(i - unused));
        }
        for (int i = 0; i < Axes.MOST; i++) {
            ints(i < unused ? 0 : axes.strides().get(i - unused));
        }
        return this;
    }

    private void align(int to) {
        while (bytes.position() % to != 0) {
            bytes.put((byte) 0);
        }
    }

    /**
     * What the driver wants to start a kernel: where the address of the one argument stands.
     *
     * @param wanted bytes that the kernel reads there, whatever there is
     */
    Pointer argument(int wanted) {
        ByteBuffer ready = ready();
        if (ready.remaining() != wanted) {
            throw new IllegalStateException(
                    "an argument of " + ready.remaining() + " bytes for a kernel that reads " + wanted);
        }
        return Pointer.to(Pointer.to(ready));
    }

    /** All of it, in a buffer that the driver can read. */
    ByteBuffer ready() {
        align(8);
        ByteBuffer ready = ByteBuffer.allocateDirect(bytes.position()).order(ByteOrder.LITTLE_ENDIAN);
        ready.put(bytes.flip()).rewind();
        return ready;
    }
}
