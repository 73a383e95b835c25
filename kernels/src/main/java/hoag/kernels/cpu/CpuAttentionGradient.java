package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Buffer;
import hoag.kernels.Expr;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Fold;
import hoag.kernels.Kernel.Slice;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The gradient of {@link CpuAttention}, a head at a time, in scratch that stays in L2. As there, scores and what belongs to them lie turned, [block of 16
 * queries][key][16 queries]. For some blocks of queries: scores from keys and turned queries, their softmax P, dP from values and turned gradients, the sum of P dP over the
 * keys, dS = scale P (dP - sum) in the place of dP, dQ from dS and panels of keys. Then, with P and dS of all queries at hand, dV and dK: sums over all queries in
 * registers, so that nothing is added up in memory.
 *
 * <p>A task is a head of a batch item; its bits do not depend on who runs it.
 */
final class CpuAttentionGradient implements Launch {
    private static final int BLOCK = Tiles.BLOCK;
    /** Floats of P and dS together that a head may have: 8 MiB. Beyond them the products run one by one. */
    private static final long MOST = 2L << 20;

    private final Kernel.AttentionGradient gradient;
    private final Kernel.Attention kernel;
    private final List<Integer> widths;
    private final int pitch;
    private final ScoreProduct score;
    private final ScoreProduct weightUps;
    private final LaneSoftmax softmax;
    private final Loop dot;
    private final Loop scoreUps;
    private final LaneProduct queryUps;
    private final KeyProduct keyUps;
    private final KeyProduct valueUps;
    private final Parts parts;

    CpuAttentionGradient(Kernel.AttentionGradient gradient) {
        this.gradient = gradient;
        kernel = gradient.of();
        widths = FilterPanels.widths(kernel.queries());
        pitch = ScoreProduct.pitch(kernel.keys());
        score = new ScoreProduct(kernel.keys(), kernel.width(), widths, pitch);
        weightUps = new ScoreProduct(kernel.keys(), kernel.out(), widths, pitch);
        softmax = new LaneSoftmax(kernel.scores());
        Expr product = Expr.in(0).times(Expr.in(1));
        dot = Loops.fold(List.of(product), LaneSoftmax.STREAMS, Fold.SUM);
        Expr scaled = Expr.in(0).times(Expr.in(1).minus(Expr.in(2))).times(gradient.scale());
        scoreUps = Loops.map(List.of(scaled), LaneSoftmax.AND_LANES);
        queryUps = new LaneProduct(kernel.keys(), kernel.width());
        keyUps = new KeyProduct(kernel.queries(), kernel.keys(), kernel.width(), pitch);
        valueUps = new KeyProduct(kernel.queries(), kernel.keys(), kernel.out(), pitch);
        parts = new Parts();
    }

    /** If the scores' formula goes in float32 and a head fits. */
    static boolean takes(Kernel.AttentionGradient gradient) {
        Kernel.Attention of = gradient.of();
        return CpuAttention.takes(of) && 2L * of.keys() * FilterPanels.blocks(of.queries()) * BLOCK <= MOST;
    }

    static Wish wish(Kernel.AttentionGradient gradient) {
        List<Layout> inputs = new ArrayList<>(CpuAttention.wish(gradient.of()).inputs());
        inputs.add(Layout.PLAIN);
        return new Wish(inputs, CpuBackend.plain(gradient).outputs());
    }

    @Override
    public String algorithm() {
        return score + " > softmax > five products of a head";
    }

    /** Where each part of a worker's scratch begins. */
    private final class Parts {
        private int floats;

        private final int keyRows = next(ProductRows.floats(kernel.keys(), kernel.width()));
        private final int valueRows = next(ProductRows.floats(kernel.keys(), kernel.out()));
        private final int keyPanels = next(kernel.keys() * FilterPanels.blocks(kernel.width()) * BLOCK);
        private final int queryPanels = next(kernel.queries() * FilterPanels.blocks(kernel.width()) * BLOCK);
        private final int upPanels = next(kernel.queries() * FilterPanels.blocks(kernel.out()) * BLOCK);
        private final int turnedQueries = next(kernel.width() * Collections.max(widths) * BLOCK);
        private final int turnedUps = next(kernel.out() * Collections.max(widths) * BLOCK);
        private final int weights = next(pitch * FilterPanels.blocks(kernel.queries()));
        private final int ups = next(pitch * FilterPanels.blocks(kernel.queries()));
        private final int partials = next(2 * Partials.SIZE);
        private final int temporary =
                next(Math.max(queryUps.scratch(), Math.max(keyUps.scratch(), valueUps.scratch())));

        private int next(int size) {
            int at = floats;
            floats += DenseChunks.ceil(size, BLOCK) * BLOCK;
            return at;
        }
    }

    @Override
    public long scratch(int workers) {
        return (long) workers * parts.floats;
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, scratch);
    }

    private final class Bound implements Work {
        private final float[][] in;
        private final float[][] out = new float[3][];
        private final int[] base;
        private final int[] to = new int[3];
        private final int up = kernel.inputs().size();
        private final float[] s;
        private final int scratch;
        private final float[][] biased;
        private final float[][] arrays;
        private final PerWorker offsets = new PerWorker(4);

        Bound(List<Buffer> operands, Buffer memory) {
            in = operands.stream().map(Buffer::floats).toArray(float[][]::new);
            base = operands.stream().mapToInt(Buffer::offset).toArray();
            List<Buffer> results = operands.subList(up + 1, operands.size());
            for (int i = 0; i < 3; i++) {
                Buffer result = results.get(results.size() == 1 ? 0 : i);
                out[i] = result.floats();
                to[i] = result.offset();
            }
            s = memory.floats();
            scratch = memory.offset();
            biased = new float[][] {s, kernel.biased() ? in[3] : s, s, s};
            arrays = new float[][] {s, s, s, s};
        }

        @Override
        public int tasks(int phase) {
            return kernel.batch() * kernel.heads();
        }

        @Override
        public void run(int phase, int task, int worker) {
            int head = task % kernel.heads();
            int item = task / kernel.heads();
            int mine = scratch + worker * parts.floats;
            copy(item, head, mine);
            int block = 0;
            for (int i = 0; i < widths.size(); i++) {
                panel(item, head, block, widths.get(i), mine, worker);
                block += widths.get(i);
            }
            int at = mine + parts.temporary;
            int keys = to[1] + gradient.dk().at(item, head);
            int values = to[2] + gradient.dv().at(item, head);
            keyUps.run(
                    s,
                    mine + parts.ups,
                    mine + parts.queryPanels,
                    out[1],
                    keys,
                    gradient.dk().token(),
                    at);
            valueUps.run(
                    s,
                    mine + parts.weights,
                    mine + parts.upPanels,
                    out[2],
                    values,
                    gradient.dv().token(),
                    at);
        }

        /** What serves all queries. */
        private void copy(int item, int head, int mine) {
            int q = base[0] + kernel.q().at(item, head);
            int k = base[1] + kernel.k().at(item, head);
            int v = base[2] + kernel.v().at(item, head);
            int dy = base[up] + gradient.up().at(item, head);
            int keys = kernel.keys();
            int queries = kernel.queries();
            HeadCopies.rows(in[1], k, kernel.k().token(), keys, kernel.width(), s, mine + parts.keyRows);
            HeadCopies.rows(in[2], v, kernel.v().token(), keys, kernel.out(), s, mine + parts.valueRows);
            HeadCopies.panels(in[1], k, kernel.k().token(), keys, kernel.width(), s, mine + parts.keyPanels);
            HeadCopies.panels(in[0], q, kernel.q().token(), queries, kernel.width(), s, mine + parts.queryPanels);
            HeadCopies.panels(in[up], dy, gradient.up().token(), queries, kernel.out(), s, mine + parts.upPanels);
        }

        /** P, dS and dQ of some blocks of queries. */
        private void panel(int item, int head, int first, int width, int mine, int worker) {
            int weights = mine + parts.weights + first * pitch;
            int ups = mine + parts.ups + first * pitch;
            turned(0, kernel.q(), item, head, first, width, kernel.width(), mine + parts.turnedQueries);
            score.run(s, mine + parts.keyRows, mine + parts.turnedQueries, width, weights);
            turned(up, gradient.up(), item, head, first, width, kernel.out(), mine + parts.turnedUps);
            weightUps.run(s, mine + parts.valueRows, mine + parts.turnedUps, width, ups);
            for (int block = 0; block < width; block++) {
                int bias = kernel.biased() ? base[3] + CpuAttention.bias(kernel, item, head, first + block) : 0;
                scoreUps(weights + block * pitch, bias, ups + block * pitch, mine + parts.partials, worker);
                int query = (first + block) * BLOCK;
                queryUps.run(
                        s,
                        ups + block * pitch,
                        mine + parts.keyPanels,
                        Math.min(BLOCK, kernel.queries() - query),
                        out[0],
                        to[0]
                                + gradient.dq().at(item, head)
                                + query * gradient.dq().token(),
                        gradient.dq().token(),
                        mine + parts.temporary);
            }
        }

        private void turned(int operand, Slice of, int item, int head, int first, int width, int elements, int at) {
            int query = first * BLOCK;
            HeadCopies.turned(
                    in[operand],
                    base[operand] + of.at(item, head) + query * of.token(),
                    of.token(),
                    Math.min(width * BLOCK, kernel.queries() - query),
                    elements,
                    s,
                    at,
                    width * BLOCK);
        }

        /** One block's scores to P, and its dP to dS. */
        private void scoreUps(int weights, int bias, int ups, int partials, int worker) {
            int[] at = offsets.of(worker);
            at[0] = weights;
            at[1] = bias;
            at[2] = partials;
            at[3] = weights;
            softmax.run(biased, at, kernel.keys());
            at[1] = ups;
            dot.run(arrays, at, kernel.keys() * BLOCK);
            for (int lane = 0; lane < BLOCK; lane++) {
                s[partials + lane] = (float) Partials.lane(s, partials, lane);
            }
            at[3] = ups;
            scoreUps.run(arrays, at, kernel.keys() * BLOCK);
        }
    }
}
