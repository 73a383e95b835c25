package hoag.kernels.cpu;

import java.util.Arrays;

/**
 * What lies turned, [block of queries][key][16 queries], its queries summed over, times rows of queries in panels ({@link HeadCopies#panels}): a row of the result for each
 * key. Columns that are not all wanted go by way of scratch.
 */
final class KeyProduct {
    private static final int BLOCK = Tiles.BLOCK;

    private final int columns = HeadCopies.columns();
    private final int queries;
    private final int keys;
    private final int width;
    private final int blocks;
    private final Tiles.Sized[] tiles = new Tiles.Sized[columns + 1];
    private final int[] ofQuery;

    /** @param pitch floats from a block of queries to the next */
    KeyProduct(int queries, int keys, int width, int pitch) {
        this.queries = queries;
        this.keys = keys;
        this.width = width;
        blocks = FilterPanels.blocks(width);
        for (int panel = 0; panel < blocks; panel += columns) {
            int some = Math.min(columns, blocks - panel);
            tiles[some] = Tiles.best(keys, some, BLOCK);
        }
        ofQuery = new int[queries];
        Arrays.setAll(ofQuery, query -> query / BLOCK * pitch + query % BLOCK);
    }

    /** Floats of scratch. */
    int scratch() {
        return Arrays.stream(tiles)
                .filter(tile -> tile != null)
                .mapToInt(tile -> tile.pixels() * tile.blocks() * BLOCK)
                .max()
                .orElseThrow();
    }

    /** All rows. */
    void run(float[] s, int left, int panels, float[] y, int to, int pitch, int temporary) {
        for (int panel = 0; panel < blocks; panel += columns) {
            int some = Math.min(columns, blocks - panel);
            Tiles.Sized tile = tiles[some];
            int filled = Math.min(some * BLOCK, width - panel * BLOCK);
            for (int key = 0; key < keys; key += tile.pixels()) {
                int first = Math.min(key, keys - tile.pixels());
                int from = left + first * BLOCK;
                int at = to + first * pitch + panel * BLOCK;
                if (filled == some * BLOCK) {
                    tile.tile().run(s, from, ofQuery, s, panels, y, at, pitch, BLOCK, 0, queries);
                } else {
                    tile.tile().run(s, from, ofQuery, s, panels, s, temporary, some * BLOCK, BLOCK, 0, queries);
                    for (int i = 0; i < tile.pixels(); i++) {
                        System.arraycopy(s, temporary + i * some * BLOCK, y, at + i * pitch, filled);
                    }
                }
            }
            panels += queries * some * BLOCK;
        }
    }
}
