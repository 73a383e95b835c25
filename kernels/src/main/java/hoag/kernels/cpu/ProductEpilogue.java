package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Shape;
import java.util.ArrayList;
import java.util.List;

/** A formula applied in place to stretches of the rows of a product (batch, m, n) while they are in cache; extras are row-major. */
final class ProductEpilogue {
    private final int m;
    private final Loop loop;
    private final float[][] arrays;
    private final int[] base;
    private final int[] perBatch;
    private final int[] perRow;
    private final int[] perColumn;
    private final PerWorker offsets;

    ProductEpilogue(Kernel.Product kernel, Buffer result, List<Buffer> extras) {
        m = kernel.m();
        int count = extras.size() + 1;
        arrays = new float[count + 1][];
        base = new int[count];
        perBatch = new int[count];
        perRow = new int[count];
        perColumn = new int[count];
        offsets = new PerWorker(count + 1);
        set(0, kernel.outputs().getFirst(), result);
        for (int i = 1; i < count; i++) {
            set(i, kernel.epilogue().extras().get(i - 1).padded(3), extras.get(i - 1));
        }
        arrays[count] = arrays[0];
        loop = Loops.map(List.of(kernel.epilogue().formula()), kinds());
    }

    private void set(int operand, Shape shape, Buffer buffer) {
        int[] strides = shape.strides();
        arrays[operand] = buffer.floats();
        base[operand] = buffer.offset();
        perBatch[operand] = shape.dim(0) == 1 ? 0 : strides[0];
        perRow[operand] = shape.dim(1) == 1 ? 0 : strides[1];
        perColumn[operand] = shape.dim(2) == 1 && operand > 0 ? 0 : 1;
    }

    private List<Loops.Kind> kinds() {
        List<Loops.Kind> kinds = new ArrayList<>();
        for (int step : perColumn) {
            kinds.add(step == 1 ? Loops.Kind.STREAM : Loops.Kind.SCALAR);
        }
        return kinds;
    }

    /** Applies the formula to columns {@code first..last-1} of a row of the result, rows counted through the batch. */
    void apply(int row, int first, int last, int worker) {
        int[] at = offsets.of(worker);
        int count = base.length;
        for (int i = 0; i < count; i++) {
            at[i] = base[i] + row / m * perBatch[i] + row % m * perRow[i] + first * perColumn[i];
        }
        at[count] = at[0];
        loop.run(arrays, at, last - first);
    }
}
