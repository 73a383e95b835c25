package hoag.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies rows of the left factor to tiles, so that a micro-kernel finds the values of its rows a constant apart: [K/16][rows][16] from
 * row-major rows, in 64-byte pieces; [K][rows] from a transposed factor.
 */
final class ProductRows {
    private static final VectorSpecies<Float> SPECIES =
            Lanes.count() == 16 ? FloatVector.SPECIES_512 : Lanes.count() == 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;
    private static final int LANES = Lanes.count();
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

    /** Floats of a tile with k columns; whole vectors are written, so the last tile needs 16 spare ones. */
    static int floats(int rows, int k) {
        return DenseChunks.ceil(k, PIECE) * PIECE * rows;
    }

    /** One row of a tile: {@code count} values, read in whole pieces. */
    static void row(float[] a, int from, float[] tile, int to, int rows, int count) {
        for (int k = 0; k < count; k += PIECE, to += PIECE * rows) {
            for (int lane = 0; lane < PIECE; lane += LANES) {
                FloatVector.fromArray(SPECIES, a, from + k + lane).intoArray(tile, to + lane);
            }
        }
    }

    /** A whole tile of a factor (k, m): each store runs over into the next column, which then overwrites it. */
    static void columns(float[] a, int from, int m, float[] tile, int to, int rows, int count) {
        for (int k = 0; k < count; k++, from += m, to += rows) {
            for (int lane = 0; lane < rows; lane += LANES) {
                FloatVector.fromArray(SPECIES, a, from + lane).intoArray(tile, to + lane);
            }
        }
    }
}
