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
import hoag.kernels.cpu.Loops.Kind;
import java.util.ArrayList;
import java.util.Arrays;
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
    private final int rows = Lanes.count() < BLOCK ? 4 : 8;
    private final int columns = Lanes.count() < BLOCK ? 1 : 2;
    private final int outBlocks;
    /** Floats from a block's scores to the next block's: no multiple of 4 KiB. */
    private final int pitch;

    private final Tiles.Sized[] score;
    private final Tile[] mix;
    private final int[] ofElement;
    private final int[] ofKey;
    private final boolean biased;
    private final Loop top;
    private final Loop weight;
    private final Loop sum;
    private final Loop divide;

    CpuAttention(Kernel.Attention kernel) {
        this.kernel = kernel;
        widths = FilterPanels.widths(kernel.queries());
        int tasks = kernel.batch() * kernel.heads();
        parts = Math.min(widths.size(), DenseChunks.ceil(WANTED_TASKS, tasks));
        outBlocks = FilterPanels.blocks(kernel.out());
        pitch = kernel.keys() * BLOCK + (kernel.keys() % 64 == 0 ? BLOCK : 0);
        score = new Tiles.Sized[Collections.max(widths) + 1];
        widths.forEach(width -> score[width] = Tiles.best(kernel.keys(), width, ProductRows.step(false)));
        mix = new Tile[columns + 1];
        for (int panel = 0; panel < outBlocks; panel += columns) {
            int width = Math.min(columns, outBlocks - panel);
            mix[width] = Tiles.tile(rows, width, 1, false);
        }
        ofElement = ProductRows.offsets(false, kernel.keys(), kernel.width());
        ofKey = new int[kernel.keys()];
        Arrays.setAll(ofKey, key -> key * BLOCK);
        biased = kernel.biased();
        // operands of all loops: scores, bias or nothing, a value for each query, result
        List<Kind> streams = List.of(Kind.STREAM, Kind.STREAM);
        List<Kind> andLanes = List.of(Kind.STREAM, Kind.STREAM, Kind.LANES);
        top = Loops.fold(List.of(kernel.scores()), streams, Fold.MAX);
        weight = Loops.map(List.of(kernel.scores().minus(Expr.in(2)).exp()), andLanes);
        sum = Loops.fold(List.of(Expr.in(0)), streams, Fold.SUM);
        divide = Loops.map(List.of(Expr.in(0).times(Expr.in(2))), andLanes);
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

    @Override
    public String algorithm() {
        return score[Collections.max(widths)] + ", turned > softmax > tile " + rows + "x"
                + Math.min(columns, outBlocks);
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
        return keyFloats() + valueFloats() + queryFloats() + scoreFloats() + 2 * Partials.SIZE + rows * columns * BLOCK;
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
            arrays = new float[][] {s, biased ? operands.get(3).floats() : s, s, s};
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
            copyKeys(bases[1] + place(kernel.k(), item, head), keys);
            copyValues(bases[2] + place(kernel.v(), item, head), values);
            int from = widths.size() * part / parts;
            int to = widths.size() * (part + 1) / parts;
            int block = widths.subList(0, from).stream().mapToInt(w -> w).sum();
            for (int panel = from; panel < to; panel++) {
                panel(item, head, block, widths.get(panel), keys, worker);
                block += widths.get(panel);
            }
        }

        private int place(Slice slice, int item, int head) {
            return slice.offset() + item * slice.batch() + head * slice.head();
        }

        private void copyKeys(int from, int to) {
            for (int key = 0; key < kernel.keys(); key++) {
                ProductRows.row(k, from + key * kernel.k().token(), s, to + key * BLOCK, kernel.keys(), kernel.width());
            }
        }

        private void copyValues(int from, int to) {
            for (int panel = 0; panel < outBlocks; panel += columns) {
                int pitch = Math.min(columns, outBlocks - panel) * BLOCK;
                int count = Math.min(pitch, kernel.out() - panel * BLOCK);
                for (int key = 0; key < kernel.keys(); key++, to += pitch) {
                    System.arraycopy(v, from + key * kernel.v().token() + panel * BLOCK, s, to, count);
                    Arrays.fill(s, to + count, to + pitch, 0);
                }
            }
        }

        private void panel(int item, int head, int firstBlock, int width, int keys, int worker) {
            int values = keys + keyFloats();
            int turned = values + valueFloats();
            int scores = turned + queryFloats();
            int partials = scores + scoreFloats();
            int query = firstBlock * BLOCK;
            turnQueries(
                    bases[0]
                            + place(kernel.q(), item, head)
                            + query * kernel.q().token(),
                    Math.min(width * BLOCK, kernel.queries() - query),
                    turned,
                    width * BLOCK);
            Tiles.Sized tile = score[width];
            for (int key = 0; key < kernel.keys(); key += tile.pixels()) {
                int at = Math.min(key, kernel.keys() - tile.pixels());
                tile.tile()
                        .run(
                                s,
                                keys + at * BLOCK,
                                ofElement,
                                s,
                                turned,
                                s,
                                scores + at * BLOCK,
                                BLOCK,
                                pitch,
                                0,
                                kernel.width());
            }
            for (int block = 0; block < width; block++) {
                softmax(scores + block * pitch, bias(item, head, firstBlock + block), partials, worker);
                mix(item, head, query + block * BLOCK, scores + block * pitch, values, partials + 2 * Partials.SIZE);
            }
        }

        /** [query][element] to [element][query], with zeros for queries beyond the last. */
        private void turnQueries(int from, int count, int to, int pitch) {
            int step = kernel.q().token();
            for (int element = 0; element < kernel.width(); element++, to += pitch) {
                for (int query = 0, at = from + element; query < count; query++, at += step) {
                    s[to + query] = q[at];
                }
                Arrays.fill(s, to + count, to + pitch, 0);
            }
        }

        /** Where the bias of a block of queries is, [key][16] as its scores. */
        private int bias(int item, int head, int block) {
            if (!biased) {
                return 0;
            }
            int number = (item * kernel.heads() + head) % kernel.inputs().get(3).dim(0);
            int blocks = FilterPanels.blocks(kernel.queries());
            return bases[3] + (number * blocks + block) * kernel.keys() * BLOCK;
        }

        /** Scores [key][16] of a block of queries to weights, in place. */
        private void softmax(int scores, int bias, int partials, int worker) {
            int[] at = offsets.of(worker);
            at[0] = scores;
            at[1] = bias;
            at[2] = partials;
            at[3] = scores;
            int length = kernel.keys() * BLOCK;
            top.run(arrays, at, length);
            for (int lane = 0; lane < BLOCK; lane++) {
                s[partials + lane] = (float) Partials.lane(s, partials, lane);
            }
            weight.run(arrays, at, length);
            sum.run(arrays, at, length);
            for (int lane = 0; lane < BLOCK; lane++) {
                s[partials + lane] = (float) (1 / Partials.lane(s, partials, lane));
            }
            divide.run(arrays, at, length);
        }

        /** Weights [key][16] times values: up to 16 rows of the result. */
        private void mix(int item, int head, int query, int weights, int values, int temporary) {
            int pitch = kernel.heads() * kernel.out();
            int result = bases[bases.length - 1]
                    + ((item * kernel.queries() + query) * kernel.heads() + head) * kernel.out();
            int count = Math.min(BLOCK, kernel.queries() - query);
            for (int panel = 0; panel < outBlocks; panel += columns) {
                int width = Math.min(columns, outBlocks - panel);
                int filled = Math.min(width * BLOCK, kernel.out() - panel * BLOCK);
                for (int row = 0; row < count; row += rows) {
                    int left = Math.min(rows, count - row);
                    int to = result + row * pitch + panel * BLOCK;
                    if (left == rows && filled == width * BLOCK) {
                        mix[width].run(s, weights + row, ofKey, s, values, y, to, pitch, BLOCK, 0, kernel.keys());
                    } else {
                        mix[width].run(
                                s,
                                weights + row,
                                ofKey,
                                s,
                                values,
                                s,
                                temporary,
                                width * BLOCK,
                                BLOCK,
                                0,
                                kernel.keys());
                        for (int i = 0; i < left; i++) {
                            System.arraycopy(s, temporary + i * width * BLOCK, y, to + i * pitch, filled);
                        }
                    }
                }
                values += kernel.keys() * width * BLOCK;
            }
        }
    }
}
