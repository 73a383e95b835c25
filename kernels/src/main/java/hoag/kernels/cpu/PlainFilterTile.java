package hoag.kernels.cpu;

import java.util.List;

/** What {@link FilterTiles} emits, bit for bit, in plain Java: it serves until C2 has compiled the emitted code. */
record PlainFilterTile(List<Integer> offsets, int blocks) implements FilterTiles.Tile {
    private static final int BLOCK = Tiles.BLOCK;

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
        float[] t = new float[BLOCK];
        for (int i = 0; i < offsets.size(); i++) {
            for (int block = 0; block < blocks; block++) {
                java.util.Arrays.fill(t, 0);
                block(v, vo + block * vBlock, b, bo + offsets.get(i), pairs, from, end, t);
                PlainDepthwise.add(t, 0, sums, so + i * row + block * BLOCK, BLOCK);
            }
        }
    }

    private static void block(float[] v, int vo, float[] b, int bo, int[] pairs, int from, int end, float[] t) {
        for (int e = from; e < end; e += 2) {
            float value = b[bo + pairs[e + 1]];
            for (int lane = 0, at = vo + pairs[e]; lane < BLOCK; lane++) {
                t[lane] = Math.fma(value, v[at + lane], t[lane]);
            }
        }
    }
}
