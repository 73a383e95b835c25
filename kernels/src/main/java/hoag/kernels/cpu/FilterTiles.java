package hoag.kernels.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Writes the micro-kernels of filter gradients: some channels of one operand, each spread over all lanes, times some blocks of 16 channels
 * of the other, summed over pixels in registers. A table gives for every pixel the place in both operands, so 1x1, k x k and strided
 * convolutions, several small images at once, and pixels left out at borders differ only in the table.
 *
 * <p>8 x 3 blocks takes 13 loads for 24 multiplications, so that the multiplications set the pace (12 cycles of 16 lanes).
 */
final class FilterTiles {
    private static final int BLOCK = Tiles.BLOCK;

    /**
     * {@code sums[so + i*row + j*16 + lane] += sum of b[bo + pairs[e+1] + offset i] * v[vo + pairs[e] + j*vBlock + lane]} over e = from,
     * from + 2, .. below end.
     */
    @FunctionalInterface
    interface Tile {
        void run(
                float[] v,
                int vo,
                int vBlock,
                float[] b,
                int bo,
                int[] pairs,
                int from,
                int end,
                float[] sums,
                int so,
                int row);
    }

    private record Key(List<Integer> offsets, int blocks, int lanes) {}

    private static final Map<Key, Tile> MADE = new ConcurrentHashMap<>();

    private FilterTiles() {}

    /** Channels that stand beside each other. */
    static Tile tile(int channels, int blocks, int lanes) {
        return tile(IntStream.range(0, channels).boxed().toList(), blocks, lanes);
    }

    /** Spread operands at these constant distances. */
    static Tile tile(List<Integer> offsets, int blocks, int lanes) {
        return MADE.computeIfAbsent(new Key(offsets, blocks, lanes), Warming::new);
    }

    static Tile emit(List<Integer> offsets, int blocks, int lanes) {
        return VectorCode.implement(Tile.class, lanes, code -> write(code, new Key(offsets, blocks, lanes)));
    }

    /** Plain code until the emitted code is compiled. */
    private static final class Warming implements Tile {
        private static final int STEPS = 8;

        private Tile now;

        Warming(Key key) {
            now = new PlainFilterTile(key.offsets, key.blocks);
            Tile emitted = emit(key.offsets, key.blocks, key.lanes);
            float[] v = new float[key.blocks * BLOCK];
            float[] b = new float[key.offsets.getLast() + 1];
            float[] sums = new float[key.offsets.size() * key.blocks * BLOCK];
            int[] pairs = new int[2 * STEPS];
            double flops = 2.0 * STEPS * sums.length;
            Runnable trial = () -> emitted.run(v, 0, BLOCK, b, 0, pairs, 0, pairs.length, sums, 0, key.blocks * BLOCK);
            Warmup.submit(flops, trial, () -> now = emitted);
        }

        @Override
        public void run(
                float[] v,
                int vo,
                int vBlock,
                float[] b,
                int bo,
                int[] pairs,
                int from,
                int end,
                float[] sums,
                int so,
                int row) {
            now.run(v, vo, vBlock, b, bo, pairs, from, end, sums, so, row);
        }
    }

    /** Spread channels for this many blocks: enough sums to keep the multipliers busy, few enough for the registers. */
    static int channels(int blocks, int lanes) {
        return lanes < BLOCK ? 4 : blocks == 1 ? 16 : 8;
    }

    /** Blocks in each panel of vectors: three with 16 lanes, but never a single one at the end if two twos do; one with narrower vectors. */
    static int[] panels(int blocks, int lanes) {
        var widths = IntStream.builder();
        for (int left = blocks; left > 0; ) {
            int width = lanes < BLOCK ? 1 : left == 4 ? 2 : Math.min(3, left);
            widths.add(width);
            left -= width;
        }
        return widths.build().toArray();
    }

    /**
     * The panels of an operand and what passes over them.
     *
     * @param widths blocks of each
     * @param first block of each, then the number of blocks
     * @param channels that are spread at once for each
     * @param tiles one for each
     */
    record Panels(int[] widths, int[] first, int[] channels, Tile[] tiles) {
        static Panels of(int blocks, int lanes) {
            int[] widths = panels(blocks, lanes);
            int[] first = new int[widths.length + 1];
            Arrays.setAll(first, panel -> Arrays.stream(widths, 0, panel).sum());
            int[] channels = Arrays.stream(widths)
                    .map(width -> FilterTiles.channels(width, lanes))
                    .toArray();
            Tile[] tiles = new Tile[widths.length];
            Arrays.setAll(tiles, panel -> tile(channels[panel], widths[panel], lanes));
            return new Panels(widths, first, channels, tiles);
        }

        int count() {
            return widths.length;
        }
    }

    private static void write(VectorCode v, Key key) {
        final int vectors = 1,
                vo = 2,
                vBlock = 3,
                b = 4,
                bo = 5,
                pairs = 6,
                from = 7,
                end = 8,
                sums = 9,
                so = 10,
                row = 11,
                at = 12,
                first = 13;
        int columns = key.blocks * BLOCK / key.lanes;
        int rows = key.offsets.size();
        int vector = first + key.blocks;
        int value = vector + columns;
        int sum = value + 1;
        for (int i = 0; i < rows * columns; i++) {
            v.zero(sum + i);
        }
        v.code.iload(vo).istore(first);
        for (int block = 1; block < key.blocks; block++) {
            v.addInts(first + block, first + block - 1, vBlock);
        }
        v.loop(from, end, 2, () -> {
            for (int block = 0; block < key.blocks; block++) {
                v.addElement(at, first + block, pairs, from, 0);
                for (int part = 0; part < BLOCK / key.lanes; part++) {
                    v.load(vector + block * BLOCK / key.lanes + part, vectors, at, part * key.lanes);
                }
            }
            v.addElement(at, bo, pairs, from, 1);
            for (int i = 0; i < rows; i++) {
                v.broadcast(value, b, at, key.offsets.get(i));
                for (int column = 0; column < columns; column++) {
                    v.fma(sum + i * columns + column, value, vector + column);
                }
            }
        });
        v.code.iload(so).istore(at);
        for (int i = 0; i < rows; i++) {
            for (int column = 0; column < columns; column++) {
                v.addTo(sum + i * columns + column, sums, at, column * key.lanes);
            }
            v.addInts(at, at, row);
        }
        v.code.return_();
    }
}
