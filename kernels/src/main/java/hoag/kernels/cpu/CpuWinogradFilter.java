package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Filter gradients of 3x3 convolutions at stride 1 by {@link Winograd}'s numbers: {@code dg = G' ((B' x B) * (A dy A')) G}, summed over the
 * tiles of all images before the last step, with 36 multiplications for a tile and a pair of channels instead of 144. x is
 * (N, C/16, H, W, 16), dy (N, K/16, OH, OW, 16), the result (K, C, 3, 3).
 *
 * <p>For some rows of tiles at a time: their 36 positions of x and dy, then for each position a product over the tiles with
 * {@link FilterTiles}, added to sums of (36, K, C); at the end those sums to nine taps. Where all tiles are one group, because the sums
 * would be large, a task goes through all positions of some channels and keeps the sums in L2. How many rows depends on the shape alone, so
 * that results do not depend on the number of threads.
 *
 * <p>Measured by {@code hoag bench conv --pass filter}, ms, least, batch 16, two threads of a Xeon of the Sapphire Rapids class in a slow hour
 * (340 GFLOP/s), beside {@link CpuConv2dFilterDense}: 64 channels at 56 pixels 6.9 (13.4), 128 at 28 6.0 (12.4), 256 at 14 6.2 (18.7), 512
 * at 7 8.9 (14.6). Lost: sums of all positions in memory for 512 at 7 (24); groups of 2 MB for 64 at 56 (9.1 where 8 MB took 7.7).
 */
final class CpuWinogradFilter implements Launch {
    private static final int BLOCK = Tiles.BLOCK;
    private static final int SIDE = Winograd.TAPS;
    private static final int TAPS = SIDE * SIDE;
    /** Positions of x and dy at a time: 8 MB, or twice the sums where those are more, since every group passes over them. */
    private static final int GROUP_FLOATS = 1 << 21;
    /** Blocks of dy of a task whose sums stay in L2 from the first product to the taps. */
    private static final int PART = 8;
    /** Tiles that a panel passes over while it stays in L1. */
    private static final int SEGMENT = 196;

    /** 16 channels at 14 pixels, 64 images: 0.37 ms, and 0.23 without the transform; 32 at 16: 0.25 either way. */
    private static final int LEAST_CHANNELS = 32;
    /** As {@link WinogradPlan}: below that, handing over three kinds of tasks costs more than is won. */
    private static final double LEAST_FLOPS = 2e7;
    /** Multiplications saved: tiles that hang over save less; 512 channels at 2 pixels, where none are, 4.5 ms, and 2.5 without. */
    private static final int LEAST_SAVED = 2;

    private final Conv2dShape s;
    private final int xBlocks;
    private final int yBlocks;
    private final int columns;
    private final int imageRows;
    /** Rows of tiles of a group; images follow each other. */
    private final int groupRows;

    /** One group: a task keeps its own sums until their taps are made. Several: sums of all are kept from group to group. */
    private final int groups;

    private final int plane;
    private final WinogradRows xRows;
    private final WinogradRows yRows;
    private final WinogradKernels.Transform toTaps = WinogradKernels.of(WinogradKernels.Kind.TAPS);
    private final FilterTiles.Panels panels;
    /** For every tile its place in x and in dy, which is the same. */
    private final int[] pairs;

    /** Parts of the channels of dy, or of the panels of x where sums are kept. */
    private final int parts;

    CpuWinogradFilter(Conv2dShape shape, int lanes) {
        s = shape;
        xBlocks = FilterPanels.blocks(s.c());
        yBlocks = FilterPanels.blocks(s.k());
        columns = tiles(s.ow());
        imageRows = tiles(s.oh());
        int rows = s.n() * imageRows;
        long perRow = (long) Winograd.POSITIONS * columns * (xBlocks + yBlocks) * BLOCK;
        long sums = (long) Winograd.POSITIONS * xBlocks * BLOCK * yBlocks * BLOCK;
        int most = Math.clamp(Math.max(GROUP_FLOATS, 2 * sums) / perRow, 1, rows);
        groups = DenseChunks.ceil(rows, most);
        groupRows = DenseChunks.ceil(rows, groups);
        plane = (groupRows * columns | 1) * BLOCK;
        xRows = new WinogradRows(WinogradKernels.Kind.INPUT, s.h(), s.w(), -s.top(), -s.left(), columns);
        yRows = new WinogradRows(WinogradKernels.Kind.GRADIENT, s.oh(), s.ow(), 0, 0, columns);
        panels = FilterTiles.Panels.of(xBlocks, lanes);
        pairs = IntStream.range(0, 2 * groupRows * columns)
                .map(e -> e / 2 * BLOCK)
                .toArray();
        parts = groups == 1 ? DenseChunks.ceil(yBlocks, PART) : Math.min(panels.count(), 2);
    }

    /** 3x3 at stride 1 without dilation, with enough channels, work and pixels of a tile. */
    static boolean chosen(Conv2dShape s) {
        return s.kh() == 3
                && s.kw() == 3
                && s.strideH() == 1
                && s.strideW() == 1
                && s.dilationH() == 1
                && s.dilationW() == 1
                && s.groups() == 1
                && Math.min(s.c(), s.k()) >= LEAST_CHANNELS
                && 2.0 * s.n() * s.oh() * s.ow() * s.c() * s.k() * TAPS >= LEAST_FLOPS
                && s.oh() * s.ow() * TAPS >= LEAST_SAVED * Winograd.POSITIONS * tiles(s.oh()) * tiles(s.ow());
    }

    private static int tiles(int pixels) {
        return DenseChunks.ceil(pixels, Winograd.OUT);
    }

    @Override
    public String algorithm() {
        return String.format(
                Locale.ROOT,
                "winograd 4x4 tile %dx%d, %d tiles at a time, error %.1e",
                panels.channels()[0],
                panels.widths()[0],
                groupRows * columns,
                Winograd.FILTER_ERROR);
    }

    /** Floats of a channel's sums at one position. */
    private int row() {
        return (groups == 1 ? panels.widths()[0] : xBlocks) * BLOCK;
    }

    /** Floats of all sums at one position, of a task or of all. */
    private int positionSums() {
        return (groups == 1 ? DenseChunks.ceil(yBlocks, parts) : yBlocks) * BLOCK * row();
    }

    private int sums() {
        return Winograd.POSITIONS * positionSums();
    }

    /** What a transform needs, then the taps of a row. */
    private int tapScratch() {
        return Winograd.POSITIONS * BLOCK + TAPS * row();
    }

    private int workerFloats() {
        int taps = tapScratch() + (groups == 1 ? sums() : 0);
        return Math.max(Math.max(xRows.scratch(), yRows.scratch()), taps);
    }

    @Override
    public long scratch(int workers) {
        return (groups == 1 ? 0 : sums())
                + (long) Winograd.POSITIONS * (position(xBlocks) + position(yBlocks))
                + (long) workers * workerFloats();
    }

    /** Floats of one position of the tiles of a group. */
    private int position(int blocks) {
        return blocks * plane + (blocks % 2 == 0 ? BLOCK : 0);
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, scratch);
    }

    private final class Bound implements Work {
        private final float[] x;
        private final float[] dy;
        private final float[] dw;
        private final float[] t;
        private final int xBase;
        private final int yBase;
        private final int wBase;
        private final int sumBase;
        private final int xTiles;
        private final int yTiles;
        private final int own;
        private final int xPosition = position(xBlocks);
        private final int yPosition = position(yBlocks);

        Bound(List<Buffer> operands, Buffer scratch) {
            x = operands.get(0).floats();
            xBase = operands.get(0).offset();
            dy = operands.get(1).floats();
            yBase = operands.get(1).offset();
            dw = operands.get(2).floats();
            wBase = operands.get(2).offset();
            t = scratch.floats();
            xTiles = scratch.offset();
            yTiles = xTiles + Winograd.POSITIONS * xPosition;
            sumBase = yTiles + Winograd.POSITIONS * yPosition;
            own = sumBase + (groups == 1 ? 0 : sums());
        }

        @Override
        public int phases() {
            return groups == 1 ? 2 : 2 * groups + 1;
        }

        @Override
        public int tasks(int phase) {
            if (phase == 2 * groups) {
                return 2 * yBlocks;
            }
            if (phase % 2 == 0) {
                return 2 * (xBlocks + yBlocks);
            }
            return groups == 1 ? panels.count() * parts : Winograd.POSITIONS * parts;
        }

        @Override
        public void run(int phase, int task, int worker) {
            int mine = own + worker * workerFloats();
            if (phase == 2 * groups) {
                int end = Math.min(s.k(), (task + 1) * BLOCK / 2);
                for (int k = task * BLOCK / 2; k < end; k++) {
                    taps(sumBase + k * row(), wBase + k * s.c() * TAPS, s.c(), mine);
                }
            } else if (phase % 2 == 0) {
                int first = phase / 2 * groupRows;
                int count = Math.min(groupRows, s.n() * imageRows - first);
                int half = task % 2;
                transform(task / 2, first, half * count / 2, (half + 1) * count / 2, mine);
            } else if (groups == 1) {
                whole(task / parts, task % parts, mine);
            } else {
                int position = task / parts;
                int part = task % parts;
                int panelEnd = (part + 1) * panels.count() / parts;
                for (int p = part * panels.count() / parts; p < panelEnd; p++) {
                    int to = sumBase + position * positionSums() + panels.first()[p] * BLOCK;
                    product(phase / 2, position, p, 0, yBlocks * BLOCK, to);
                }
            }
        }

        /** All positions of a panel of x and some channels of dy, then their taps. */
        private void whole(int panel, int part, int mine) {
            int k = part * yBlocks / parts * BLOCK;
            int kEnd = (part + 1) * yBlocks / parts * BLOCK;
            int sum = mine + tapScratch();
            for (int position = 0; position < Winograd.POSITIONS; position++) {
                product(0, position, panel, k, kEnd, sum + position * positionSums());
            }
            int first = panels.first()[panel] * BLOCK;
            int count = Math.min(panels.widths()[panel] * BLOCK, s.c() - first);
            for (int row = k; row < Math.min(s.k(), kEnd); row++) {
                taps(sum + (row - k) * row(), wBase + (row * s.c() + first) * TAPS, count, mine);
            }
        }

        /** Sums of {@code count} channels at 36 positions to nine taps each. */
        private void taps(int from, int to, int count, int mine) {
            int at = mine + Winograd.POSITIONS * BLOCK;
            int row = row();
            int pitch = Winograd.IN * positionSums();
            int blocks = FilterPanels.blocks(count);
            toTaps.run(t, from, pitch, positionSums(), BLOCK, t, at, SIDE * row, row, BLOCK, t, mine, blocks);
            for (int tap = 0; tap < TAPS; tap++) {
                for (int c = 0, o = at + tap * row, w = to + tap; c < count; c++, w += TAPS) {
                    dw[w] = t[o + c];
                }
            }
        }

        /** Rows {@code from} to {@code end} of a group that starts at {@code first}, of a block of x or, after those, of dy. */
        private void transform(int block, int first, int from, int end, int mine) {
            boolean ofX = block < xBlocks;
            for (int r = from; r < end; ) {
                int image = (first + r) / imageRows;
                int row = (first + r) % imageRows;
                int count = Math.min(imageRows - row, end - r);
                int at = r * columns * BLOCK;
                if (ofX) {
                    int source = xBase + (image * xBlocks + block) * s.h() * s.w() * BLOCK;
                    xRows.run(x, source, row, row + count, t, xTiles + block * plane + at, xPosition, mine);
                } else {
                    int b = block - xBlocks;
                    int source = yBase + (image * yBlocks + b) * s.oh() * s.ow() * BLOCK;
                    yRows.run(dy, source, row, row + count, t, yTiles + b * plane + at, yPosition, mine);
                }
                r += count;
            }
        }

        /** Adds the products of a group's tiles at one position for a panel of x and channels {@code k} to {@code kEnd} of dy. */
        private void product(int group, int position, int panel, int k, int kEnd, int to) {
            if (group == 0) {
                for (int r = 0; r < kEnd - k; r++) {
                    Arrays.fill(t, to + r * row(), to + r * row() + panels.widths()[panel] * BLOCK, 0);
                }
            }
            int count = Math.min(groupRows, s.n() * imageRows - group * groupRows) * columns;
            int xo = xTiles + position * xPosition + panels.first()[panel] * plane;
            int yo = yTiles + position * yPosition;
            int segments = DenseChunks.ceil(count, SEGMENT);
            for (int segment = 0; segment < segments; segment++) {
                int from = 2 * (segment * count / segments);
                int end = 2 * ((segment + 1) * count / segments);
                for (int r = k; r < kEnd; r += panels.channels()[panel]) {
                    int spread = yo + r / BLOCK * plane + r % BLOCK;
                    panels.tiles()[panel].run(
                            t, xo, plane, t, spread, pairs, from, end, t, to + (r - k) * row(), row());
                }
            }
        }
    }
}
