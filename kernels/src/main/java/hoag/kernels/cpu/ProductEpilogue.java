package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.List;

/** A formula applied in place to stretches of the rows of a product (batch, m, n) while they are in cache; extras are row-major. */
final class ProductEpilogue {
    private final Kernel.Epilogue epilogue;
    private final int m;
    private final float[][] arrays;
    private final int[] base;
    private final int[] perBatch;
    private final int[] perRow;
    private final int[] perColumn;

    ProductEpilogue(Kernel.Product kernel, Buffer result, List<Buffer> extras) {
        epilogue = kernel.epilogue();
        m = kernel.m();
        int count = extras.size() + 1;
        arrays = new float[count][];
        base = new int[count];
        perBatch = new int[count];
        perRow = new int[count];
        perColumn = new int[count];
        set(0, kernel.outputs().getFirst(), result);
        for (int i = 1; i < count; i++) {
            set(i, epilogue.extras().get(i - 1).padded(3), extras.get(i - 1));
        }
    }

    private void set(int operand, Shape shape, Buffer buffer) {
        int[] strides = shape.strides();
        arrays[operand] = buffer.floats();
        base[operand] = buffer.offset();
        perBatch[operand] = shape.dim(0) == 1 ? 0 : strides[0];
        perRow[operand] = shape.dim(1) == 1 ? 0 : strides[1];
        perColumn[operand] = shape.dim(2) == 1 ? 0 : 1;
    }

    /** Applies the formula to columns {@code first..last-1} of a row of the result, rows counted through the batch. */
    void apply(int row, int first, int last) {
        int batch = row / m;
        for (int column = first; column < last; column++) {
            int at = column;
            float value = (float) epilogue.formula().evaluate(operand -> arrays[operand][place(operand, batch, row % m, at)]);
            arrays[0][place(0, batch, row % m, column)] = value;
        }
    }

    private int place(int operand, int batch, int row, int column) {
        return base[operand] + batch * perBatch[operand] + row * perRow[operand] + column * perColumn[operand];
    }
}
