package hoag.kernels;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A kind of device. Implementations are found by {@link java.util.ServiceLoader} and constructed cheaply: nothing is loaded until
 * {@link #whyNot} or {@link #prepare} is called.
 */
public interface Backend extends AutoCloseable {
    /** The word after {@code --device}. */
    String name();

    /** One line for {@code hoag devices}. */
    String description();

    /** Empty if this backend can run here; else one line with the reason and the cure. */
    Optional<String> whyNot();

    /** The same kind of device with this many threads of the host, to be used instead of this one; a device without threads of its own stays as it is. */
    default Backend withThreads(int threads) {
        return this;
    }

    /** The same kind of device without algorithms that trade rounding error for speed, to be used instead of this one; itself if it has none. */
    default Backend exact() {
        return this;
    }

    /**
     * The same device with operands of products and convolutions rounded for its tensor cores, to be used instead of this one.
     *
     * @throws ConfigException if it does not round
     */
    default Backend precision(Precision wanted) {
        if (wanted != Precision.FP32) {
            throw new ConfigException("--precision " + wanted + ": " + name()
                    + " computes in fp32 alone; leave the option out, or run with --device cuda");
        }
        return this;
    }

    /**
     * The same device with products and convolutions by the libraries of its vendor, to be used instead of this one.
     *
     * @throws ConfigException if it has none and they are wanted, not only where they are faster
     */
    default Backend algorithms(Algorithms wanted) {
        if (wanted == Algorithms.CUDNN) {
            throw new ConfigException("--algorithms " + wanted + ": " + name()
                    + " has its own algorithms alone; leave the option out, or run with --device cuda");
        }
        return this;
    }

    /**
     * Device {@code number} of this kind, counted from 0, to be used instead of this one: what stands behind the colon of {@code --device cuda:1}.
     *
     * @throws ConfigException if devices of this kind are not numbered
     */
    default Backend numbered(int number) {
        throw new ConfigException(
                "--device " + name() + ":" + number + ": there is only one " + name() + "; leave the number out");
    }

    /**
     * Several devices of this kind, to be used instead of this one: the first, with the others as its {@link #peers}. What stands behind the colon of
     * {@code --device cuda:0,1}.
     *
     * @param numbers of the devices; empty for all that there are
     * @throws ConfigException if devices of this kind are not numbered, or one is named twice
     */
    default Backend together(List<Integer> numbers) {
        throw new ConfigException("--device " + name() + ": there is only one " + name() + "; leave the numbers out");
    }

    /** The other devices that were asked for together with this one, for work that is shared out; all else is done by this one. It closes them too. */
    default List<Backend> peers() {
        return List.of();
    }

    /** Whether faster code for something that has run is still in the making: timings are not yet what they will be. */
    default boolean warming() {
        return false;
    }

    /**
     * Elements of memory, zero-filled, starting where this backend's vectors like it.
     *
     * @throws DeviceException if there is no memory for it
     */
    Buffer allocate(long elements);

    /**
     * Said before a program's memory is reserved, so that a device that has not so much can say so for the whole.
     *
     * @throws DeviceException if {@code bytes} are more than there are
     */
    default void expect(long bytes) {}

    /** Bytes that {@link #allocate} can still give; empty for a device that computes in the host's memory. */
    default OptionalLong free() {
        return OptionalLong.empty();
    }

    /**
     * Something to be done before the memory of {@link #allocate} goes, should this backend be closed first: what lies there alone is brought to the host. A
     * device of the host has nothing to bring. The caller keeps {@code last}; when nobody else does it is forgotten.
     */
    default void beforeClose(Runnable last) {}

    /** Further lines for {@code hoag devices}, whether this backend can run or not: single devices, optional libraries. */
    default List<String> details() {
        return List.of();
    }

    /** Gives the memory of {@link #allocate} back before the backend is closed; a device of the host leaves that to the JVM. */
    default void release(Buffer buffer) {}

    /**
     * A buffer over memory of the host that this backend computes on directly; empty if it cannot (another precision, another device).
     *
     * @param offset first number of the array
     * @param length numbers
     */
    Optional<Buffer> share(float[] host, int offset, int length);

    /**
     * Copies {@code count} numbers from the host.
     *
     * @param fromOffset first number that is copied
     * @param to written from its start
     * @throws DeviceException if the device was lost
     */
    void write(float[] from, int fromOffset, Buffer to, int count);

    /**
     * Copies {@code count} numbers to the host.
     *
     * @param from read from its start
     * @param toOffset where the first number goes
     * @throws DeviceException if the device was lost
     */
    void read(Buffer from, float[] to, int toOffset, int count);

    /** Whether {@link #sample} computes views of pictures. */
    default boolean samples() {
        return false;
    }

    /** Pictures on their way to a device. */
    interface Staged {
        /** (images, 3, size, size): what their views are. */
        Shape shape();
    }

    /**
     * Sends pictures on their way, from any thread, while the device computes; only where {@link #samples} says so. Returns when {@code views} was read. Two may be on their
     * way at once: they are {@link #sample sampled} in the order in which they were staged.
     */
    default Staged stage(Views views) {
        throw new IllegalStateException(name() + " does not sample pictures");
    }

    /**
     * Computes the views of pictures when they have arrived.
     *
     * @param to (images, 3, size, size), row-major
     */
    default void sample(Staged pictures, Buffer to) {
        throw new IllegalStateException(name() + " does not sample pictures");
    }

    /**
     * Copies a whole buffer of {@code other}, a device of the same kind or this one, without the host.
     *
     * @return false if it cannot, and nothing was copied
     */
    default boolean copy(Backend other, Buffer from, Buffer to) {
        return false;
    }

    /**
     * As the backend holds it: all digits of float64 where it computes in that.
     *
     * @param from read from its start
     */
    default double[] read(Buffer from, int count) {
        float[] single = new float[count];
        read(from, single, 0, count);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = single[i];
        }
        return values;
    }

    /**
     * What a kernel wants its operands and results to look like, given how its inputs lie now (inputs first, then outputs).
     *
     * @param inputs one for each input of the kernel
     * @param outputs one for each of its results
     */
    record Wish(List<Layout> inputs, List<Layout> outputs) {
        /** Copies the lists. */
        public Wish {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
        }
    }

    /**
     * Which layouts the kernel wants of those that are offered, and which it gives.
     *
     * @param offered how the inputs lie, in order
     */
    Wish wish(Kernel kernel, List<Layout> offered);

    /** True if {@code kernel} (a convolution or product without epilogue) runs the epilogue well in one launch. */
    boolean fuses(Kernel kernel, Kernel.Epilogue epilogue);

    /** True if the links run better as one launch; backends that do not say so are never given a chain by the compiler. */
    default boolean chains(Kernel.Chain chain) {
        return false;
    }

    /** True if this runs better as one launch than as products and a softmax; backends that do not say so are never given one by the compiler. */
    default boolean attends(Kernel.Attention attention) {
        return false;
    }

    /** True if this runs better as one launch than as products and a softmax's gradient; backends that do not say so are never given one by the compiler. */
    default boolean attends(Kernel.AttentionGradient gradient) {
        return false;
    }

    /** True if this runs better as one launch than as moments and formulas; backends that do not say so are never given one by the compiler. */
    default boolean normalizes(Kernel.LayerNorm norm) {
        return false;
    }

    /** True if this runs better as one launch than as sums and formulas; backends that do not say so are never given one by the compiler. */
    default boolean normalizes(Kernel.LayerNormGradient gradient) {
        return false;
    }

    /**
     * Compiles a kernel for these layouts. The result holds no operand memory and may be bound many times.
     *
     * @param layouts from {@link #wish}, or plain ones
     * @throws DeviceException if the device cannot be used
     */
    Launch prepare(Kernel kernel, Wish layouts);

    /**
     * Runs bound work in order; returns when all is done.
     *
     * @param works bound by launches of this backend
     * @throws DeviceException if the device was lost
     * @throws DataException if an index is not in its table
     */
    void run(List<Work> works);

    /** Runs bound work in order as {@link #run} does; milliseconds that each took. */
    default double[] timed(List<Work> works) {
        double[] ms = new double[works.size()];
        for (int i = 0; i < ms.length; i++) {
            long start = System.nanoTime();
            run(List.of(works.get(i)));
            ms[i] = (System.nanoTime() - start) / 1e6;
        }
        return ms;
    }

    /** Work that was put together for many runs. */
    interface Recorded extends AutoCloseable {
        /** The same as {@link Backend#run}. */
        void run();

        @Override
        default void close() {}
    }

    /** Bound work to be run many times, in order: a device may record it once and start it as a whole. */
    default Recorded record(List<Work> works) {
        return () -> run(works);
    }

    /** Threads or streams that {@link Launch#scratch} is sized for. */
    int workers();

    /** The limits of this device, measured in a fraction of a second at the first call; {@link Machine#UNKNOWN} if it does not measure. */
    default Machine peak() {
        return Machine.UNKNOWN;
    }

    @Override
    void close();
}
