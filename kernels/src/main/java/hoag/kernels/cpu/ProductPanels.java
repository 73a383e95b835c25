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
    /** Rows and panels of one piece: long enough runs of source rows that the processor reads ahead. */
    private static final int ROWS = 64;

    private static final int PANELS = 8;

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

    private int columns(int panel) {
        return Math.min(blocks(panel) * BLOCK, n - firstColumn(panel));
    }

    private int chunks() {
        return DenseChunks.ceil(k, ROWS);
    }

    @Override
    public int pieces() {
        return DenseChunks.ceil(panels(), PANELS) * chunks();
    }

    @Override
    public void pack(int piece, float[] from, int fromOffset, float[] to, int toOffset) {
        int panel = piece / chunks() * PANELS;
        int panelEnd = Math.min(panels(), panel + PANELS);
        int first = piece % chunks() * ROWS;
        int last = Math.min(k, first + ROWS);
        if (transposed) {
            for (int p = panel; p < panelEnd; p++) {
                turn(p, first, last, from, fromOffset, to, toOffset + offset(p));
            }
        } else {
            for (int row = first; row < last; row++) {
                copyRow(row, panel, panelEnd, from, fromOffset + row * n, to, toOffset);
            }
        }
    }

    private void copyRow(int row, int panel, int panelEnd, float[] from, int source, float[] to, int toOffset) {
        for (int p = panel; p < panelEnd; p++) {
            int pitch = blocks(p) * BLOCK;
            int target = toOffset + offset(p) + row * pitch;
            int columns = columns(p);
            System.arraycopy(from, source + firstColumn(p), to, target, columns);
            Arrays.fill(to, target + columns, target + pitch, 0);
        }
    }

    private void turn(int panel, int first, int last, float[] from, int fromOffset, float[] to, int toOffset) {
        int pitch = blocks(panel) * BLOCK;
        for (int block = 0; block < pitch; block += BLOCK) {
            int count = Math.min(BLOCK, columns(panel) - block);
            int source = fromOffset + (firstColumn(panel) + block) * k;
            for (int row = first; row < last; row += BLOCK) {
                turnBlock(
                        from,
                        source + row,
                        count,
                        Math.min(BLOCK, last - row),
                        to,
                        toOffset + row * pitch + block,
                        pitch);
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
