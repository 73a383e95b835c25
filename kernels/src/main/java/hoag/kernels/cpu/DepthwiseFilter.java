package hoag.kernels.cpu;

import hoag.kernels.Layout;
import java.util.Arrays;

/** A depthwise filter (C, 1, kh, kw) as (ceil(C/16), kh * kw, 16), zero beyond C; {@code flipped}: rows and columns backwards. */
record DepthwiseFilter(int channels, int taps, boolean flipped) implements Packing {
    Layout.Packed layout() {
        return new Layout.Packed(this, (long) pieces() * taps * Tiles.BLOCK);
    }

    @Override
    public int pieces() {
        return FilterPanels.blocks(channels);
    }

    @Override
    public void pack(int piece, float[] from, int fromOffset, float[] to, int toOffset) {
        int first = piece * Tiles.BLOCK;
        int start = toOffset + first * taps;
        Arrays.fill(to, start, start + taps * Tiles.BLOCK, 0);
        for (int lane = 0; lane < Math.min(Tiles.BLOCK, channels - first); lane++) {
            for (int tap = 0; tap < taps; tap++) {
                to[start + (flipped ? taps - 1 - tap : tap) * Tiles.BLOCK + lane] =
                        from[fromOffset + (first + lane) * taps + tap];
            }
        }
    }

    @Override
    public String toString() {
        return "depthwise" + taps + (flipped ? " flipped" : "");
    }
}
