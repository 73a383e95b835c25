package hoag.cuda;

import hoag.kernels.Kernel;
import java.util.List;

/** Attention without its scores in memory ({@code attention.cu}). */
final class CudaAttention {
    private static final int QUERIES = 16;
    private static final int WIDEST = 128;

    private CudaAttention() {}

    /** Whether a block's shared memory holds its heads; a bias is not read. */
    static boolean fits(Kernel.Attention kernel) {
        return !kernel.biased() && kernel.width() <= WIDEST && kernel.out() <= WIDEST;
    }

    static CudaLaunch prepare(Device device, Kernel.Attention kernel) {
        var scores = new Kernel.Epilogue(kernel.scores(), List.of());
        return new CudaLaunch(device, "16 queries a block, 32 keys at a time")
                .with(
                        "attention_tiles",
                        Slot.epilogue(kernel.outputs().getFirst(), scores),
                        new Grid((int) Grid.blocks(kernel.queries(), QUERIES), kernel.heads(), kernel.batch()),
                        (operands, scratch) -> new Struct()
                                .pointer(operands.get(0))
                                .pointer(operands.get(1))
                                .pointer(operands.get(2))
                                .pointer(operands.getLast())
                                .ints(kernel.heads(), kernel.queries(), kernel.keys(), kernel.width(), kernel.out())
                                .ints(place(kernel.q()))
                                .ints(place(kernel.k()))
                                .ints(place(kernel.v())));
    }

    private static int[] place(Kernel.Slice slice) {
        return new int[] {slice.offset(), slice.batch(), slice.head(), slice.token()};
    }
}
