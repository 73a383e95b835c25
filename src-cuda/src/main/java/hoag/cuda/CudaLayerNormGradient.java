package hoag.cuda;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.List;

/** The gradient of layer normalisation with what follows it, and those of its weight and bias ({@code layernormgradient.cu}). */
final class CudaLayerNormGradient {
    private static final int OWN = 3; // operands before those of the formula
    private static final int ROWS = 32; // that are worth a part
    private static final int LONGEST = 4096; // of a row whose sums of two kinds a block's shared memory holds

    private CudaLayerNormGradient() {}

    static boolean fits(Kernel.LayerNormGradient kernel) {
        return kernel.epilogue().extras().size() <= Struct.TABLE
                && (columns(kernel) || kernel.input().dim(kernel.axis()) <= LONGEST);
    }

    /** Whether rows lie beside each other. */
    private static boolean columns(Kernel.LayerNormGradient kernel) {
        return kernel.input().strides()[kernel.axis()] >= CudaLayerNorm.NEIGHBOURS;
    }

    static CudaLaunch prepare(Device device, Kernel.LayerNormGradient kernel) {
        Shape shape = kernel.input();
        boolean columns = columns(kernel);
        int length = shape.dim(kernel.axis());
        int rows = length == 0 ? 0 : shape.size() / length;
        Splits parts = columns ? new Splits((int) Grid.blocks(rows, Grid.THREADS), Grid.THREADS) : parts(rows);
        int count = rows == 0 ? 0 : parts.count();
        return new CudaLaunch(
                        device,
                        (columns ? "a thread" : "a warp") + " each, " + count + " parts",
                        2L * Math.max(1, count) * length)
                .with(
                        columns ? "layernormgradient_columns" : "layernormgradient_rows",
                        Slot.epilogue(shape, kernel.epilogue()),
                        new Grid(count, 1, 1),
                        columns ? 0 : 2 * Float.BYTES * length,
                        (operands, scratch) -> struct(kernel, operands, scratch)
                                .ints(rows, length, shape.strides()[kernel.axis()], parts.stretch())
                                .ints(Float.floatToRawIntBits((float) kernel.eps())))
                .with(
                        "layernormgradient_vectors",
                        null,
                        new Grid((int) Grid.blocks(2L * length, 32), 1, 1),
                        (operands, scratch) -> new Struct()
                                .pointer(scratch)
                                .pointer(operands.get(operands.size() - 2))
                                .pointer(operands.getLast())
                                .ints(length, count));
    }

    private static Splits parts(int rows) {
        return Splits.chunks(1, rows, ROWS);
    }

    private static Struct struct(Kernel.LayerNormGradient kernel, List<Buffer> operands, Buffer scratch) {
        int inputs = kernel.inputs().size();
        var struct = new Struct().table(operands.subList(OWN, inputs));
        operands.subList(0, OWN).forEach(struct::pointer);
        return struct.pointer(operands.get(inputs)).pointer(scratch);
    }
}
