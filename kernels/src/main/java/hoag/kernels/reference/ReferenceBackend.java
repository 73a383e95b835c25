package hoag.kernels.reference;

import hoag.kernels.Backend;
import hoag.kernels.Buffer;
import hoag.kernels.DeviceException;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.Work;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Plain loops in float64 over row-major operands, on the calling thread: the truth in tests, and a way to run without the Vector API. */
public final class ReferenceBackend implements Backend {
    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String description() {
        return "plain Java loops in float64, 1 thread; the truth that other devices are tested against, very slow";
    }

    @Override
    public Optional<String> whyNot() {
        return Optional.empty();
    }

    @Override
    public Buffer allocate(long elements) {
        try {
            return new Buffer(new double[Math.toIntExact(elements)], 0, (int) elements);
        } catch (ArithmeticException | OutOfMemoryError e) {
            throw new DeviceException(
                    "reference: " + elements / (1 << 17) + " MiB do not fit in the JVM's heap of "
                            + Runtime.getRuntime().maxMemory() / (1 << 20)
                            + " MiB; use a smaller batch, or start with a larger -Xmx",
                    e);
        }
    }

    /** Never: the host's numbers are float32, these are float64. */
    @Override
    public Optional<Buffer> share(float[] host, int offset, int length) {
        return Optional.empty();
    }

    @Override
    public void write(float[] from, int fromOffset, Buffer to, int count) {
        for (int i = 0; i < count; i++) {
            to.doubles()[to.offset() + i] = from[fromOffset + i];
        }
    }

    @Override
    public double[] read(Buffer from, int count) {
        return java.util.Arrays.copyOfRange(from.doubles(), from.offset(), from.offset() + count);
    }

    @Override
    public void read(Buffer from, float[] to, int toOffset, int count) {
        for (int i = 0; i < count; i++) {
            to[toOffset + i] = (float) from.doubles()[from.offset() + i];
        }
    }

    @Override
    public Wish wish(Kernel kernel, List<Layout> offered) {
        return new Wish(plain(kernel.inputs().size()), plain(kernel.outputs().size()));
    }

    private static List<Layout> plain(int count) {
        return Stream.generate(() -> (Layout) Layout.PLAIN).limit(count).toList();
    }

    @Override
    public boolean fuses(Kernel kernel, Kernel.Epilogue epilogue) {
        return kernel instanceof Kernel.Conv2d || kernel instanceof Kernel.Product;
    }

    @Override
    public Launch prepare(Kernel kernel, Wish layouts) {
        Stream.concat(layouts.inputs().stream(), layouts.outputs().stream()).forEach(ReferenceBackend::check);
        return new ReferenceLaunch(kernel.inputs().size(), loops(kernel));
    }

    private static Loops loops(Kernel kernel) {
        return switch (kernel) {
            case Kernel.Conv2d conv -> ReferenceConv2d.loops(conv);
            case Kernel.Product product -> ReferenceProduct.loops(product);
            case Kernel.Pool pool -> ReferencePool.loops(pool);
            case Kernel.Pointwise pointwise -> ReferencePointwise.loops(pointwise);
            case Kernel.Reduce reduce -> ReferenceReduce.loops(reduce);
            case Kernel.Moments moments -> ReferenceMoments.loops(moments);
            case Kernel.Move move -> ReferenceMove.loops(move);
            case Kernel.Concat concat -> ReferenceMove.concat(concat);
            case Kernel.Gather gather -> ReferenceGather.loops(gather);
            case Kernel.Order order -> ReferenceOrder.loops(order);
            case Kernel.Random random -> ReferenceRandom.loops(random);
            case Kernel.Relayout relayout -> relayout(relayout);
            case Kernel.Attention attention -> ReferenceAttention.loops(attention);
            case Kernel.AttentionGradient gradient -> ReferenceAttentionGradient.loops(gradient);
            case Kernel.LayerNorm norm -> ReferenceLayerNorm.loops(norm);
            case Kernel.LayerNormGradient gradient -> ReferenceLayerNormGradient.loops(gradient);
            case Kernel.Chain chain -> ReferenceChain.loops(chain, ReferenceBackend::loops);
        };
    }

    private static Loops relayout(Kernel.Relayout kernel) {
        check(kernel.from());
        check(kernel.to());
        return ReferenceMove.loops(new Kernel.Move(
                kernel.shape(),
                new Kernel.Mover.Permute(
                        java.util.stream.IntStream.range(0, kernel.shape().rank())
                                .boxed()
                                .toList())));
    }

    private static void check(Layout layout) {
        if (!(layout instanceof Layout.Plain)) {
            throw new DeviceException("reference: layout " + layout
                    + " is not for this device; it computes on plain (row-major) operands only");
        }
    }

    @Override
    public void run(List<Work> works) {
        for (Work work : works) {
            for (int phase = 0; phase < work.phases(); phase++) {
                for (int task = 0; task < work.tasks(phase); task++) {
                    work.run(phase, task, 0);
                }
            }
        }
    }

    @Override
    public int workers() {
        return 1;
    }

    @Override
    public void close() {}
}
