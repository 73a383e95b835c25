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
import java.util.Collections;
import java.util.List;

/**
 * The wide part of an inverted bottleneck, plane by plane: a dense convolution (mostly 1x1) makes some planes of 16 channels in its worker's scratch,
 * a depthwise convolution turns them into its result, and the sums that squeeze and excite wants are taken on the way. So the widest tensors of a network
 * never exist in memory. The dense convolution, or the sums, may be missing.
 *
 * <p>A task is one panel of one image; without the dense convolution it is a task of {@link CpuDepthwise}. Where the panel's planes would not leave room
 * for the rest in L2 they are made in strips of rows; what the next strip reads again is moved to the front.
 *
 * <p>Measured by {@code hoag explain efficientnet_b0 --task infer --batch 16} on a Xeon of the Sapphire Rapids class, 2 threads: the whole network 88.6 ms
 * without chains and with a slower sigmoid, 74.8 with both, 70.0 with strips; expand 16 to 96 at 112x112 and its depthwise layer 12.1 ms in three launches,
 * 9.9 with planes of one block made whole, 7.8 with three blocks in strips. The workspace is half as large.
 */
final class CpuChain implements Launch {
    /** Floats of a task's planes between that are made whole: 1 MB, half of L2; else strips of so many floats. */
    private static final int WHOLE = 256 * 1024;

    private static final int STRIP = 96 * 1024;
    /** Pixels: a strip of one row must not be shorter than a tile. */
    private static final int LONGEST_TILE = 14;
    /** Tasks below which panels are cut into single blocks. */
    private static final int ENOUGH = 16;
    /** Results of the second phase that make a task. */
    private static final int PER_TASK = 64;

    private final Kernel.Conv2d dense;
    private final Kernel.Conv2d depth;
    private final CpuConv2dDense first;
    private final CpuDepthwise second;
    private final CpuPlaneSums sums;
    private final List<Integer> widths;
    private final int images;
    /** Rows of the result that are made at once, and floats of a row and of a plane between. */
    private final int strip;

    private final int row;
    private final int plane;

    CpuChain(Kernel.Chain chain, Wish wish) {
        dense = dense(chain);
        depth = depthwise(chain);
        images = depth.shape().n();
        second = new CpuDepthwise(depth, Lanes.count());
        widths = dense == null ? List.of() : widths(dense);
        first = dense == null ? null : new CpuConv2dDense(dense, wish, widths);
        Conv2dShape s = depth.shape();
        row = s.w() * Tiles.BLOCK;
        strip = strip(s, widths.isEmpty() ? 1 : Collections.max(widths));
        int rows = strip == s.oh() ? s.h() : Math.min(s.h(), reach(s) + (strip - 1) * s.strideH());
        plane = rows * row % 1024 == 0 && rows < s.h() ? rows * row + Tiles.BLOCK : rows * row;
        sums = chain.links().getLast() instanceof Kernel.Reduce reduce
                ? new CpuPlaneSums(reduce, dense == null ? second.tasksOfPlane() : 1)
                : null;
    }

    private static Kernel.Conv2d dense(Kernel.Chain chain) {
        return chain.links().getFirst() instanceof Kernel.Conv2d conv
                        && !conv.shape().depthwise()
                ? conv
                : null;
    }

    private static Kernel.Conv2d depthwise(Kernel.Chain chain) {
        return (Kernel.Conv2d) chain.links().get(dense(chain) == null ? 0 : 1);
    }

    /** Rows that one row of the result reads. */
    private static int reach(Conv2dShape s) {
        return (s.kh() - 1) * s.dilationH() + 1;
    }

    private static int strip(Conv2dShape s, int width) {
        int ofRow = width * s.w() * Tiles.BLOCK;
        return s.h() * ofRow <= WHOLE || s.w() < LONGEST_TILE
                ? s.oh()
                : Math.clamp((STRIP / ofRow - reach(s)) / s.strideH() + 1, 1, s.oh());
    }

    private static List<Integer> widths(Kernel.Conv2d dense) {
        int k = dense.shape().k();
        List<Integer> widths = FilterPanels.widths(k);
        return dense.shape().n() * widths.size() < ENOUGH ? Collections.nCopies(FilterPanels.blocks(k), 1) : widths;
    }

    /** Whether the links are [dense convolution,] depthwise convolution [, sum over its pixels]. */
    static boolean takes(Kernel.Chain chain, boolean exact) {
        List<Kernel> links = chain.links();
        int at = 0;
        if (links.getFirst() instanceof Kernel.Conv2d conv && !conv.shape().depthwise()) {
            at = 1;
            boolean fits = conv.pass() == Kernel.Pass.FORWARD
                    && conv.shape().groups() == 1
                    && conv.shape().oh() * conv.shape().ow() > 1
                    && (exact || !WinogradPlan.chosen(DenseGeometry.of(conv)));
            if (!fits) {
                return false;
            }
        }
        boolean sums = links.getLast() instanceof Kernel.Reduce reduce && CpuPlaneSums.takes(reduce);
        return links.size() == at + (sums ? 2 : 1)
                && links.size() > 1
                && chain.kept() == (sums ? 2 : 1)
                && links.get(at) instanceof Kernel.Conv2d conv
                && conv.shape().depthwise()
                && conv.pass() == Kernel.Pass.FORWARD;
    }

    static Wish wish(Kernel.Chain chain, List<Layout> offered) {
        Kernel.Conv2d dense = dense(chain);
        Wish depth = CpuDepthwise.wish(depthwise(chain), List.of());
        List<Layout> inputs = new ArrayList<>(depth.inputs());
        if (dense != null) {
            inputs.removeFirst();
            inputs.addAll(0, CpuConv2dDense.wish(dense, offered, widths(dense)).inputs());
        }
        List<Layout> outputs = new ArrayList<>(depth.outputs());
        if (chain.links().getLast() instanceof Kernel.Reduce reduce) {
            outputs.add(reduce.space().dim(0) > 1 ? Layout.BLOCKED : Layout.PLAIN);
        }
        return new Wish(inputs, outputs);
    }

    @Override
    public String algorithm() {
        return (first == null ? "" : first.tile() + " > ") + second.algorithm() + (sums == null ? "" : " > sums");
    }

    private int copied() {
        return first == null ? 0 : first.scratchOfWorker();
    }

    private int between() {
        return first == null ? 0 : Collections.max(widths) * plane;
    }

    private int ofWorker() {
        return copied() + between() + CpuPlaneSums.ofWorker();
    }

    private int slots() {
        return sums == null ? 0 : sums.slots();
    }

    @Override
    public long scratch(int workers) {
        return slots() + (long) workers * ofWorker();
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, scratch);
    }

    /** Scratch: the slots of the sums, then for each worker what is copied, the planes between, and one slot. */
    private final class Bound implements Work {
        private final CpuConv2dDense.Bound make;
        private final CpuDepthwise.Bound filter;
        private final CpuPlaneSums.Bound sum;
        private final float[] memory;
        private final int ofWorker = ofWorker();
        private final int base;
        private final int blocks = FilterPanels.blocks(depth.shape().c());
        private final int[] firstBlocks = new int[widths.size() + 1];

        Bound(List<Buffer> operands, Buffer scratch) {
            int inputs =
                    depth.inputs().size() + (dense == null ? 0 : dense.inputs().size() - 1);
            Buffer result = operands.get(inputs);
            memory = scratch.floats();
            base = scratch.offset() + slots();
            sum = sums == null
                    ? null
                    : sums
                    .new Bound(
                            result,
                            operands.getLast(),
                            scratch.floats(),
                            scratch.offset(),
                            base + copied() + between(),
                            ofWorker);
            List<Buffer> rest = new ArrayList<>(operands.subList(0, inputs));
            if (dense == null) {
                make = null;
            } else {
                List<Buffer> mine =
                        new ArrayList<>(rest.subList(0, dense.inputs().size()));
                mine.add(scratch);
                make = first.new Bound(mine, scratch, plane);
                rest.subList(0, dense.inputs().size()).clear();
                rest.addFirst(scratch);
            }
            rest.add(result);
            filter = second.new Bound(rest, sum);
            for (int i = 0; i < widths.size(); i++) {
                firstBlocks[i + 1] = firstBlocks[i] + widths.get(i);
            }
        }

        @Override
        public int phases() {
            return sum == null ? 1 : 2;
        }

        @Override
        public int tasks(int phase) {
            if (phase == 1) {
                return (sums.planes() + PER_TASK - 1) / PER_TASK;
            }
            return make == null ? filter.tasks(0) : images * widths.size();
        }

        @Override
        public void run(int phase, int task, int worker) {
            if (phase == 1) {
                for (int p = task * PER_TASK, end = Math.min(sums.planes(), p + PER_TASK); p < end; p++) {
                    sum.combine(p);
                }
            } else if (make == null) {
                filter.run(0, task, worker);
            } else {
                panel(task / widths.size(), task % widths.size(), worker);
            }
        }

        private void panel(int image, int panel, int worker) {
            Conv2dShape s = depth.shape();
            int copy = base + worker * ofWorker;
            int between = copy + copied();
            int made = 0;
            int kept = 0;
            for (int from = 0; from < s.oh(); from += strip) {
                int to = Math.min(s.oh(), from + strip);
                int need = Math.clamp(from * s.strideH() - s.top(), 0, s.h());
                int end = strip == s.oh() // then all rows, read or not: the tile was chosen for them
                        ? s.h()
                        : Math.clamp((to - 1) * s.strideH() - s.top() + reach(s), need, s.h());
                move(panel, between, need - kept, made - need);
                kept = need;
                int row0 = between - kept * row;
                if (end > Math.max(made, need)) {
                    make.panelRows(image, panel, Math.max(made, need), end, worker, copy, row0);
                    made = end;
                }
                for (int block = firstBlocks[panel]; block < firstBlocks[panel + 1]; block++) {
                    int source = row0 + (block - firstBlocks[panel]) * plane;
                    filter.rows(image * blocks + block, 0, 0, source, from, to, worker);
                }
            }
        }

        /** Brings {@code count} rows from row {@code by} of each plane to its front. */
        private void move(int panel, int between, int by, int count) {
            for (int i = 0; by > 0 && count > 0 && i < widths.get(panel); i++) {
                int at = between + i * plane;
                System.arraycopy(memory, at + by * row, memory, at, count * row);
            }
        }
    }
}
