package hoag.galaxy.learn;

import hoag.galaxy.image.Derived;
import hoag.galaxy.image.Picture;
import hoag.galaxy.image.Scratch;
import hoag.galaxy.image.Transform;

/**
 * A prepared picture mirrored or turned by quarters: one of the eight symmetries of a square, which move pixels and blend none.
 *
 * @param view bit 1: left and right exchanged, bit 2: top and bottom, bit 4: rows and columns; 0 is the picture as it is
 */
record Dihedral(Transform base, int view) implements Derived {
    static Transform of(Transform plain, int view) {
        return view == 0 ? plain : new Dihedral(plain, view);
    }

    @Override
    public void apply(Picture picture, long epoch, int index, float[] out, int offset, Scratch scratch) {
        base.apply(picture, epoch, index, out, offset, scratch);
        int n = size();
        float[] before = new float[n * n];
        for (int c = 0; c < channels(); c++) {
            int at = offset + c * n * n;
            System.arraycopy(out, at, before, 0, n * n);
            for (int y = 0; y < n; y++) {
                for (int x = 0; x < n; x++) {
                    out[at + y * n + x] = before[source(y, x, n)];
                }
            }
        }
    }

    private int source(int y, int x, int n) {
        int column = (view & 1) != 0 ? n - 1 - x : x;
        int row = (view & 2) != 0 ? n - 1 - y : y;
        return (view & 4) != 0 ? column * n + row : row * n + column;
    }
}
