package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.Arrays;
import java.util.List;

/**
 * Filter gradients of depthwise convolutions: x and dy (N, C/16, H, W, 16) to (C, 1, kh, kw). A task sums a block of 16 channels over
 * some images, a few rows at a time so that they stay in L1 while each row of the filter passes over them; a second phase adds the tasks'
 * sums in order.
 */
final class CpuDepthwiseFilter implements Launch {
    private static final int BLOCK = Tiles.BLOCK;
    private static final int ENOUGH = 64;
    /** Floats of dy that are worked on before the next rows: with their x less than 32 KB at stride 1. */
    private static final int STRETCH = 4096;

    private final Conv2dShape s;
    private final int lanes;
    private final int blocks;
    private final int parts;
    private final int sums;
    private final List<DepthwiseAxis.Chunk> chunks;
    private final DepthwiseKernels.Sums[] kernels;
    /** Output rows from..to-1 that a row of the filter meets inside the image. */
    private final int[] from;

    private final int[] to;

    CpuDepthwiseFilter(Conv2dShape shape, int lanes) {
        s = shape;
        this.lanes = lanes;
        blocks = FilterPanels.blocks(s.c());
        parts = Math.clamp(ENOUGH / blocks, 1, s.n());
        sums = s.kh() * s.kw() * BLOCK;
        chunks = DepthwiseAxis.forward(s.w(), s.ow(), s.kw(), s.strideW(), s.dilationW(), s.left())
                .chunks(DepthwiseKernels.pixels(s.kw(), lanes));
        kernels = chunks.stream()
                .map(chunk -> DepthwiseKernels.sums(chunk.pattern(), lanes))
                .toArray(DepthwiseKernels.Sums[]::new);
        from = new int[s.kh()];
        to = new int[s.kh()];
        var vertical = DepthwiseAxis.forward(s.h(), s.oh(), s.kh(), s.strideH(), s.dilationH(), s.top());
        for (int ky = 0; ky < s.kh(); ky++) {
            while (from[ky] < s.oh() && vertical.source(from[ky], ky) < 0) {
                from[ky]++;
            }
            to[ky] = from[ky];
            while (to[ky] < s.oh() && vertical.source(to[ky], ky) >= 0) {
                to[ky]++;
            }
        }
    }

    @Override
    public String algorithm() {
        return "depthwise " + chunks.getFirst().pattern().places() + ", " + parts + " parts";
    }

    @Override
    public long scratch(int workers) {
        return (long) blocks * parts * sums;
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, scratch);
    }

    private final class Bound implements Work {
        private final float[] x;
        private final float[] dy;
        private final float[] dw;
        private final float[] partial;
        private final int xBase;
        private final int yBase;
        private final int wBase;
        private final int pBase;
        private final int xRow = s.w() * BLOCK;
        private final int yRow = s.ow() * BLOCK;
        private final int stretch = Math.max(1, STRETCH / yRow);

        Bound(List<Buffer> operands, Buffer scratch) {
            x = operands.get(0).floats();
            xBase = operands.get(0).offset();
            dy = operands.get(1).floats();
            yBase = operands.get(1).offset();
            dw = operands.get(2).floats();
            wBase = operands.get(2).offset();
            partial = scratch.floats();
            pBase = scratch.offset();
        }

        @Override
        public int phases() {
            return 2;
        }

        @Override
        public int tasks(int phase) {
            return phase == 0 ? blocks * parts : blocks;
        }

        @Override
        public void run(int phase, int task, int worker) {
            if (phase == 0) {
                sum(task % blocks, task / blocks, pBase + task * sums);
            } else {
                combine(task);
            }
        }

        private void sum(int block, int part, int so) {
            Arrays.fill(partial, so, so + sums, 0);
            for (int n = part * s.n() / parts, end = (part + 1) * s.n() / parts; n < end; n++) {
                int plane = n * blocks + block;
                for (int row = 0; row < s.oh(); row += stretch) {
                    rows(plane, row, Math.min(s.oh(), row + stretch), so);
                }
            }
        }

        private void rows(int plane, int first, int end, int so) {
            for (int ky = 0; ky < s.kh(); ky++) {
                int row = Math.max(first, from[ky]);
                int rowEnd = Math.min(end, to[ky]);
                if (row < rowEnd) {
                    int source = row * s.strideH() + ky * s.dilationH() - s.top();
                    int xo = xBase + (plane * s.h() + source) * xRow;
                    int yo = yBase + (plane * s.oh() + row) * yRow;
                    columns(xo, yo, rowEnd - row, so + ky * s.kw() * BLOCK);
                }
            }
        }

        private void columns(int xo, int yo, int rows, int so) {
            for (int i = 0; i < kernels.length; i++) {
                int xAt = xo + chunks.get(i).source() * BLOCK;
                int yAt = yo + chunks.get(i).first() * BLOCK;
                for (int lane = 0; lane < BLOCK; lane += lanes) {
                    kernels[i].run(
                            x, xAt + lane, s.strideH() * xRow, dy, yAt + lane, yRow, 0, rows, partial, so + lane);
                }
            }
        }

        private void combine(int block) {
            int taps = s.kh() * s.kw();
            for (int lane = 0; lane < Math.min(BLOCK, s.c() - block * BLOCK); lane++) {
                for (int tap = 0; tap < taps; tap++) {
                    float sum = 0;
                    for (int part = 0; part < parts; part++) {
                        sum += partial[pBase + (part * blocks + block) * sums + tap * BLOCK + lane];
                    }
                    dw[wBase + (block * BLOCK + lane) * taps + tap] = sum;
                }
            }
        }
    }
}
