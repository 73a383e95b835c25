package hoag.kernels.cpu;

import java.util.Arrays;

/**
 * What lies turned, [key][16 queries], times rows of keys in panels ({@link HeadCopies#panels}): up to 16 rows of the result, 8 at a time. Rows or columns that are not
 * all wanted go by way of scratch.
 */
final class LaneProduct {
    private static final int BLOCK = Tiles.BLOCK;

    private final int rows = Lanes.count() < BLOCK ? 4 : 8;
    private final int columns = HeadCopies.columns();
    private final int keys;
    private final int width;
    private final int blocks;
    private final Tile[] tiles = new Tile[columns + 1];
    private final int[] ofKey;

    LaneProduct(int keys, int width) {
        this.keys = keys;
        this.width = width;
        blocks = FilterPanels.blocks(width);
        for (int panel = 0; panel < blocks; panel += columns) {
            int some = Math.min(columns, blocks - panel);
            tiles[some] = Tiles.tile(rows, some, 1, false);
        }
        ofKey = new int[keys];
        Arrays.setAll(ofKey, key -> key * BLOCK);
    }

    /** Floats of scratch. */
    int scratch() {
        return rows * columns * BLOCK;
    }

    /**
     * One block of queries.
     *
     * @param s scratch with both factors
     * @param count rows that are wanted
     * @param pitch floats from a row of the result to the next
     */
    void run(float[] s, int left, int panels, int count, float[] y, int to, int pitch, int temporary) {
        for (int panel = 0; panel < blocks; panel += columns) {
            int some = Math.min(columns, blocks - panel);
            int filled = Math.min(some * BLOCK, width - panel * BLOCK);
            for (int row = 0; row < count; row += rows) {
                int wanted = Math.min(rows, count - row);
                int at = to + row * pitch + panel * BLOCK;
                if (wanted == rows && filled == some * BLOCK) {
                    tiles[some].run(s, left + row, ofKey, s, panels, y, at, pitch, BLOCK, 0, keys);
                } else {
                    tiles[some].run(s, left + row, ofKey, s, panels, s, temporary, some * BLOCK, BLOCK, 0, keys);
                    for (int i = 0; i < wanted; i++) {
                        System.arraycopy(s, temporary + i * some * BLOCK, y, at + i * pitch, filled);
                    }
                }
            }
            panels += keys * some * BLOCK;
        }
    }

    @Override
    public String toString() {
        return "tile " + rows + "x" + Math.min(columns, blocks);
    }
}
