package hoag.kernels.cpu;

import hoag.kernels.Layout;
import java.util.List;

/**
 * How the filters of a dense convolution lie for {@link Tiles}: for every class of output pixels (one, unless it is the data gradient of
 * a strided convolution), for every panel of {@code widths[j]} blocks of 16 output channels, K rows of {@code widths[j] * 16} floats. Row
 * order: blocks of 16 input channels, taps within, lanes within; channels, then taps, if the input is plain.
 *
 * @param in channels that are summed over
 * @param out channels that are written
 * @param data data gradient: the filter is (in, out, taps) instead of (out, in, taps)
 * @param taps kh * kw of the filter
 * @param classes for every class the filter's taps it uses
 */
record FilterPanels(
        int in, int out, boolean data, boolean plain, int taps, List<List<Integer>> classes, List<Integer> widths)
        implements Packing {
    private static final int BLOCK = Tiles.BLOCK;

    static FilterPanels of(DenseGeometry geometry, boolean data, boolean plain, List<Integer> widths) {
        return new FilterPanels(
                geometry.c(),
                geometry.k(),
                data,
                plain,
                geometry.filterTaps(),
                geometry.classes().stream().map(DenseGeometry.PixelClass::taps).toList(),
                widths);
    }

    /** Blocks in each panel: three with 16 lanes, but never a single one at the end if two twos do; one with narrower vectors. */
    static List<Integer> widths(int channels) {
        var widths = new java.util.ArrayList<Integer>();
        for (int left = blocks(channels); left > 0; left -= widths.getLast()) {
            widths.add(Lanes.count() < BLOCK ? 1 : left == 4 ? 2 : Math.min(3, left));
        }
        return List.copyOf(widths);
    }

    static int blocks(int channels) {
        return (channels + BLOCK - 1) / BLOCK;
    }

    Layout.Packed layout() {
        return new Layout.Packed(this, offset(classes.size(), 0));
    }

    /** Rows of a class's panels: terms of the sum for one output value. */
    int rows(int pixelClass) {
        return in * classes.get(pixelClass).size();
    }

    int firstBlock(int panel) {
        int first = 0;
        for (int i = 0; i < panel; i++) {
            first += widths.get(i);
        }
        return first;
    }

    /** Floats before this panel. */
    int offset(int pixelClass, int panel) {
        int before = 0;
        for (int c = 0; c < pixelClass; c++) {
            before += rows(c) * blocks(out) * BLOCK;
        }
        return panel == 0 ? before : before + rows(pixelClass) * firstBlock(panel) * BLOCK;
    }

    /** For every row of the class: input channel * taps of the class + number of the tap. */
    int[] order(int pixelClass) {
        int count = classes.get(pixelClass).size();
        int[] order = new int[in * count];
        int block = plain ? 1 : BLOCK;
        int row = 0;
        for (int first = 0; first < in; first += block) {
            for (int tap = 0; tap < count; tap++) {
                for (int channel = first; channel < Math.min(in, first + block); channel++) {
                    order[row++] = channel * count + tap;
                }
            }
        }
        return order;
    }

    @Override
    public int pieces() {
        return classes.size() * widths.size();
    }

    @Override
    public void pack(int piece, float[] from, int fromOffset, float[] to, int toOffset) {
        int pixelClass = piece / widths.size();
        int panel = piece % widths.size();
        int width = widths.get(panel) * BLOCK;
        int first = firstBlock(panel) * BLOCK;
        int start = toOffset + offset(pixelClass, panel);
        List<Integer> used = classes.get(pixelClass);
        int step = data ? taps : in * taps;
        for (int column = 0; column < width; column++) {
            if (first + column < out) {
                column(used, from, fromOffset + (first + column) * step, to, start + column, width);
            } else {
                zeros(rows(pixelClass), to, start + column, width);
            }
        }
    }

    /** One output channel's weights in the order of {@link #order}. Packing is part of every training step, so it allocates nothing. */
    private void column(List<Integer> used, float[] from, int fromOffset, float[] to, int toOffset, int width) {
        int step = data ? out * taps : taps;
        int block = plain ? 1 : BLOCK;
        int at = toOffset;
        for (int first = 0; first < in; first += block) {
            int end = Math.min(in, first + block);
            for (int tap = 0; tap < used.size(); tap++) {
                int source = fromOffset + used.get(tap);
                for (int channel = first; channel < end; channel++, at += width) {
                    to[at] = from[source + channel * step];
                }
            }
        }
    }

    private static void zeros(int rows, float[] to, int toOffset, int width) {
        for (int row = 0; row < rows; row++) {
            to[toOffset + row * width] = 0;
        }
    }

    @Override
    public String toString() {
        return "panels" + widths + (data ? "t" : "") + (classes.size() > 1 ? "/" + classes.size() : "");
    }
}
