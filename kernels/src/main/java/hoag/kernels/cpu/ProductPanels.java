package hoag.kernels.cpu;

import hoag.kernels.Kernel;
import hoag.kernels.Layout;
import java.util.Arrays;

/**
 * How the right factor of a product lies for {@link Tiles}: panels of {@code width} blocks of 16 columns (the last may have fewer), each
 * k rows of 16 * blocks floats; columns beyond n are zero.
 *
 * @param k rows of op(B)
 * @param n columns of op(B)
 * @param transposed the source is (n, k)
 * @param width blocks of a panel
 */
record ProductPanels(int k, int n, boolean transposed, int width) implements Packing {
    private static final int BLOCK = Tiles.BLOCK;
    /** Rows of one piece. */
    private static final int ROWS = 256;

    /** Four blocks, so that a tile is 6x4; all there are if fewer; one where a block is several vectors. */
    static ProductPanels of(Kernel.Product kernel) {
        int width = Lanes.count() < BLOCK ? 1 : Math.clamp(FilterPanels.blocks(kernel.n()), 1, 4);
        return new ProductPanels(kernel.k(), kernel.n(), kernel.transB(), width);
    }

    Layout.Packed layout() {
        return new Layout.Packed(this, floats());
    }

    int floats() {
        return Math.multiplyExact(k, FilterPanels.blocks(n) * BLOCK);
    }

    int panels() {
        return DenseChunks.ceil(FilterPanels.blocks(n), width);
    }

    int blocks(int panel) {
        return Math.min(width, FilterPanels.blocks(n) - panel * width);
    }

    int firstColumn(int panel) {
        return panel * width * BLOCK;
    }

    int offset(int panel) {
        return firstColumn(panel) * k;
    }

    private int chunks() {
        return DenseChunks.ceil(k, ROWS);
    }

    @Override
    public int pieces() {
        return panels() * chunks();
    }

    @Override
    public void pack(int piece, float[] from, int fromOffset, float[] to, int toOffset) {
        int panel = piece / chunks();
        int first = piece % chunks() * ROWS;
        int last = Math.min(k, first + ROWS);
        int columns = Math.min(blocks(panel) * BLOCK, n - firstColumn(panel));
        if (transposed) {
            turn(panel, first, last, columns, from, fromOffset, to, toOffset + offset(panel));
        } else {
            copy(panel, first, last, columns, from, fromOffset, to, toOffset + offset(panel));
        }
    }

    private void copy(int panel, int first, int last, int columns, float[] from, int fromOffset, float[] to, int toOffset) {
        int pitch = blocks(panel) * BLOCK;
        for (int row = first; row < last; row++) {
            int source = fromOffset + row * n + firstColumn(panel);
            int target = toOffset + row * pitch;
            System.arraycopy(from, source, to, target, columns);
            Arrays.fill(to, target + columns, target + pitch, 0);
        }
    }

    private void turn(int panel, int first, int last, int columns, float[] from, int fromOffset, float[] to, int toOffset) {
        int pitch = blocks(panel) * BLOCK;
        for (int block = 0; block < pitch; block += BLOCK) {
            int count = Math.min(BLOCK, columns - block);
            int source = fromOffset + (firstColumn(panel) + block) * k;
            for (int row = first; row < last; row += BLOCK) {
                turnBlock(from, source + row, count, Math.min(BLOCK, last - row), to, toOffset + row * pitch + block, pitch);
            }
        }
    }

    /** 16 columns of 16 rows: from[column][row] to to[row][column]. */
    private void turnBlock(float[] from, int source, int columns, int rows, float[] to, int target, int pitch) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                to[target + row * pitch + column] = from[source + column * k + row];
            }
            for (int column = columns; column < BLOCK; column++) {
                to[target + row * pitch + column] = 0;
            }
        }
    }

    @Override
    public String toString() {
        return "panels of " + width * BLOCK + (transposed ? " columns, turned" : " columns");
    }
}
