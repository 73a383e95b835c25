package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Filter gradients of dense convolutions with {@link FilterTiles}: x (N, C/16, H, W, 16) and dy (N, K/16, OH, OW, 16) to (K, C, kh, kw).
 * Vectors run along the channels of x, because the result's rows do; channels of dy are spread.
 *
 * <p>A task computes some panels of input channels times some blocks of output channels over some images. It goes through the pixels in
 * segments of about {@link #SEGMENT}, for which a panel of x stays in L1 while all its blocks of dy pass by. Sums of several tasks for the
 * same elements meet in a second phase, in order; where there is one, and rows of the result are whole vectors, it is the result.
 *
 * <p>Measured by {@code DepthwiseBench filter} (batch 16, two threads of a Xeon of the Sapphire Rapids class, 450 GFLOP/s): all 1x1 of
 * EfficientNet-B0 34 ms; 320-380 GFLOP/s at 14x14 and 7x7, 250-280 at 112x112 to 28x28, where memory sets the pace; 3x3 360-410. Segments
 * of 98 to 280 pixels do the same within the scatter.
 */
final class CpuConv2dFilterDense implements Launch {
    private static final int BLOCK = Tiles.BLOCK;
    private static final int ENOUGH = 32;
    private static final int SEGMENT = 196;

    private final Conv2dShape s;
    private final int lanes;
    private final int xBlocks;
    private final int yBlocks;
    private final int taps;
    private final FilterTiles.Panels panels;
    /** For every tap, for every pixel it meets inside the image, its place in x and in dy; for {@link #images} images. */
    private final int[][] pairs;

    private final int images;
    private final boolean linear;
    private final int parts;
    private final int panelGroups;
    private final int blockGroups;
    private final boolean direct;
    private final int row;
    private final int sums;

    CpuConv2dFilterDense(Conv2dShape shape, int lanes) {
        s = shape;
        this.lanes = lanes;
        xBlocks = FilterPanels.blocks(s.c());
        yBlocks = FilterPanels.blocks(s.k());
        taps = s.kh() * s.kw();
        panels = FilterTiles.Panels.of(xBlocks, lanes);
        row = xBlocks * BLOCK;
        sums = taps * yBlocks * BLOCK * row;
        parts = parts();
        int wanted = (ENOUGH + parts - 1) / parts;
        int[] groups = groups(wanted);
        panelGroups = groups[0];
        blockGroups = groups[1];
        direct = parts == 1 && taps == 1 && s.c() % BLOCK == 0 && s.k() % BLOCK == 0;
        linear = s.pointwise();
        images = Math.clamp(SEGMENT / (s.oh() * s.ow()), 1, (s.n() + parts - 1) / parts);
        pairs = new int[taps][];
        Arrays.setAll(pairs, this::pairs);
    }

    /** Sums over parts of the batch, as far as their memory is small beside what is read. */
    private int parts() {
        double read = s.input().size() + (double) s.output().size();
        return Integer.highestOneBit(Math.clamp((long) (read / 8 / sums), 1, Math.min(s.n(), ENOUGH)));
    }

    /** Groups of panels and of blocks of dy, {@code wanted} together, with the least to read again. */
    private int[] groups(int wanted) {
        int[] best = {panels.count(), yBlocks};
        double bestCost = Double.MAX_VALUE;
        for (int p = 1; p <= panels.count(); p++) {
            int b = Math.min(yBlocks, (wanted + p - 1) / p);
            double cost = (double) b * s.input().size()
                    + (double) p * s.output().size()
                    + (p * b < wanted ? 1e18 / (p * b) : 0);
            if (cost < bestCost) {
                bestCost = cost;
                best = new int[] {p, b};
            }
        }
        return best;
    }

    private int[] pairs(int tap) {
        var list = new ArrayList<Integer>();
        int dy = tap / s.kw() * s.dilationH() - s.top();
        int dx = tap % s.kw() * s.dilationW() - s.left();
        for (int image = 0; image < images; image++) {
            for (int y = 0; y < s.oh(); y++) {
                for (int x = 0; x < s.ow(); x++) {
                    int inY = y * s.strideH() + dy;
                    int inX = x * s.strideW() + dx;
                    if (inY >= 0 && inY < s.h() && inX >= 0 && inX < s.w()) {
                        list.add((image * xBlocks * s.h() * s.w() + inY * s.w() + inX) * BLOCK);
                        list.add((image * yBlocks * s.oh() * s.ow() + y * s.ow() + x) * BLOCK);
                    }
                }
            }
        }
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public String algorithm() {
        return "tile %dx%d, %d pixels of %d images, tasks %d x %d x %d%s"
                .formatted(
                        panels.channels()[0],
                        panels.widths()[0],
                        SEGMENT,
                        images,
                        parts,
                        panelGroups,
                        blockGroups,
                        direct ? ", in place" : "");
    }

    @Override
    public long scratch(int workers) {
        return direct ? 0 : (long) parts * sums;
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, scratch);
    }

    private final class Bound implements Work {
        private final float[] x;
        private final float[] dy;
        private final float[] dw;
        private final float[] to;
        private final int xBase;
        private final int yBase;
        private final int wBase;
        private final int toBase;
        private final int xPlane = s.h() * s.w() * BLOCK;
        private final int yPlane = s.oh() * s.ow() * BLOCK;

        Bound(List<Buffer> operands, Buffer scratch) {
            x = operands.get(0).floats();
            xBase = operands.get(0).offset();
            dy = operands.get(1).floats();
            yBase = operands.get(1).offset();
            dw = operands.get(2).floats();
            wBase = operands.get(2).offset();
            to = direct ? dw : scratch.floats();
            toBase = direct ? wBase : scratch.offset();
        }

        @Override
        public int phases() {
            return direct ? 1 : 2;
        }

        @Override
        public int tasks(int phase) {
            return phase == 0 ? parts * panelGroups * blockGroups : yBlocks * 2;
        }

        @Override
        public void run(int phase, int task, int worker) {
            if (phase == 1) {
                combine(task * BLOCK / 2, Math.min(s.k(), (task + 1) * BLOCK / 2));
                return;
            }
            int panelGroup = task % panelGroups;
            int blockGroup = task / panelGroups % blockGroups;
            int part = task / panelGroups / blockGroups;
            int panel = panelGroup * panels.count() / panelGroups;
            int panelEnd = (panelGroup + 1) * panels.count() / panelGroups;
            int k = blockGroup * yBlocks / blockGroups * BLOCK;
            int kEnd = (blockGroup + 1) * yBlocks / blockGroups * BLOCK;
            int so = toBase + part * sums;
            zero(so, panel, panelEnd, k, kEnd);
            int imageEnd = (part + 1) * s.n() / parts;
            for (int n = part * s.n() / parts; n < imageEnd; n += images) {
                images(n, Math.min(images, imageEnd - n), so, panel, panelEnd, k, kEnd);
            }
        }

        private void zero(int so, int panel, int panelEnd, int k, int kEnd) {
            int start = panels.first()[panel] * BLOCK;
            int end = panels.first()[panelEnd] * BLOCK;
            for (int tap = 0; tap < taps; tap++) {
                for (int r = k; r < kEnd; r++) {
                    int at = so + (tap * yBlocks * BLOCK + r) * row;
                    Arrays.fill(to, at + start, at + end, 0);
                }
            }
        }

        /** Segments of pixels; {@code count} images are in the table. */
        private void images(int n, int count, int so, int panel, int panelEnd, int k, int kEnd) {
            int pixels = count * s.oh() * s.ow();
            int segments = (pixels + SEGMENT - 1) / SEGMENT;
            for (int segment = 0; segment < segments; segment++) {
                for (int p = panel; p < panelEnd; p++) {
                    int xo = xBase + (n * xBlocks + panels.first()[p]) * xPlane;
                    for (int tap = 0; tap < taps; tap++) {
                        int entries = pairs[tap].length / 2 / images * count;
                        int from = (int) ((long) entries * segment / segments);
                        int end = (int) ((long) entries * (segment + 1) / segments);
                        blocks(p, tap, xo, yBase + n * yBlocks * yPlane, from, end, so, k, kEnd);
                    }
                }
            }
        }

        private void blocks(int panel, int tap, int xo, int yo, int from, int end, int so, int k, int kEnd) {
            int first = linear && images == 1 ? from : 0;
            int at = so + tap * yBlocks * BLOCK * row + panels.first()[panel] * BLOCK;
            for (int channel = k; channel < kEnd; channel += panels.channels()[panel]) {
                int from16 = yo + channel / BLOCK * yPlane + channel % BLOCK;
                panels.tiles()[panel].run(
                        x,
                        xo + first * BLOCK,
                        xPlane,
                        dy,
                        from16 + first * BLOCK,
                        pairs[tap],
                        2 * (from - first),
                        2 * (end - first),
                        to,
                        at + channel * row,
                        row);
            }
        }

        private void combine(int k, int kEnd) {
            for (int r = k; r < kEnd; r++) {
                for (int tap = 0; tap < taps; tap++) {
                    int from = toBase + (tap * yBlocks * BLOCK + r) * row;
                    int at = wBase + r * s.c() * taps + tap;
                    copy(to, from, dw, at, s.c(), taps);
                    for (int part = 1; part < parts; part++) {
                        add(to, from + part * sums, dw, at, s.c(), taps);
                    }
                }
            }
        }
    }

    private static void copy(float[] from, int fromOffset, float[] to, int toOffset, int count, int step) {
        if (step == 1) {
            System.arraycopy(from, fromOffset, to, toOffset, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            to[toOffset + i * step] = from[fromOffset + i];
        }
    }

    private static void add(float[] from, int fromOffset, float[] to, int toOffset, int count, int step) {
        if (step == 1) {
            for (int i = 0; i < count; i++) {
                to[toOffset + i] += from[fromOffset + i];
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            to[toOffset + i * step] += from[fromOffset + i];
        }
    }
}
