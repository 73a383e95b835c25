package hoag.kernels.cpu;

import hoag.kernels.Backend.Wish;
import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Kernel.Slice;
import hoag.kernels.Launch;
import hoag.kernels.Layout;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Attention, some blocks of 16 queries at a time, in scratch that stays in L2: their scores are made turned, [key][16 queries], so that the softmax goes along lanes
 * (a fold for the largest, a formula, a fold for the sum) and the weights are the left factor of the second product as they lie.
 *
 * <p>A task is a head of a batch item, or a part of its queries where there are few; each copies its head's keys to rows 16 floats apart ({@link ProductRows})
 * and its values to panels of two blocks. The sums of the weights run in float32 with what rounding takes. A bias is wanted in blocks of 16 queries, which
 * is how the scores lie.
 */
final class CpuAttention implements Launch {
    private static final int BLOCK = Tiles.BLOCK;
    /** Tasks below which a head's queries are cut. */
    private static final int WANTED_TASKS = 6;

    private final Kernel.Attention kernel;
    private final List<Integer> widths;
    private final int parts;
    private final int outBlocks;
    private final int pitch;

    private final ScoreProduct score;
    private final LaneSoftmax softmax;
    private final LaneProduct mix;

    CpuAttention(Kernel.Attention kernel) {
        this.kernel = kernel;
        widths = FilterPanels.widths(kernel.queries());
        int tasks = kernel.batch() * kernel.heads();
        parts = Math.min(widths.size(), DenseChunks.ceil(WANTED_TASKS, tasks));
        outBlocks = FilterPanels.blocks(kernel.out());
        pitch = ScoreProduct.pitch(kernel.keys());
        score = new ScoreProduct(kernel.keys(), kernel.width(), widths, pitch);
        softmax = new LaneSoftmax(kernel.scores());
        mix = new LaneProduct(kernel.keys(), kernel.out());
    }

    /** If the scores' formula goes in float32. */
    static boolean takes(Kernel.Attention kernel) {
        return Loops.vectorised(List.of(kernel.scores()));
    }

    static Wish wish(Kernel.Attention kernel) {
        Wish plain = CpuBackend.plain(kernel);
        if (!kernel.biased()) {
            return plain;
        }
        List<Layout> inputs = new ArrayList<>(plain.inputs());
        inputs.set(3, Layout.BLOCKED);
        return new Wish(inputs, plain.outputs());
    }

    /** Where in the blocked bias that of a block of queries is, [key][16] as its scores. */
    static int bias(Kernel.Attention kernel, int item, int head, int block) {
        int number = (item * kernel.heads() + head) % kernel.inputs().get(3).dim(0);
        int blocks = FilterPanels.blocks(kernel.queries());
        return (number * blocks + block) * kernel.keys() * BLOCK;
    }

    @Override
    public String algorithm() {
        return score + " > softmax > " + mix;
    }

    private int keyFloats() {
        return ProductRows.floats(kernel.keys(), kernel.width());
    }

    private int valueFloats() {
        return kernel.keys() * outBlocks * BLOCK;
    }

    private int queryFloats() {
        return kernel.width() * Collections.max(widths) * BLOCK;
    }

    private int scoreFloats() {
        return pitch * Collections.max(widths);
    }

    private int ofWorker() {
        return keyFloats() + valueFloats() + queryFloats() + scoreFloats() + 2 * Partials.SIZE + mix.scratch();
    }

    @Override
    public long scratch(int workers) {
        return (long) workers * ofWorker();
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands, scratch);
    }

    private final class Bound implements Work {
        private final float[] q;
        private final float[] k;
        private final float[] v;
        private final float[] y;
        private final float[] s;
        private final int[] bases;
        private final int scratch;
        private final float[][] arrays;
        private final PerWorker offsets = new PerWorker(4);

        Bound(List<Buffer> operands, Buffer memory) {
            q = operands.get(0).floats();
            k = operands.get(1).floats();
            v = operands.get(2).floats();
            y = operands.getLast().floats();
            bases = operands.stream().mapToInt(Buffer::offset).toArray();
            s = memory.floats();
            scratch = memory.offset();
            arrays = new float[][] {s, kernel.biased() ? operands.get(3).floats() : s, s, s};
        }

        @Override
        public int tasks(int phase) {
            return kernel.batch() * kernel.heads() * parts;
        }

        @Override
        public void run(int phase, int task, int worker) {
            int part = task % parts;
            int head = task / parts % kernel.heads();
            int item = task / parts / kernel.heads();
            int keys = scratch + worker * ofWorker();
            int values = keys + keyFloats();
            Slice of = kernel.k();
            HeadCopies.rows(k, bases[1] + of.at(item, head), of.token(), kernel.keys(), kernel.width(), s, keys);
            of = kernel.v();
            HeadCopies.panels(v, bases[2] + of.at(item, head), of.token(), kernel.keys(), kernel.out(), s, values);
            int from = widths.size() * part / parts;
            int to = widths.size() * (part + 1) / parts;
            int block = widths.subList(0, from).stream().mapToInt(w -> w).sum();
            for (int panel = from; panel < to; panel++) {
                panel(item, head, block, widths.get(panel), keys, worker);
                block += widths.get(panel);
            }
        }

        private void panel(int item, int head, int firstBlock, int width, int keys, int worker) {
            int values = keys + keyFloats();
            int turned = values + valueFloats();
            int scores = turned + queryFloats();
            int partials = scores + scoreFloats();
            int query = firstBlock * BLOCK;
            Slice of = kernel.q();
            HeadCopies.turned(
                    q,
                    bases[0] + of.at(item, head) + query * of.token(),
                    of.token(),
                    Math.min(width * BLOCK, kernel.queries() - query),
                    kernel.width(),
                    s,
                    turned,
                    width * BLOCK);
            score.run(s, keys, turned, width, scores);
            for (int block = 0; block < width; block++) {
                int bias = kernel.biased() ? bases[3] + bias(kernel, item, head, firstBlock + block) : 0;
                softmax(scores + block * pitch, bias, partials, worker);
                mix(item, head, query + block * BLOCK, scores + block * pitch, values, partials + 2 * Partials.SIZE);
            }
        }

        /** Scores [key][16] of a block of queries to weights, in place. */
        private void softmax(int scores, int bias, int partials, int worker) {
            int[] at = offsets.of(worker);
            at[0] = scores;
            at[1] = bias;
            at[2] = partials;
            at[3] = scores;
            softmax.run(arrays, at, kernel.keys());
        }

        /** Weights [key][16] times values: up to 16 rows of the result. */
        private void mix(int item, int head, int query, int weights, int values, int temporary) {
            int pitch = kernel.heads() * kernel.out();
            int result = bases[bases.length - 1]
                    + ((item * kernel.queries() + query) * kernel.heads() + head) * kernel.out();
            int count = Math.min(BLOCK, kernel.queries() - query);
            mix.run(s, weights, values, count, y, result, pitch, temporary);
        }
    }
}
