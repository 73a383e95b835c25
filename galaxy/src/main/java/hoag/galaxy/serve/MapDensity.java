package hoag.galaxy.serve;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * How many galaxies are where, for views of the map with more of them than can be told apart: the square around all is cut into 2<sup>level</sup> by
 * 2<sup>level</sup> parts, each part into {@value #CELLS} by {@value #CELLS} cells. Galaxies are kept in the order of Morton (1966), in which those of a part, and
 * those of a cell, follow each other: to count a part looks at its own galaxies only.
 */
final class MapDensity {
    /** The deepest level that there are parts of. */
    static final int DEEPEST = 9;

    /** Cells of a part, across as well as up. */
    static final int CELLS = 128;

    private static final int BITS = 16;
    private static final int CELL_BITS = 7;
    private static final int ROW_BITS = 31;

    private final int[] rows;
    private final long[] keys;

    private MapDensity(int[] rows, long[] keys) {
        this.rows = rows;
        this.keys = keys;
    }

    static MapDensity of(Plane plane) {
        Plane.Square square = Plane.Square.around(plane.x(), plane.y());
        long[] keys = new long[plane.x().length];
        int points = 0;
        for (int row = 0; row < keys.length; row++) {
            float x = plane.x()[row];
            float y = plane.y()[row];
            if (Plane.isPlace(x, y)) {
                keys[points++] =
                        morton(cell(x - square.left(), square), cell(y - square.bottom(), square)) << ROW_BITS | row;
            }
        }
        keys = Arrays.copyOf(keys, points);
        Arrays.parallelSort(keys);
        int[] rows = new int[points];
        for (int k = 0; k < points; k++) {
            rows[k] = (int) keys[k] & Integer.MAX_VALUE;
            keys[k] >>>= ROW_BITS;
        }
        return new MapDensity(rows, keys);
    }

    private static long cell(double place, Plane.Square square) {
        return Math.clamp((long) (place / square.side() * (1 << BITS)), 0, (1 << BITS) - 1);
    }

    /** Bits of i and j in turn, those of i at even places. */
    private static long morton(long i, long j) {
        return spread(i) | spread(j) << 1;
    }

    private static long spread(long bits) {
        long x = bits;
        x = (x | x << 8) & 0x00ff00ffL;
        x = (x | x << 4) & 0x0f0f0f0fL;
        x = (x | x << 2) & 0x33333333L;
        return (x | x << 1) & 0x55555555L;
    }

    private static int gathered(long bits) {
        long x = bits & 0x55555555L;
        x = (x | x >> 1) & 0x33333333L;
        x = (x | x >> 2) & 0x0f0f0f0fL;
        x = (x | x >> 4) & 0x00ff00ffL;
        return (int) ((x | x >> 8) & 0xffff);
    }

    /**
     * A part, counted.
     *
     * @param counts galaxies of each cell, from the left, rows of cells from below
     * @param codes of each cell, see {@link #count}; all 0 where there is no colour
     */
    record Counted(int[] counts, byte[] codes) {
        /**
         * The counts as numbers of 7 bits to the byte, low ones first, the highest bit set where more follow; after a 0, how many further cells are 0 as
         * well, likewise. Then the codes of the cells that are not 0.
         */
        void write(ByteArrayOutputStream out, boolean coloured) {
            for (int cell = 0; cell < counts.length; ) {
                int count = counts[cell++];
                number(out, count);
                if (count == 0) {
                    int from = cell;
                    while (cell < counts.length && counts[cell] == 0) {
                        cell++;
                    }
                    number(out, cell - from);
                }
            }
            for (int cell = 0; coloured && cell < counts.length; cell++) {
                if (counts[cell] > 0) {
                    out.write(codes[cell]);
                }
            }
        }

        private static void number(ByteArrayOutputStream out, int number) {
            int rest = number;
            for (; rest >= 128; rest >>>= 7) {
                out.write(rest & 127 | 128);
            }
            out.write(rest);
        }
    }

    /**
     * Counts a part.
     *
     * @param i from the left
     * @param j from below
     * @param allowed rows that count
     * @param codes (rows), of which a cell gets the mean of those above 0 where they are numbers, else the commonest; null for none
     */
    Counted count(int level, int i, int j, IntPredicate allowed, byte[] codes, boolean numbers) {
        int[] counts = new int[CELLS * CELLS];
        byte[] colours = new byte[codes == null ? 0 : counts.length];
        int[] tally = new int[256];
        int below = 2 * (BITS - level);
        int within = below - 2 * CELL_BITS;
        int end = first((morton(i, j) + 1) << below);
        for (int k = first(morton(i, j) << below); k < end; ) {
            long key = keys[k] >>> within;
            int cell = gathered(key) % CELLS + CELLS * (gathered(key >> 1) % CELLS);
            for (; k < end && keys[k] >>> within == key; k++) {
                if (allowed.test(rows[k])) {
                    counts[cell]++;
                    if (codes != null) {
                        tally[codes[rows[k]] & 0xff]++;
                    }
                }
            }
            if (codes != null && counts[cell] > 0) {
                colours[cell] = (byte) (numbers ? mean(tally) : commonest(tally));
                Arrays.fill(tally, 0);
            }
        }
        return new Counted(counts, colours);
    }

    private int first(long key) {
        int low = 0;
        int high = keys.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (keys[middle] < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int mean(int[] tally) {
        long sum = 0;
        long count = 0;
        for (int code = 1; code < tally.length; code++) {
            sum += (long) code * tally[code];
            count += tally[code];
        }
        return count == 0 ? 0 : (int) ((sum + count / 2) / count);
    }

    private static int commonest(int[] tally) {
        int best = 0;
        for (int code = 1; code < tally.length; code++) {
            if (tally[code] > tally[best]) {
                best = code;
            }
        }
        return best;
    }
}
