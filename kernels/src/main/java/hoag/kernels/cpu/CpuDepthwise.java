package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Buffer;
import hoag.kernels.Conv2dShape;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.ArrayList;
import java.util.List;

/**
 * Depthwise convolutions and their data gradients in (N, C/16, H, W, 16) with {@link DepthwiseKernels}. A task is one plane of 16
 * channels, or some rows of it where there are few planes. Rows are finished in stretches that stay in L1 for the epilogue.
 */
final class CpuDepthwise implements Launch {
    /** Tasks below which planes are cut. */
    private static final int ENOUGH = 64;
    /** Floats of output between two passes of the epilogue. */
    private static final int STRETCH = 4096;

    private static final int BLOCK = Tiles.BLOCK;

    private final Conv2dShape s;
    private final int lanes;
    private final int images;
    private final int blocks;
    private final DepthwiseAxis vertical;
    private final DepthwiseAxis horizontal;
    private final List<DepthwiseAxis.Chunk> chunks;
    private final DepthwiseKernels.Rows[] kernels;
    private final int[] table;
    private final CpuEpilogue epilogue;
    private final int rowsOfTask;

    CpuDepthwise(Kernel.Conv2d kernel, int lanes) {
        this.lanes = lanes;
        s = kernel.shape();
        images = s.n();
        blocks = FilterPanels.blocks(s.c());
        boolean data = kernel.pass() == Kernel.Pass.DATA;
        boolean flipped = flipped(kernel);
        vertical = data
                ? DepthwiseAxis.backward(s.oh(), s.h(), s.kh(), s.strideH(), s.dilationH(), s.top(), flipped)
                : DepthwiseAxis.forward(s.h(), s.oh(), s.kh(), s.strideH(), s.dilationH(), s.top());
        horizontal = data
                ? DepthwiseAxis.backward(s.ow(), s.w(), s.kw(), s.strideW(), s.dilationW(), s.left(), flipped)
                : DepthwiseAxis.forward(s.w(), s.ow(), s.kw(), s.strideW(), s.dilationW(), s.left());
        table = vertical.table(horizontal.in() * BLOCK, s.kw() * BLOCK);
        chunks = horizontal.chunks(DepthwiseKernels.pixels(s.kw(), lanes));
        kernels = chunks.stream()
                .map(chunk -> DepthwiseKernels.rows(chunk.pattern(), lanes))
                .toArray(DepthwiseKernels.Rows[]::new);
        epilogue = kernel.epilogue() == null
                ? null
                : new CpuEpilogue(kernel.outputs().getFirst(), kernel.epilogue());
        int cuts = Math.clamp(ENOUGH / (images * blocks), 1, (vertical.out() + 3) / 4);
        rowsOfTask = (vertical.out() + cuts - 1) / cuts;
    }

    static Wish wish(Kernel.Conv2d kernel, List<Layout> offered) {
        if (kernel.pass() == Kernel.Pass.FILTER) {
            return new Wish(List.of(Layout.BLOCKED, Layout.BLOCKED), List.of(Layout.PLAIN));
        }
        Conv2dShape s = kernel.shape();
        var inputs = new ArrayList<Layout>();
        inputs.add(Layout.BLOCKED);
        inputs.add(new DepthwiseFilter(s.c(), s.kh() * s.kw(), flipped(kernel)).layout());
        inputs.addAll(CpuEpilogue.layouts(kernel.outputs().getFirst(), kernel.epilogue()));
        return new Wish(inputs, List.of(Layout.BLOCKED));
    }

    static boolean fuses(Kernel.Conv2d kernel, Kernel.Epilogue epilogue) {
        return kernel.pass() != Kernel.Pass.FILTER
                && CpuEpilogue.fuses(kernel.outputs().getFirst(), epilogue);
    }

    static Launch prepare(Kernel.Conv2d kernel, Wish layouts) {
        return prepare(kernel, Lanes.count());
    }

    static Launch prepare(Kernel.Conv2d kernel, int lanes) {
        return kernel.pass() == Kernel.Pass.FILTER
                ? new CpuDepthwiseFilter(kernel.shape(), lanes)
                : new CpuDepthwise(kernel, lanes);
    }

    private static boolean flipped(Kernel.Conv2d kernel) {
        return kernel.pass() == Kernel.Pass.DATA
                && kernel.shape().strideH() == 1
                && kernel.shape().strideW() == 1;
    }

    @Override
    public String algorithm() {
        return "depthwise " + chunks.getFirst().pattern().places();
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, null);
    }

    /** Of a plane: above all numbers of stretches. */
    int rows() {
        return vertical.out();
    }

    /** Tasks of a plane. */
    int tasksOfPlane() {
        return (vertical.out() + rowsOfTask - 1) / rowsOfTask;
    }

    final class Bound implements Work {
        private final float[] x;
        private final float[] w;
        private final float[] y;
        private final int xBase;
        private final int wBase;
        private final int yBase;
        private final CpuEpilogue.Bound finish;
        private final int inPlane = vertical.in() * horizontal.in() * BLOCK;
        private final int outRow = horizontal.out() * BLOCK;
        private final int outPlane = vertical.out() * outRow;
        private final int tasksOfPlane = tasksOfPlane();
        private final Follower.Bound follow;
        private final int xStep = vertical.sourceStep() * horizontal.in() * BLOCK;
        private final int wStep = vertical.tapStep() * s.kw() * BLOCK;
        private final int stretch;

        /** @param follow of the results, or null */
        Bound(List<Buffer> operands, Follower.Bound follow) {
            this.follow = follow;
            stretch = epilogue == null && follow == null ? rowsOfTask : Math.max(1, STRETCH / outRow);
            Buffer output = operands.getLast();
            x = operands.get(0).floats();
            xBase = operands.get(0).offset();
            w = operands.get(1).floats();
            wBase = operands.get(1).offset();
            y = output.floats();
            yBase = output.offset();
            finish = epilogue == null ? null : epilogue.new Bound(output, operands.subList(2, operands.size() - 1));
        }

        @Override
        public int tasks(int phase) {
            return images * blocks * tasksOfPlane;
        }

        @Override
        public void run(int phase, int task, int worker) {
            int plane = task / tasksOfPlane;
            part(plane, task % tasksOfPlane, xBase + plane * inPlane, worker);
        }

        /** Task {@code part} of a plane whose input begins at {@code source} of its array. */
        void part(int plane, int part, int source, int worker) {
            int row = part * rowsOfTask;
            rows(plane, source, row, Math.min(vertical.out(), row + rowsOfTask), worker);
        }

        /** Rows {@code row} to {@code rowEnd} of a plane. A stretch has the number of its first row. */
        void rows(int plane, int source, int row, int rowEnd, int worker) {
            for (int from = row; from < rowEnd; from += stretch) {
                int to = Math.min(rowEnd, from + stretch);
                rows(plane, source, from, to);
                if (epilogue != null) {
                    finish.apply(worker, plane / blocks, plane % blocks, from * outRow, (to - from) * outRow);
                }
                if (follow != null) {
                    follow.add(plane / blocks, plane % blocks, from, from * outRow, (to - from) * outRow, worker);
                }
            }
        }

        private void rows(int plane, int source, int from, int to) {
            for (int i = 0; i < kernels.length; i++) {
                int xo = source + chunks.get(i).source() * BLOCK;
                int wo = wBase + plane % blocks * s.kh() * s.kw() * BLOCK;
                int yo = yBase + plane * outPlane + chunks.get(i).first() * BLOCK;
                for (int part = 0; part < BLOCK; part += lanes) {
                    kernels[i].run(x, xo + part, xStep, table, from, to, w, wo + part, wStep, y, yo + part, outRow);
                }
            }
        }
    }
}
