package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Filter gradients where x has few channels, as in the first layer: x row-major (N, C, H, W), dy (N, K/16, OH, OW, 16) to (K, C, kh, kw).
 * For each output row the input rows that it meets are copied, with their border of zeros, to the worker's scratch; then vectors run
 * along the channels of dy, and pixels of x are spread. A task sums some rows of the batch, and a second phase adds the tasks in order.
 */
final class CpuConv2dFilterPlain implements Launch {
    private static final int BLOCK = Tiles.BLOCK;
    private static final int ENOUGH = 64;
    /** Sums for each block of dy at once. */
    private static final int MOST = 9;

    private final Conv2dShape s;
    private final int pitch;
    private final int blocks;
    private final int[] panels;
    private final FilterTiles.Tile[] tiles;
    /** Taps (channel, row, column of the filter) in groups whose members stand at the same distances in every group. */
    private final int group;

    private final int[] places;
    private final int[] pairs;
    private final int parts;
    private final int sums;
    private final int copied;

    CpuConv2dFilterPlain(Conv2dShape shape, int lanes) {
        s = shape;
        pitch = (s.ow() - 1) * s.strideW() + (s.kw() - 1) * s.dilationW() + 1;
        blocks = FilterPanels.blocks(s.k());
        panels = lanes < BLOCK ? FilterTiles.panels(blocks, lanes) : twos(blocks);
        group = group();
        places = IntStream.range(0, s.c() * s.kh() * s.kw())
                .map(tap -> tap / s.kw() * pitch + tap % s.kw() * s.dilationW())
                .toArray();
        var offsets = IntStream.range(0, group).mapToObj(i -> places[i]).toList();
        tiles = Arrays.stream(panels)
                .mapToObj(width -> FilterTiles.tile(offsets, width, lanes))
                .toArray(FilterTiles.Tile[]::new);
        pairs = new int[2 * s.ow()];
        Arrays.setAll(pairs, i -> i % 2 == 0 ? i / 2 * BLOCK : i / 2 * s.strideW());
        parts = Math.min(ENOUGH, s.n() * s.oh());
        sums = places.length * blocks * BLOCK;
        copied = (s.c() * s.kh() * pitch + BLOCK - 1) / BLOCK * BLOCK;
    }

    private static int[] twos(int blocks) {
        return IntStream.range(0, (blocks + 1) / 2)
                .map(i -> Math.min(2, blocks - 2 * i))
                .toArray();
    }

    /** Whole rows of the filter if they are short, else an even part of one. */
    private int group() {
        for (int rows = s.kh(); rows > 0; rows--) {
            if (s.kh() % rows == 0 && rows * s.kw() <= MOST) {
                return rows * s.kw();
            }
        }
        return IntStream.iterate(MOST, i -> i - 1)
                .filter(i -> s.kw() % i == 0)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String algorithm() {
        return "rows copied, tile " + group + "x" + panels[0];
    }

    @Override
    public long scratch(int workers) {
        return (long) parts * sums + (long) workers * copied;
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands.get(0), operands.get(1), operands.get(2), scratch);
    }

    private final class Bound implements Work {
        private final float[] x;
        private final float[] dy;
        private final float[] dw;
        private final float[] t;
        private final int xBase;
        private final int yBase;
        private final int wBase;
        private final int tBase;
        private final int plane = s.oh() * s.ow() * BLOCK;

        Bound(Buffer x, Buffer dy, Buffer dw, Buffer scratch) {
            this.x = x.floats();
            this.dy = dy.floats();
            this.dw = dw.floats();
            t = scratch.floats();
            xBase = x.offset();
            yBase = dy.offset();
            wBase = dw.offset();
            tBase = scratch.offset();
        }

        @Override
        public int phases() {
            return 2;
        }

        @Override
        public int tasks(int phase) {
            return phase == 0 ? parts : blocks;
        }

        @Override
        public void run(int phase, int task, int worker) {
            if (phase == 1) {
                combine(task * BLOCK, Math.min(s.k(), (task + 1) * BLOCK));
                return;
            }
            int so = tBase + task * sums;
            Arrays.fill(t, so, so + sums, 0);
            int rows = s.n() * s.oh();
            for (int r = (int) ((long) task * rows / parts), end = (int) ((long) (task + 1) * rows / parts);
                    r < end;
                    r++) {
                row(r / s.oh(), r % s.oh(), so, tBase + parts * sums + worker * copied);
            }
        }

        private void row(int n, int y, int so, int rows) {
            for (int i = 0; i < s.c() * s.kh(); i++) {
                copyRow(
                        n * s.c() + i / s.kh(),
                        y * s.strideH() - s.top() + i % s.kh() * s.dilationH(),
                        rows + i * pitch);
            }
            int yo = yBase + n * blocks * plane + y * s.ow() * BLOCK;
            for (int panel = 0, block = 0; panel < panels.length; block += panels[panel++]) {
                for (int tap = 0; tap < places.length; tap += group) {
                    int to = so + (tap * blocks + block) * BLOCK;
                    tiles[panel].run(
                            dy,
                            yo + block * plane,
                            plane,
                            t,
                            rows + places[tap],
                            pairs,
                            0,
                            pairs.length,
                            t,
                            to,
                            blocks * BLOCK);
                }
            }
        }

        private void copyRow(int channel, int row, int to) {
            int start = Math.min(pitch, s.left());
            int end = row < 0 || row >= s.h() ? 0 : Math.min(pitch, s.left() + s.w());
            if (start >= end) {
                Arrays.fill(t, to, to + pitch, 0);
                return;
            }
            Arrays.fill(t, to, to + start, 0);
            System.arraycopy(x, xBase + (channel * s.h() + row) * s.w(), t, to + start, end - start);
            Arrays.fill(t, to + end, to + pitch, 0);
        }

        private void combine(int k, int kEnd) {
            for (int tap = 0; tap < places.length; tap++) {
                for (int r = k; r < kEnd; r++) {
                    float sum = 0;
                    for (int part = 0; part < parts; part++) {
                        sum += t[tBase + part * sums + tap * blocks * BLOCK + r];
                    }
                    dw[wBase + r * places.length + tap] = sum;
                }
            }
        }
    }
}
