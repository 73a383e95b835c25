package hoag.cuda;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Slice;
import hoag.kernels.Shape;
import java.util.List;

/** The gradient of attention, whose weights are made again and never in memory ({@code attentiongradient.cu}). */
final class CudaAttentionGradient {
    /** What the queries' kernel keeps of each for the keys': its largest score, one over the sum of exponentials, the sum of weights times their gradients. */
    private static final int SEEN = 3;

    private CudaAttentionGradient() {}

    /** Whether a block's shared memory holds its heads. */
    static boolean fits(Kernel.AttentionGradient kernel) {
        return CudaAttention.fits(kernel.of());
    }

    static CudaLaunch prepare(Device device, Kernel.AttentionGradient kernel) {
        Kernel.Attention of = kernel.of();
        int widest = widest(Math.max(of.width(), of.out()));
        int tokens = widest > 64 ? 16 : 32;
        Slot slot = CudaAttention.slot(of);
        return new CudaLaunch(
                        device,
                        tokens + " queries a block, then " + tokens + " keys",
                        (long) SEEN * of.batch() * of.heads() * of.queries())
                .with(
                        "attentiongradient_queries_" + widest,
                        slot,
                        new Grid((int) Grid.blocks(of.queries(), tokens), of.heads(), of.batch()),
                        (operands, scratch) -> struct(kernel, operands, scratch))
                .with(
                        "attentiongradient_keys_" + widest,
                        slot,
                        new Grid((int) Grid.blocks(of.keys(), tokens), of.heads(), of.batch()),
                        (operands, scratch) -> struct(kernel, operands, scratch));
    }

    /** The kernel's name has it. */
    private static int widest(int width) {
        return width <= 32 ? 32 : width <= 64 ? 64 : CudaAttention.WIDEST;
    }

    private static Struct struct(Kernel.AttentionGradient kernel, List<Buffer> operands, Buffer scratch) {
        Kernel.Attention of = kernel.of();
        List<Shape> inputs = of.inputs();
        List<Buffer> results = operands.subList(inputs.size() + 1, operands.size());
        var struct = new Struct().table(operands.subList(3, inputs.size()));
        operands.subList(0, 3).forEach(struct::pointer);
        struct.pointer(operands.get(inputs.size()))
                .pointer(results.getFirst())
                .pointer(results.get(results.size() / 2))
                .pointer(results.getLast())
                .pointer(scratch)
                .ints(of.heads(), of.queries(), of.keys(), of.width(), of.out());
        List<Slice> places = List.of(of.q(), of.k(), of.v(), kernel.up(), kernel.dq(), kernel.dk(), kernel.dv());
        places.forEach(each -> struct.ints(CudaAttention.place(each)));
        return struct.ints(of.biased() ? inputs.get(3).dim(0) : 0, Float.floatToRawIntBits((float) kernel.scale()));
    }
}
