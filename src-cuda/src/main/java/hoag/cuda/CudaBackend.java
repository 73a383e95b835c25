package hoag.cuda;

import hoag.kernels.Algorithms;
import hoag.kernels.Backend;
import hoag.kernels.Buffer;
import hoag.kernels.ConfigException;
import hoag.kernels.DeviceException;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.Machine;
import hoag.kernels.Precision;
import hoag.kernels.Views;
import hoag.kernels.Work;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * NVIDIA GPUs through the driver alone, with Hoag's own kernels: float32, row-major. The formulas of a model are fused into the kernels as on the
 * CPU, and computed to the CPU's bits. Nothing is loaded until a device is asked for.
 */
public final class CudaBackend implements Backend {
    private final int number;
    private final Precision precision;
    private final Algorithms algorithms;
    private final List<Backend> peers;
    private final List<WeakReference<Runnable>> last = new ArrayList<>();
    private Device device;

    /** The first device. */
    public CudaBackend() {
        this(0, Precision.FP32, Algorithms.OWN, List.of());
    }

    private CudaBackend(int number, Precision precision, Algorithms algorithms, List<Backend> peers) {
        this.number = number;
        this.precision = precision;
        this.algorithms = algorithms;
        this.peers = List.copyOf(peers);
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public Backend numbered(int wanted) {
        return new CudaBackend(wanted, precision, algorithms, List.of());
    }

    @Override
    public Backend together(List<Integer> numbers) {
        List<Integer> all = numbers.isEmpty() ? Gpu.numbers() : numbers;
        if (all.stream().distinct().count() < all.size()) {
            throw new ConfigException("--device cuda:"
                    + all.stream().map(String::valueOf).collect(Collectors.joining(","))
                    + ": a device is named twice; name each once");
        }
        return new CudaBackend(
                all.getFirst(),
                precision,
                algorithms,
                all.stream().skip(1).map(this::numbered).toList());
    }

    @Override
    public List<Backend> peers() {
        return peers;
    }

    @Override
    public Backend precision(Precision wanted) {
        return new CudaBackend(
                number,
                wanted,
                algorithms,
                peers.stream().map(peer -> peer.precision(wanted)).toList());
    }

    @Override
    public Backend algorithms(Algorithms wanted) {
        return new CudaBackend(
                number,
                precision,
                wanted,
                peers.stream().map(peer -> peer.algorithms(wanted)).toList());
    }

    @Override
    public String description() {
        return Gpu.describe(number);
    }

    @Override
    public Optional<String> whyNot() {
        return Gpu.whyNot(number, precision, algorithms)
                .or(() -> peers.stream().flatMap(peer -> peer.whyNot().stream()).findFirst());
    }

    private synchronized Device device() {
        if (device == null) {
            whyNot().ifPresent(why -> {
                throw new DeviceException(why);
            });
            device = Gpu.open(number, precision, algorithms);
        }
        return device;
    }

    @Override
    public Buffer allocate(long elements) {
        return device().allocate(elements);
    }

    @Override
    public void expect(long bytes) {
        device().expect(bytes);
    }

    @Override
    public OptionalLong free() {
        return OptionalLong.of(device().free());
    }

    @Override
    public List<String> details() {
        return Gpu.details();
    }

    @Override
    public synchronized void release(Buffer buffer) {
        if (device != null) {
            device.release(buffer);
        }
    }

    /** Never: a GPU has memory of its own. */
    @Override
    public Optional<Buffer> share(float[] host, int offset, int length) {
        return Optional.empty();
    }

    @Override
    public void write(float[] from, int fromOffset, Buffer to, int count) {
        device().write(from, fromOffset, to, count);
    }

    @Override
    public void read(Buffer from, float[] to, int toOffset, int count) {
        device().read(from, to, toOffset, count);
    }

    @Override
    public boolean samples() {
        return true;
    }

    @Override
    public Staged stage(Views views) {
        return device().stage(views);
    }

    @Override
    public void sample(Staged pictures, Buffer to) {
        device().sample((Pictures.Slot) pictures, to);
    }

    @Override
    public boolean copy(Backend other, Buffer from, Buffer to) {
        if (!(other instanceof CudaBackend cuda) || from.length() != to.length()) {
            return false;
        }
        device().copy(cuda.device(), from, to);
        return true;
    }

    @Override
    public Wish wish(Kernel kernel, List<Layout> offered) {
        return new Wish(
                kernel.inputs().stream().map(shape -> (Layout) Layout.PLAIN).toList(),
                kernel.outputs().stream().map(shape -> (Layout) Layout.PLAIN).toList());
    }

    @Override
    public boolean fuses(Kernel kernel, Kernel.Epilogue epilogue) {
        boolean fits = epilogue.extras().size() <= Struct.TABLE;
        return fits
                && switch (kernel) {
                    case Kernel.Conv2d conv -> conv.pass() == Kernel.Pass.FORWARD;
                    case Kernel.Product ignored -> true;
                    default -> false;
                };
    }

    /** Where tensor cores were asked for, they take its products one by one. */
    @Override
    public boolean attends(Kernel.Attention attention) {
        return precision == Precision.FP32 && CudaAttention.fits(attention);
    }

    @Override
    public boolean attends(Kernel.AttentionGradient gradient) {
        return precision == Precision.FP32 && CudaAttentionGradient.fits(gradient);
    }

    @Override
    public boolean normalizes(Kernel.LayerNorm norm) {
        return norm.epilogue().extras().size() <= Struct.TABLE;
    }

    @Override
    public boolean normalizes(Kernel.LayerNormGradient gradient) {
        return CudaLayerNormGradient.fits(gradient);
    }

    @Override
    public Launch prepare(Kernel kernel, Wish layouts) {
        layouts.inputs().forEach(CudaMove::plain);
        layouts.outputs().forEach(CudaMove::plain);
        Device on = device();
        return switch (kernel) {
            case Kernel.Conv2d conv -> on.choice().of(conv, () -> CudaConv2d.prepare(on, conv));
            case Kernel.Product product -> on.choice().of(product, () -> CudaProduct.prepare(on, product));
            case Kernel.Pool pool -> CudaPool.prepare(on, pool);
            case Kernel.Pointwise pointwise -> CudaPointwise.prepare(on, pointwise);
            case Kernel.Reduce reduce -> CudaReduce.prepare(on, reduce);
            case Kernel.Moments moments -> CudaMoments.prepare(on, moments);
            case Kernel.Move move -> CudaMove.prepare(on, move);
            case Kernel.Concat concat -> CudaMove.concat(on, concat);
            case Kernel.Gather gather -> CudaGather.prepare(on, gather);
            case Kernel.Order order -> CudaOrder.prepare(on, order);
            case Kernel.Random random -> CudaRandom.prepare(on, random);
            case Kernel.Relayout relayout -> CudaMove.relayout(on, relayout);
            case Kernel.LayerNorm norm -> CudaLayerNorm.prepare(on, norm);
            case Kernel.Attention attention -> CudaAttention.prepare(on, attention);
            case Kernel.Chain ignored ->
                throw new DeviceException("cuda: chains are not for this device, as chains() says; run the links");
            case Kernel.AttentionGradient gradient -> CudaAttentionGradient.prepare(on, gradient);
            case Kernel.LayerNormGradient gradient -> CudaLayerNormGradient.prepare(on, gradient);
        };
    }

    @Override
    public void run(List<Work> works) {
        Gpu.run(device(), works);
    }

    @Override
    public Recorded record(List<Work> works) {
        return Gpu.record(device(), works);
    }

    @Override
    public Machine peak() {
        return Gpu.peak(number, precision);
    }

    @Override
    public int workers() {
        return 1;
    }

    @Override
    public void beforeClose(Runnable bringing) {
        synchronized (last) {
            last.removeIf(each -> each.get() == null);
            last.add(new WeakReference<>(bringing));
        }
    }

    /** Gives back memory, kernels and context, when what lies there alone was brought to the host; buffers of this backend are no more. */
    @Override
    public void close() {
        try {
            bring();
        } finally {
            release();
            peers.forEach(Backend::close);
        }
    }

    private void bring() {
        List<WeakReference<Runnable>> all;
        synchronized (last) {
            all = List.copyOf(last);
            last.clear();
        }
        all.stream().map(WeakReference::get).filter(Objects::nonNull).forEach(Runnable::run);
    }

    private synchronized void release() {
        if (device != null) {
            device.close();
            device = null;
        }
    }
}
