package hoag.galaxy.serve;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The points of a map in tiles of a quadtree that add up: a tile holds a fair sample of at most {@value #MOST} of the points in it that no larger
 * tile around it holds, so that a few tiles show the whole map thinly and those of a small part show every point of it. In bytes a point is two
 * 16-bit places within its tile, and its row.
 */
final class MapTiles {
    static final int MOST = 4096;
    private static final int DEEPEST = 14;

    private final Plane.Square square;
    private final List<Tile> tiles;
    private final int points;
    private final long turn;

    private MapTiles(Plane.Square square, List<Tile> tiles, int points, long turn) {
        this.square = square;
        this.tiles = tiles;
        this.points = points;
        this.turn = turn;
    }

    /**
     * Part of the plane: one of 2<sup>level</sup> by 2<sup>level</sup>.
     *
     * @param i from the left
     * @param j from below
     * @param rows of the points that it holds
     */
    record Tile(int level, int i, int j, int[] rows) {}

    private static final class Filling {
        private int[] rows = new int[16];
        private int count;

        private void add(int row) {
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, 2 * count);
            }
            rows[count++] = row;
        }
    }

    static MapTiles of(Plane plane) {
        Plane.Square square = Plane.Square.around(plane.x(), plane.y());
        Map<Long, Filling> tiles = new HashMap<>();
        int rows = plane.x().length;
        long step = step(rows);
        int points = 0;
        for (long k = 0, row = 0; k < rows; k++, row = (row + step) % rows) {
            float x = plane.x()[(int) row];
            float y = plane.y()[(int) row];
            if (Plane.isPlace(x, y)) {
                place(tiles, (x - square.left()) / square.side(), (y - square.bottom()) / square.side(), (int) row);
                points++;
            }
        }
        List<Tile> all = new ArrayList<>();
        tiles.keySet().stream().sorted().forEach(key -> {
            Filling full = tiles.get(key);
            int[] held = Arrays.copyOf(full.rows, full.count);
            all.add(new Tile((int) (key >>> 32), (int) (key >>> 16 & 0xffff), (int) (key & 0xffff), held));
        });
        long turn = rows < 2
                ? 0
                : BigInteger.valueOf(step).modInverse(BigInteger.valueOf(rows)).longValueExact();
        return new MapTiles(square, List.copyOf(all), points, turn);
    }

    /** Steps of the golden section visit all rows, each part of the survey alike at any time. */
    private static long step(int rows) {
        long step = Math.max(1, Math.round(rows * 0.6180339887498949));
        while (rows > 1 && greatest(step, rows) != 1) {
            step++;
        }
        return step;
    }

    private static long greatest(long a, long b) {
        return b == 0 ? a : greatest(b, a % b);
    }

    private static void place(Map<Long, Filling> tiles, double x, double y, int row) {
        for (int level = 0; ; level++) {
            int side = 1 << level;
            long i = Math.clamp((long) (x * side), 0, side - 1);
            long j = Math.clamp((long) (y * side), 0, side - 1);
            Filling tile = tiles.computeIfAbsent((long) level << 32 | i << 16 | j, key -> new Filling());
            if (tile.count < MOST || level == DEEPEST) {
                tile.add(row);
                return;
            }
        }
    }

    List<Tile> tiles() {
        return tiles;
    }

    Plane.Square square() {
        return square;
    }

    /** How many galaxies are on the map. */
    int points() {
        return points;
    }

    /** The points of a tile are in the order of row times this modulo the rows: those before any number in it are a fair sample of the map. */
    long turn() {
        return turn;
    }

    /** Little-endian: for each tile x, y of its points in 1/65535 of the tile (16 bits each), then their rows (32 bits each). */
    byte[] bytes(Plane plane, List<Tile> wanted) {
        int count = wanted.stream().mapToInt(tile -> tile.rows().length).sum();
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(8, count)).order(ByteOrder.LITTLE_ENDIAN);
        for (Tile tile : wanted) {
            double side = square.side() / (1 << tile.level());
            for (int row : tile.rows()) {
                bytes.putShort(within(plane.x()[row], square.left() + side * tile.i(), side));
                bytes.putShort(within(plane.y()[row], square.bottom() + side * tile.j(), side));
            }
            for (int row : tile.rows()) {
                bytes.putInt(row);
            }
        }
        return bytes.array();
    }

    private static short within(float value, double begin, double side) {
        return (short) Math.clamp(Math.round((value - begin) / side * 65535), 0, 65535);
    }
}
