package hoag.kernels.cpu;

import hoag.kernels.Layout;
import java.util.List;

/**
 * How the transformed filters of {@link CpuWinograd} lie: for every panel of {@code widths[j]} blocks of 16 output channels, for each of the
 * 36 positions, a row of {@code widths[j] * 16} floats for every input channel. The transform is computed in float64 and rounded once.
 *
 * @param in channels that are summed over
 * @param out channels that are written
 * @param data data gradient: the filter is (in, out, 3, 3) instead of (out, in, 3, 3)
 * @param taps for each of the 3x3 places, row by row, the number of the filter's tap that belongs there
 */
record WinogradPanels(int in, int out, boolean data, List<Integer> taps, List<Integer> widths) implements Packing {
    private static final int BLOCK = Tiles.BLOCK;
    private static final int TAPS = 9;
    private static final int SIDE = 3;
    /** Input channels of a piece. */
    private static final int CHANNELS = 16;

    private static final int MOST = CHANNELS * 3 * BLOCK;

    /**
     * For the threads that pack: values of a piece by channel and column, at nine taps and with their columns transformed. An array for each,
     * read and written from its beginning, since C2 makes vectors of a loop only where it sees that nothing overlaps.
     */
    private record Scratch(double[][] taps, double[][] rows) {
        Scratch() {
            this(new double[TAPS][MOST], new double[SIDE][MOST]);
        }
    }

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    static WinogradPanels of(DenseGeometry geometry, boolean data) {
        var taps = geometry.classes().getFirst();
        Integer[] order = new Integer[TAPS];
        for (int i = 0; i < TAPS; i++) {
            order[(taps.y().get(i) - geometry.minY()) * SIDE + taps.x().get(i) - geometry.minX()] =
                    taps.taps().get(i);
        }
        return new WinogradPanels(geometry.c(), geometry.k(), data, List.of(order), FilterPanels.widths(geometry.k()));
    }

    Layout.Packed layout() {
        return new Layout.Packed(this, (long) Winograd.POSITIONS * in * FilterPanels.blocks(out) * BLOCK);
    }

    int firstBlock(int panel) {
        int first = 0;
        for (int i = 0; i < panel; i++) {
            first += widths.get(i);
        }
        return first;
    }

    /** Floats before this position of this panel. */
    int offset(int panel, int position) {
        return (firstBlock(panel) * Winograd.POSITIONS + position * widths.get(panel)) * BLOCK * in;
    }

    private int chunks() {
        return DenseChunks.ceil(in, CHANNELS);
    }

    @Override
    public int pieces() {
        return widths.size() * chunks();
    }

    @Override
    public void pack(int piece, float[] from, int fromOffset, float[] to, int toOffset) {
        int panel = piece / chunks();
        int channel = piece % chunks() * CHANNELS;
        int width = widths.get(panel) * BLOCK;
        int size = (Math.min(in, channel + CHANNELS) - channel) * width;
        Scratch s = SCRATCH.get();
        gather(panel, channel, size / width, from, fromOffset, s.taps, size);
        for (int i = 0; i < Winograd.IN; i++) {
            double[] by = Winograd.FILTER[i];
            for (int x = 0; x < SIDE; x++) {
                combine(s.taps[x], s.taps[SIDE + x], s.taps[2 * SIDE + x], by[0], by[1], by[2], s.rows[x], size);
            }
            for (int j = 0; j < Winograd.IN; j++) {
                int at = toOffset + offset(panel, i * Winograd.IN + j) + channel * width;
                store(s.rows[0], s.rows[1], s.rows[2], Winograd.FILTER[j], to, at, size);
            }
        }
    }

    /** taps[tap][channel * width + column] in float64, zero beyond the last output channel. */
    private void gather(int panel, int channel, int count, float[] from, int fromOffset, double[][] to, int size) {
        int first = firstBlock(panel) * BLOCK;
        int width = size / count;
        int step = data ? out * TAPS : TAPS;
        for (int column = 0; column < width; column++) {
            int source = fromOffset + (data ? channel * out + first + column : (first + column) * in + channel) * TAPS;
            boolean present = first + column < out;
            for (int tap = 0; tap < TAPS; tap++) {
                double[] one = to[tap];
                int at = source + taps.get(tap);
                for (int c = 0; c < count; c++, at += step) {
                    one[c * width + column] = present ? from[at] : 0;
                }
            }
        }
    }

    private static void combine(
            double[] a, double[] b, double[] c, double byA, double byB, double byC, double[] to, int size) {
        for (int i = 0; i < size; i++) {
            to[i] = byA * a[i] + byB * b[i] + byC * c[i];
        }
    }

    private static void store(double[] a, double[] b, double[] c, double[] by, float[] to, int at, int size) {
        double byA = by[0];
        double byB = by[1];
        double byC = by[2];
        for (int i = 0; i < size; i++) {
            to[at + i] = (float) (byA * a[i] + byB * b[i] + byC * c[i]);
        }
    }

    @Override
    public String toString() {
        return "winograd panels" + widths + (data ? "t" : "");
    }
}
