package hoag.kernels.cpu;

/**
 * Copies rows of the left factor to tiles, so that a micro-kernel finds the values of its rows a constant apart: [K/16][rows][16] from
 * row-major rows, in 64-byte pieces; [K][rows] from a transposed factor. C2 makes one masked vector move of a copy of so few floats.
 */
final class ProductRows {
    private static final int PIECE = 16;

    private ProductRows() {}

    /** Distance of two rows in a tile. */
    static int step(boolean transposed) {
        return transposed ? 1 : PIECE;
    }

    /** Where the values of column k of a tile begin. */
    static int[] offsets(boolean transposed, int rows, int k) {
        int[] of = new int[k];
        for (int i = 0; i < k; i++) {
            of[i] = transposed ? i * rows : i / PIECE * PIECE * rows + i % PIECE;
        }
        return of;
    }

    /** Floats of a tile with k columns. */
    static int floats(int rows, int k) {
        return DenseChunks.ceil(k, PIECE) * PIECE * rows;
    }

    /** One row of a tile: {@code count} values, read in whole pieces. */
    static void row(float[] a, int from, float[] tile, int to, int rows, int count) {
        for (int k = 0; k < count; k += PIECE, to += PIECE * rows) {
            System.arraycopy(a, from + k, tile, to, PIECE);
        }
    }

    /** A whole tile of a factor (k, m). */
    static void columns(float[] a, int from, int m, float[] tile, int to, int rows, int count) {
        for (int k = 0; k < count; k++, from += m, to += rows) {
            System.arraycopy(a, from, tile, to, rows);
        }
    }
}
