package hoag.cuda;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.List;

/** Attention without its scores in memory ({@code attention.cu}). */
final class CudaAttention {
    private static final int QUERIES = 16;
    private static final int WIDEST = 128;

    private CudaAttention() {}

    /** Whether a block's shared memory holds its heads. */
    static boolean fits(Kernel.Attention kernel) {
        return kernel.width() <= WIDEST && kernel.out() <= WIDEST;
    }

    static CudaLaunch prepare(Device device, Kernel.Attention kernel) {
        List<Shape> biases = kernel.inputs().subList(3, kernel.inputs().size());
        Shape space = kernel.biased() ? biases.getFirst() : kernel.outputs().getFirst();
        var scores = new Kernel.Epilogue(kernel.scores(), biases);
        return new CudaLaunch(device, "16 queries a block, 32 keys at a time")
                .with(
                        "attention_tiles",
                        Slot.epilogue(space, scores),
                        new Grid((int) Grid.blocks(kernel.queries(), QUERIES), kernel.heads(), kernel.batch()),
                        (operands, scratch) -> new Struct()
                                .table(operands.subList(3, operands.size() - 1))
                                .pointer(operands.get(0))
                                .pointer(operands.get(1))
                                .pointer(operands.get(2))
                                .pointer(operands.getLast())
                                .ints(kernel.heads(), kernel.queries(), kernel.keys(), kernel.width(), kernel.out())
                                .ints(place(kernel.q()))
                                .ints(place(kernel.k()))
                                .ints(place(kernel.v()))
                                .ints(kernel.biased() ? space.dim(0) : 0));
    }

    private static int[] place(Kernel.Slice slice) {
        return new int[] {slice.offset(), slice.batch(), slice.head(), slice.token()};
    }
}
