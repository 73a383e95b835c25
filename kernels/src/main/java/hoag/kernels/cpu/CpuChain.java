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
 * a depthwise convolution turns them into its result, and a {@link Follower} may take the sums that squeeze and excite wants. So the widest tensors of a
 * network never exist in memory.
 *
 * <p>A task is one panel of one image. Where the panel's planes would not leave room for the rest in L2 they are made in strips of rows; what the next
 * strip reads again is moved to the front.
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

    private final Kernel.Conv2d dense;
    private final Kernel.Conv2d depth;
    private final CpuConv2dDense first;
    private final CpuDepthwise second;
    private final Follower follower;
    private final List<Integer> widths;
    private final int images;
    /** Rows of the result that are made at once, and floats of a row and of a plane between. */
    private final int strip;

    private final int row;
    private final int plane;

    CpuChain(Kernel.Chain chain, Wish wish) {
        dense = (Kernel.Conv2d) chain.links().getFirst();
        depth = (Kernel.Conv2d) chain.links().get(1);
        images = depth.shape().n();
        second = new CpuDepthwise(depth, Lanes.count());
        widths = widths(dense);
        first = new CpuConv2dDense(dense, wish, widths);
        Conv2dShape s = depth.shape();
        row = s.w() * Tiles.BLOCK;
        strip = strip(s, Collections.max(widths));
        int rows = strip == s.oh() ? s.h() : Math.min(s.h(), reach(s) + (strip - 1) * s.strideH());
        plane = rows * row % 1024 == 0 && rows < s.h() ? rows * row + Tiles.BLOCK : rows * row;
        follower = chain.links().size() == 3 ? Follower.of(chain.links().getLast(), second.rows()) : null;
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

    /** Whether the links are a dense and a depthwise convolution, and perhaps a follower. */
    static boolean takes(Kernel.Chain chain, boolean exact) {
        List<Kernel> links = chain.links();
        return links.size() > 1
                && links.size() < 4
                && chain.kept() == links.size() - 1
                && links.getFirst() instanceof Kernel.Conv2d dense
                && links.get(1) instanceof Kernel.Conv2d depth
                && dense.pass() == Kernel.Pass.FORWARD
                && CpuFollowed.dense(dense, exact)
                && depth.shape().depthwise()
                && depth.pass() == Kernel.Pass.FORWARD
                && (links.size() == 2 || Follower.takes(links.getLast()));
    }

    static Wish wish(Kernel.Chain chain, List<Layout> offered) {
        Kernel.Conv2d dense = (Kernel.Conv2d) chain.links().getFirst();
        Wish depth = CpuDepthwise.wish((Kernel.Conv2d) chain.links().get(1), List.of());
        List<Layout> inputs = new ArrayList<>(
                CpuConv2dDense.wish(dense, offered, widths(dense)).inputs());
        inputs.addAll(depth.inputs().subList(1, depth.inputs().size()));
        List<Layout> outputs = new ArrayList<>(depth.outputs());
        if (chain.links().size() == 3) {
            inputs.addAll(Follower.inputs(chain.links().getLast()));
            outputs.addAll(Follower.outputs(chain.links().getLast()));
        }
        return new Wish(inputs, outputs);
    }

    @Override
    public String algorithm() {
        return first.tile() + " > " + second.algorithm() + (follower == null ? "" : " > " + follower.name());
    }

    private int between() {
        return Collections.max(widths) * plane;
    }

    private int ofWorker() {
        return first.scratchOfWorker() + between();
    }

    private int slots() {
        return follower == null ? 0 : follower.slots();
    }

    @Override
    public long scratch(int workers) {
        return slots() + (long) workers * ofWorker();
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, scratch);
    }

    /** Scratch: the follower's slots, then for each worker what is copied and the planes between. */
    private final class Bound implements Work {
        private final CpuConv2dDense.Bound make;
        private final CpuDepthwise.Bound filter;
        private final Follower.Bound follow;
        private final float[] memory;
        private final int ofWorker = ofWorker();
        private final int base;
        private final int blocks = FilterPanels.blocks(depth.shape().c());
        private final int[] firstBlocks = new int[widths.size() + 1];

        Bound(List<Buffer> operands, Buffer scratch) {
            int ofDense = dense.inputs().size();
            int ofDepth = ofDense + depth.inputs().size() - 1;
            memory = scratch.floats();
            base = scratch.offset() + slots();
            follow = follower == null ? null : follower.bind(follower.own(operands, ofDepth), memory, scratch.offset());
            List<Buffer> makes = new ArrayList<>(operands.subList(0, ofDense));
            makes.add(scratch);
            make = first.new Bound(makes, scratch, plane, null);
            List<Buffer> filters = new ArrayList<>(List.of(scratch));
            filters.addAll(operands.subList(ofDense, ofDepth));
            filters.add(operands.get(operands.size() - 1 - (follower == null ? 0 : follower.results())));
            filter = second.new Bound(filters, follow);
            for (int i = 0; i < widths.size(); i++) {
                firstBlocks[i + 1] = firstBlocks[i] + widths.get(i);
            }
        }

        @Override
        public int phases() {
            return follow == null ? 1 : 2;
        }

        @Override
        public int tasks(int phase) {
            return phase == 0 ? images * widths.size() : follow.tasks();
        }

        @Override
        public void run(int phase, int task, int worker) {
            if (phase == 0) {
                panel(task / widths.size(), task % widths.size(), worker);
            } else {
                follow.join(task);
            }
        }

        private void panel(int image, int panel, int worker) {
            Conv2dShape s = depth.shape();
            int copy = base + worker * ofWorker;
            int between = copy + first.scratchOfWorker();
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
                    filter.rows(image * blocks + block, source, from, to, worker);
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
