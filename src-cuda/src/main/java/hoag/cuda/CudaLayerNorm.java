package hoag.cuda;

import hoag.kernels.Kernel;
import hoag.kernels.Shape;

/** Layer normalisation with what follows it ({@code layernorm.cu}). */
final class CudaLayerNorm {
    /** Rows that lie so near each other have a thread each. */
    static final int NEIGHBOURS = 32;

    private CudaLayerNorm() {}

    static CudaLaunch prepare(Device device, Kernel.LayerNorm kernel) {
        Shape shape = kernel.input();
        int length = shape.dim(kernel.axis());
        int inner = shape.strides()[kernel.axis()];
        int rows = length == 0 ? 0 : shape.size() / length;
        boolean columns = inner >= NEIGHBOURS;
        return new CudaLaunch(device, columns ? "a thread each" : "a block each")
                .with(
                        columns ? "layernorm_columns" : "layernorm_rows",
                        Slot.epilogue(shape, kernel.epilogue()),
                        columns ? Grid.each(rows) : new Grid(rows, 1, 1),
                        (operands, scratch) -> new Struct()
                                .table(operands.subList(1, kernel.inputs().size()))
                                .pointer(operands.get(0))
                                .pointer(operands.getLast())
                                .ints(rows, length, inner, Float.floatToRawIntBits((float) kernel.eps())));
    }
}
