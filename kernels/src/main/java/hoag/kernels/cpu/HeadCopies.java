package hoag.kernels.cpu;

import java.util.Arrays;

/** Copies of one head's tokens, each a row of {@code width} floats {@code step} after the one before, as the products of attention read them. */
final class HeadCopies {
    private static final int BLOCK = Tiles.BLOCK;

    private HeadCopies() {}

    /** Blocks of a panel of columns. */
    static int columns() {
        return Lanes.count() < BLOCK ? 1 : 2;
    }

    /** Left factor of a product over the width: {@link ProductRows}. */
    static void rows(float[] from, int at, int step, int count, int width, float[] to, int offset) {
        for (int token = 0; token < count; token++) {
            ProductRows.row(from, at + token * step, to, offset + token * BLOCK, count, width);
        }
    }

    /** Right factor of a product over the tokens: panels of {@link #columns} blocks, [token][columns], with zeros behind the width. */
    static void panels(float[] from, int at, int step, int count, int width, float[] to, int offset) {
        int blocks = FilterPanels.blocks(width);
        for (int panel = 0; panel < blocks; panel += columns()) {
            int pitch = Math.min(columns(), blocks - panel) * BLOCK;
            int filled = Math.min(pitch, width - panel * BLOCK);
            for (int token = 0; token < count; token++, offset += pitch) {
                System.arraycopy(from, at + token * step + panel * BLOCK, to, offset, filled);
                Arrays.fill(to, offset + filled, offset + pitch, 0);
            }
        }
    }

    /** Right factor of a product over the width: [element][token], with zeros behind the last token. */
    static void turned(float[] from, int at, int step, int count, int width, float[] to, int offset, int pitch) {
        for (int element = 0; element < width; element++, offset += pitch) {
            for (int token = 0, here = at + element; token < count; token++, here += step) {
                to[offset + token] = from[here];
            }
            Arrays.fill(to, offset + count, offset + pitch, 0);
        }
    }
}
