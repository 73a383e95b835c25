package hoag.kernels.cpu;

import java.util.Collections;
import java.util.List;

/**
 * Rows of keys ({@link HeadCopies#rows}) times turned queries ({@link HeadCopies#turned}): one number for each pair, turned, [block of queries][key][16 queries].
 */
final class ScoreProduct {
    private static final int BLOCK = Tiles.BLOCK;

    private final int keys;
    private final int elements;
    private final int pitch;
    private final Tiles.Sized[] tiles;
    private final int[] ofElement;

    /**
     * @param elements of a query and of a key
     * @param widths how many blocks of queries come at once
     * @param pitch floats from a block of queries to the next
     */
    ScoreProduct(int keys, int elements, List<Integer> widths, int pitch) {
        this.keys = keys;
        this.elements = elements;
        this.pitch = pitch;
        tiles = new Tiles.Sized[Collections.max(widths) + 1];
        widths.forEach(width -> tiles[width] = Tiles.best(keys, width, ProductRows.step(false)));
        ofElement = ProductRows.offsets(false, keys, elements);
    }

    /** Floats from a block's scores to the next block's: no multiple of 4 KiB. */
    static int pitch(int keys) {
        return keys * BLOCK + (keys % 64 == 0 ? BLOCK : 0);
    }

    /** For {@code width} blocks of queries. */
    void run(float[] s, int rows, int turned, int width, int scores) {
        Tiles.Sized tile = tiles[width];
        for (int key = 0; key < keys; key += tile.pixels()) {
            int at = Math.min(key, keys - tile.pixels()) * BLOCK;
            tile.tile().run(s, rows + at, ofElement, s, turned, s, scores + at, BLOCK, pitch, 0, elements);
        }
    }

    @Override
    public String toString() {
        return tiles[tiles.length - 1] + ", turned";
    }
}
