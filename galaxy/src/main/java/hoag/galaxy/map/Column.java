package hoag.galaxy.map;

import hoag.engine.files.DType;
import hoag.engine.files.TensorData;
import hoag.kernels.DataException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A number for each of the first galaxies of a survey, such as the cluster it belongs to.
 *
 * @param name letters, digits, {@code _ - .}; at most 64
 * @param made how it came to be
 * @param data (rows) int32 for labels (-1: none), or float32 (NaN: unknown), little-endian
 */
public record Column(String name, Made made, TensorData data) {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** @throws DataException when the name is none, or the numbers are of another type */
    public Column {
        if (!name.matches("[\\w.-]{1,64}")) {
            throw new DataException("column \"" + name + "\": a name has 1..64 letters, digits, _ - .");
        }
        if (data.shape().length != 1 || data.dtype() != DType.I32 && data.dtype() != DType.F32) {
            throw new DataException("column " + name + ": is " + data.dtype() + " of " + data.shape().length
                    + " axes; want I32 or F32 of one");
        }
    }

    /** Labels; -1 for none. */
    public static Column of(String name, Made made, int... labels) {
        return new Column(name, made, TensorData.of(name, new long[] {labels.length}, labels));
    }

    /** Numbers; NaN where unknown. */
    public static Column of(String name, Made made, float... numbers) {
        return new Column(name, made, TensorData.of(name, new long[] {numbers.length}, numbers));
    }

    /** Rows that have a number: the first of the survey. */
    public int size() {
        return (int) data.count();
    }

    /** Whether these are labels and no measurements. */
    public boolean labels() {
        return data.dtype() == DType.I32;
    }

    /** The label of a row, -1 for none; also for rows that the column does not reach. */
    public int label(int row) {
        return row < size() ? data.data().get(INT, 4L * row) : -1;
    }

    /** The number of a row, NaN if unknown; also for rows that the column does not reach, and labels of -1. */
    public double value(int row) {
        if (labels()) {
            int label = label(row);
            return label < 0 ? Double.NaN : label;
        }
        return row < size() ? data.data().get(FLOAT, 4L * row) : Double.NaN;
    }

    /** All of them as they stand in the file, 4 bytes each, little-endian. */
    public MemorySegment bytes() {
        return data.data();
    }
}
