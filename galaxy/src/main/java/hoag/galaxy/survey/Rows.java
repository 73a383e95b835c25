package hoag.galaxy.survey;

/** Representations that are read piece by piece: (rows, width) float32. */
public interface Rows {
    /** How many there are. */
    int size();

    /** Features of each. */
    int width();

    /** Copies {@code count} rows from {@code row} on, row-major, to the begin of the array. */
    void read(int row, int count, float[] to);

    /** One row, a copy. */
    default float[] row(int row) {
        float[] one = new float[width()];
        read(row, 1, one);
        return one;
    }

    /** Those of an array in memory, row-major. */
    static Rows of(float[] values, int width) {
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
        };
    }
}
