package hoag.cuda;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.List;

/** Attention without its scores in memory ({@code attention.cu}). */
final class CudaAttention {
    private static final int QUERIES = 16;
    /** Of a query, key or value. */
    static final int WIDEST = 128;

    private static final int DEEP = 65535; // items of a batch, at most

    private CudaAttention() {}

    /** Whether a block's shared memory holds its heads, and a grid all of them. */
    static boolean fits(Kernel.Attention kernel) {
        return kernel.width() <= WIDEST && kernel.out() <= WIDEST && kernel.batch() <= DEEP;
    }

    static CudaLaunch prepare(Device device, Kernel.Attention kernel) {
        return new CudaLaunch(device, "16 queries a block, 32 keys at a time")
                .with(
                        "attention_tiles",
                        slot(kernel),
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
                                .ints(kernel.biased() ? kernel.inputs().get(3).dim(0) : 0));
    }

    /** What becomes of a score, which reads its bias. */
    static Slot slot(Kernel.Attention kernel) {
        List<Shape> biases = kernel.inputs().subList(3, kernel.inputs().size());
        Shape space = kernel.biased() ? biases.getFirst() : kernel.outputs().getFirst();
        return Slot.epilogue(space, new Kernel.Epilogue(kernel.scores(), biases));
    }

    /** As the struct of the same name in {@code attention.cuh}. */
    static int[] place(Kernel.Slice slice) {
        return new int[] {slice.offset(), slice.batch(), slice.head(), slice.token()};
    }
}
