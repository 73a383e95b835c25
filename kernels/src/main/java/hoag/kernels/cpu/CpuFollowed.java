package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Pass;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.ArrayList;
import java.util.List;

/**
 * A convolution, or its data gradient, and what a {@link Follower} computes of its result: the statistics of BatchNorm behind a convolution, the sums that
 * its gradient needs behind a data gradient, the sums of squeeze and excite. What is made is not read from memory again for them.
 *
 * <p>Measured on a Xeon of the Sapphire Rapids class, 2 threads, in a training step of EfficientNet-B0 by 16 ({@code hoag bench --launches, --listen}): it moves
 * 6.3 GB instead of 7.0 and was 1.03 times as fast in turns (median of 12, 0.81 to 1.13). Lost: following small tensors too (5.9 GB, 0.95 times as fast,
 * median of 6): a stretch of 49 pixels is mostly overhead.
 */
final class CpuFollowed implements Launch {
    /** Floats that are followed: 10 MB, more than the cores' own caches hold. */
    private static final int LEAST = 2_500_000;

    private final Kernel.Conv2d kernel;
    private final CpuDepthwise depthwise;
    private final CpuConv2dDense dense;
    private final Follower follower;

    CpuFollowed(Kernel.Chain chain, Wish wish) {
        kernel = (Kernel.Conv2d) chain.links().getFirst();
        depthwise = kernel.shape().depthwise() ? new CpuDepthwise(kernel, Lanes.count()) : null;
        dense = depthwise == null ? new CpuConv2dDense(kernel, wish) : null;
        follower = Follower.of(chain.links().getLast(), dense == null ? depthwise.rows() : dense.stretches());
    }

    /** Whether the links are those, and what is made is not in a cache anyway when it is read for the second time; squeeze and excite's sums always. */
    static boolean takes(Kernel.Chain chain, boolean exact) {
        return is(chain, exact)
                && (chain.outputs().getFirst().size() >= LEAST
                        || chain.links().getFirst() instanceof Kernel.Conv2d conv
                                && conv.shape().depthwise()
                                && conv.pass() == Pass.FORWARD
                                && chain.links().getLast() instanceof Kernel.Reduce);
    }

    /** Whether the links are a convolution or data gradient, and a follower. */
    static boolean is(Kernel.Chain chain, boolean exact) {
        return chain.links().size() == 2
                && chain.kept() == 2
                && chain.links().getFirst() instanceof Kernel.Conv2d conv
                && conv.pass() != Pass.FILTER
                && (conv.shape().depthwise() || dense(conv, exact))
                && Follower.takes(chain.links().getLast());
    }

    /** Whether {@link CpuConv2dDense} makes it, more than a pixel of each image. */
    static boolean dense(Kernel.Conv2d conv, boolean exact) {
        return conv.shape().groups() == 1
                && !DenseGeometry.of(conv).onePixel()
                && (exact || !WinogradPlan.chosen(DenseGeometry.of(conv)));
    }

    static Wish wish(Kernel.Chain chain, List<Layout> offered) {
        Kernel.Conv2d conv = (Kernel.Conv2d) chain.links().getFirst();
        Kernel last = chain.links().getLast();
        Wish maker = conv.shape().depthwise() ? CpuDepthwise.wish(conv, offered) : CpuConv2dDense.wish(conv, offered);
        List<Layout> inputs = new ArrayList<>(maker.inputs());
        inputs.addAll(Follower.inputs(last));
        List<Layout> outputs = new ArrayList<>(maker.outputs());
        outputs.addAll(Follower.outputs(last));
        return new Wish(inputs, outputs);
    }

    @Override
    public String algorithm() {
        return (dense == null ? depthwise.algorithm() : dense.algorithm()) + " > " + follower.name();
    }

    @Override
    public long scratch(int workers) {
        return follower.slots() + (dense == null ? 0 : dense.scratch(workers));
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, scratch);
    }

    private final class Bound implements Work {
        private final Work maker;
        private final Follower.Bound follow;

        /** Scratch: the follower's slots, then the convolution's. */
        Bound(List<Buffer> operands, Buffer scratch) {
            int made = kernel.inputs().size();
            follow = follower.bind(follower.own(operands, made), scratch.floats(), scratch.offset());
            List<Buffer> makes = new ArrayList<>(operands.subList(0, made));
            makes.add(operands.get(operands.size() - 1 - follower.results()));
            int slots = follower.slots();
            maker = dense == null
                    ? depthwise.new Bound(makes, follow)
                    : dense.new Bound(makes, scratch.slice(slots, scratch.length() - slots), follow);
        }

        @Override
        public int phases() {
            return 2;
        }

        @Override
        public int tasks(int phase) {
            return phase == 0 ? maker.tasks(0) : follow.tasks();
        }

        @Override
        public void run(int phase, int task, int worker) {
            if (phase == 0) {
                maker.run(0, task, worker);
            } else {
                follow.join(task);
            }
        }
    }
}
