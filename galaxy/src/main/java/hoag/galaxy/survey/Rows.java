package hoag.galaxy.survey;

import java.lang.foreign.MemorySegment;

/** Representations that are read piece by piece: (rows, width) float32. */
public interface Rows {
    /** How many there are. */
    int size();

    /** Features of each. */
    int width();

    /** Copies {@code count} rows from {@code row} on, row-major, to the begin of the array. */
    void read(int row, int count, float[] to);

    /**
     * The memory in which these rows lie, row-major in the machine's byte order, for those who need no copy; null where there is no such memory. It
     * is good as long as these rows are open.
     */
    default MemorySegment memory(int row, int count) {
        return null;
    }

    /** One row, a copy. */
    default float[] row(int row) {
        float[] one = new float[width()];
        read(row, 1, one);
        return one;
    }

    /** Those of an array in memory, row-major. */
    static Rows of(float[] values, int width) {
        MemorySegment all = MemorySegment.ofArray(values);
        return new Rows() {
            @Override
            public int size() {
                return values.length / width;
            }

            @Override
            public int width() {
                return width;
            }

            @Override
            public void read(int row, int count, float[] to) {
                System.arraycopy(values, row * width, to, 0, count * width);
            }

            @Override
            public MemorySegment memory(int row, int count) {
                return all.asSlice(4L * row * width, 4L * count * width);
            }
        };
    }
}
