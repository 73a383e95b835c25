package hoag.kernels.cpu;

import hoag.kernels.Backend;
import hoag.kernels.Buffer;
import hoag.kernels.ConfigException;
import hoag.kernels.DeviceException;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.Machine;
import hoag.kernels.Work;
import java.util.List;
import java.util.Optional;

/**
 * The CPU: float32 through the Java Vector API. Buffers are {@code float[]} whose first element stands at a 64-byte boundary when the JVM
 * runs with {@code -XX:ObjectAlignmentInBytes=64} (or the array is large and the collector is G1): hence the 12 skipped floats.
 *
 * <p>Rules that every kernel here keeps: storage has at least 16 spare floats behind the last buffer, so a whole vector may be <em>read</em>
 * beyond a buffer's end; nothing is <em>written</em> beyond it, and lanes of blocked tensors beyond C hold anything, NaN too.
 */
public final class CpuBackend implements Backend {
    private static final int SKIP = 12;
    private static final int SPARE = 32;

    private final Workers workers;
    private final boolean exact;
    private Machine peak;

    /** One thread for each core. */
    public CpuBackend() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /** So many threads, 1..1024. */
    public CpuBackend(int threads) {
        this(threads, false);
    }

    /**
     * @param exact every convolution sums products of inputs and weights as its definition does; else 3x3 convolutions at stride 1 go through
     *     Winograd's transform where that is faster, with about twice the rounding error
     */
    public CpuBackend(int threads, boolean exact) {
        if (threads < 1 || threads > 1024) {
            throw new ConfigException("--threads " + threads + " is outside 1..1024; leave it out to use all cores");
        }
        workers = new Workers(threads);
        this.exact = exact;
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return "Vector API, " + workers.count() + " threads, " + Lanes.description();
    }

    @Override
    public Optional<String> whyNot() {
        return Lanes.whyNot();
    }

    @Override
    public Backend withThreads(int threads) {
        return new CpuBackend(threads, exact);
    }

    @Override
    public Backend exact() {
        return new CpuBackend(workers(), true);
    }

    @Override
    public Buffer allocate(long elements) {
        long floats = elements + SKIP + SPARE;
        if (floats > Integer.MAX_VALUE - 8) {
            throw new DeviceException("cpu: one buffer of " + elements / (1 << 18)
                    + " MiB is above the limit of 8191 MiB; use a smaller batch");
        }
        try {
            return new Buffer(new float[(int) floats], SKIP, (int) elements);
        } catch (OutOfMemoryError e) {
            throw new DeviceException(
                    "cpu: " + elements / (1 << 18) + " MiB do not fit in the JVM's heap of "
                            + Runtime.getRuntime().maxMemory() / (1 << 20)
                            + " MiB; use a smaller batch, or start with a larger -Xmx",
                    e);
        }
    }

    @Override
    public Optional<Buffer> share(float[] host, int offset, int length) {
        return host.length - offset - length >= 16 ? Optional.of(new Buffer(host, offset, length)) : Optional.empty();
    }

    @Override
    public void write(float[] from, int fromOffset, Buffer to, int count) {
        System.arraycopy(from, fromOffset, to.floats(), to.offset(), count);
    }

    @Override
    public void read(Buffer from, float[] to, int toOffset, int count) {
        System.arraycopy(from.floats(), from.offset(), to, toOffset, count);
    }

    @Override
    public Wish wish(Kernel kernel, List<Layout> offered) {
        return switch (kernel) {
            case Kernel.Conv2d conv -> CpuConv2d.wish(conv, offered, exact);
            case Kernel.Product product -> CpuProduct.wish(product, offered);
            case Kernel.Pool pool -> CpuPool.wish(pool, offered);
            case Kernel.Pointwise pointwise -> CpuPointwise.wish(pointwise, offered);
            case Kernel.Reduce reduce -> CpuReduce.wish(reduce, offered);
            case Kernel.Moments moments -> CpuMoments.wish(moments, offered);
            case Kernel.Relayout relayout -> new Wish(List.of(relayout.from()), List.of(relayout.to()));
            case Kernel.Move move -> plain(move);
            case Kernel.Concat concat -> plain(concat);
            case Kernel.Gather gather -> plain(gather);
            case Kernel.Order order -> plain(order);
            case Kernel.Random random -> plain(random);
            case Kernel.Chain chain ->
                CpuFollowed.is(chain, exact) ? CpuFollowed.wish(chain, offered) : CpuChain.wish(chain, offered);
            case Kernel.Attention attention -> CpuAttention.wish(attention);
            case Kernel.AttentionGradient gradient -> CpuAttentionGradient.wish(gradient);
            case Kernel.LayerNorm norm -> CpuLayerNorm.wish(norm);
            case Kernel.LayerNormGradient gradient -> CpuLayerNormGradient.wish(gradient);
        };
    }

    /** Row-major operands and results. */
    static Wish plain(Kernel kernel) {
        return new Wish(
                kernel.inputs().stream().map(shape -> (Layout) Layout.PLAIN).toList(),
                kernel.outputs().stream().map(shape -> (Layout) Layout.PLAIN).toList());
    }

    @Override
    public boolean fuses(Kernel kernel, Kernel.Epilogue epilogue) {
        return switch (kernel) {
            case Kernel.Conv2d conv -> CpuConv2d.fuses(conv, epilogue);
            case Kernel.Product product -> CpuProduct.fuses(product, epilogue);
            default -> false;
        };
    }

    @Override
    public boolean chains(Kernel.Chain chain) {
        return CpuFollowed.takes(chain, exact) || CpuChain.takes(chain, exact);
    }

    @Override
    public boolean attends(Kernel.Attention attention) {
        return CpuAttention.takes(attention);
    }

    @Override
    public boolean attends(Kernel.AttentionGradient gradient) {
        return CpuAttentionGradient.takes(gradient);
    }

    @Override
    public boolean normalizes(Kernel.LayerNorm norm) {
        return CpuLayerNorm.takes(norm);
    }

    @Override
    public boolean normalizes(Kernel.LayerNormGradient gradient) {
        return CpuLayerNormGradient.takes(gradient);
    }

    @Override
    public Launch prepare(Kernel kernel, Wish layouts) {
        return switch (kernel) {
            case Kernel.Conv2d conv -> CpuConv2d.prepare(conv, layouts, exact);
            case Kernel.Product product -> CpuProduct.prepare(product, layouts);
            case Kernel.Pool pool -> CpuPool.prepare(pool, layouts);
            case Kernel.Pointwise pointwise -> CpuPointwise.prepare(pointwise, layouts);
            case Kernel.Reduce reduce -> CpuReduce.prepare(reduce, layouts);
            case Kernel.Moments moments -> CpuMoments.prepare(moments, layouts);
            case Kernel.Relayout relayout -> CpuRelayout.prepare(relayout);
            case Kernel.Move move -> CpuMove.prepare(move);
            case Kernel.Concat concat -> CpuConcat.prepare(concat);
            case Kernel.Gather gather -> CpuGather.prepare(gather);
            case Kernel.Order order -> CpuOrder.prepare(order);
            case Kernel.Random random -> CpuRandom.prepare(random);
            case Kernel.Chain chain ->
                CpuFollowed.is(chain, exact) ? new CpuFollowed(chain, layouts) : new CpuChain(chain, layouts);
            case Kernel.Attention attention -> new CpuAttention(attention);
            case Kernel.AttentionGradient gradient -> new CpuAttentionGradient(gradient);
            case Kernel.LayerNorm norm -> CpuLayerNorm.prepare(norm, layouts);
            case Kernel.LayerNormGradient gradient -> CpuLayerNormGradient.prepare(gradient, layouts);
        };
    }

    @Override
    public void run(List<Work> works) {
        workers.run(works);
    }

    @Override
    public double[] timed(List<Work> works) {
        return Stopwatch.times(workers, works);
    }

    @Override
    public boolean warming() {
        return Warmup.busy();
    }

    @Override
    public int workers() {
        return workers.count();
    }

    @Override
    public synchronized Machine peak() {
        if (peak == null) {
            peak = Peak.measure(workers());
        }
        return peak;
    }

    @Override
    public void close() {
        workers.close();
    }
}
