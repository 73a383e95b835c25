package hoag.kernels.cpu;

import java.util.Arrays;

/**
 * Takes rows of tiles of a plane (H, W, 16) to their 36 positions: tiles of inputs, six pixels wide and overlapping by two, or tiles of
 * gradients of results, four wide and side by side. Tiles that reach over the border of the plane go through a copy with zeros around.
 */
final class WinogradRows {
    private static final int BLOCK = Tiles.BLOCK;
    private static final int OUT = Winograd.OUT;

    private final WinogradKernels.Transform transform;
    private final int size;
    private final int h;
    private final int w;
    private final int minY;
    private final int minX;
    private final int columns;
    /** The tiles of a row from {@code first} to {@code last} lie inside the plane. */
    private final int first;

    private final int last;

    /**
     * @param kind {@code INPUT} or {@code GRADIENT}
     * @param minY row of the first tile's first pixel, negative where there is padding; {@code minX} likewise
     * @param columns tiles of a row
     */
    WinogradRows(WinogradKernels.Kind kind, int h, int w, int minY, int minX, int columns) {
        transform = WinogradKernels.of(kind);
        size = kind.from;
        this.h = h;
        this.w = w;
        this.minY = minY;
        this.minX = minX;
        this.columns = columns;
        first = minX < 0 ? 1 : 0;
        last = Math.max(first, Math.min(columns, (w - minX - size + OUT) / OUT));
    }

    /** The rows of a row of tiles with a border, or four rows of results of as many tiles; then what a transform needs. */
    int scratch() {
        return strip() + Winograd.POSITIONS * BLOCK;
    }

    private int strip() {
        return Winograd.IN * (columns * OUT + 2) * BLOCK;
    }

    /** Where in a worker's scratch a transform may write. */
    int transformScratch(int own) {
        return own + strip();
    }

    /**
     * Value (i, j) of tile t comes to {@code s[at + (6 i + j) * position + 16 t]}.
     *
     * @param plane where the plane starts in {@code x}
     * @param own where {@link #scratch} floats of {@code s} start
     */
    void run(float[] x, int plane, int row, int rowEnd, float[] s, int at, int position, int own) {
        for (int r = row; r < rowEnd; r++, at += columns * BLOCK) {
            int top = r * OUT + minY;
            if (top >= 0 && top + size <= h && last > first) {
                copied(x, plane, top, 0, first, s, at, position, own);
                int from = plane + (top * w + first * OUT + minX) * BLOCK;
                transform(x, from, w * BLOCK, s, at + first * BLOCK, position, own, last - first);
                copied(x, plane, top, last, columns, s, at, position, own);
            } else {
                copied(x, plane, top, 0, columns, s, at, position, own);
            }
        }
    }

    private void transform(float[] from, int fo, int pitch, float[] s, int at, int position, int own, int count) {
        int scratch = transformScratch(own);
        int row = Winograd.IN * position;
        transform.run(from, fo, pitch, BLOCK, OUT * BLOCK, s, at, row, position, BLOCK, s, scratch, count);
    }

    private void copied(
            float[] x, int plane, int top, int column, int columnEnd, float[] s, int at, int position, int own) {
        if (column >= columnEnd) {
            return;
        }
        int left = column * OUT + minX;
        int length = (columnEnd - column) * OUT + size - OUT;
        int start = Math.clamp(-left, 0, length);
        int end = Math.clamp(w - left, start, length);
        for (int i = 0, to = own; i < size; i++, to += length * BLOCK) {
            boolean inside = top + i >= 0 && top + i < h && start < end;
            int from = inside ? start : length;
            Arrays.fill(s, to, to + from * BLOCK, 0);
            if (inside) {
                int source = plane + ((top + i) * w + left + start) * BLOCK;
                System.arraycopy(x, source, s, to + start * BLOCK, (end - start) * BLOCK);
                Arrays.fill(s, to + end * BLOCK, to + length * BLOCK, 0);
            }
        }
        transform(s, own, length * BLOCK, s, at + column * BLOCK, position, own, columnEnd - column);
    }
}
