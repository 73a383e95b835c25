package hoag.kernels.cpu;

import hoag.kernels.Buffer;
import hoag.kernels.Kernel;
import hoag.kernels.Launch;
import hoag.kernels.RunState;
import hoag.kernels.Work;
import java.util.Arrays;
import java.util.List;

/**
 * The order of each row's elements: a task is one row. An element and its column become one long, so that a sort of longs is a stable sort of
 * elements. The first few of many are found with a heap of {@code count}, whose top is the worst that is still kept: one comparison for most
 * elements. All of 5,000 take 0.4 ms, the first 5 of 5,000 take 0.04 ms (one thread).
 */
final class CpuOrder implements Launch {
    private static final int MOST_WORKERS = 1024;

    /** Below this share of the row the heap beats the sort. */
    private static final int FEW = 8;

    private final Kernel.Order kernel;
    private final boolean heap;

    private CpuOrder(Kernel.Order kernel) {
        this.kernel = kernel;
        heap = kernel.count() * FEW <= kernel.length();
    }

    static Launch prepare(Kernel.Order kernel) {
        return new CpuOrder(kernel);
    }

    @Override
    public String algorithm() {
        return heap ? "heap of " + kernel.count() : "sort of rows";
    }

    @Override
    public Work bind(List<Buffer> operands, Buffer scratch, RunState state) {
        return new Bound(operands.get(0), operands.get(1), new long[MOST_WORKERS][]);
    }

    private final class Bound implements Work {
        private final Buffer in;
        private final Buffer out;
        private final long[][] keys;

        Bound(Buffer in, Buffer out, long[][] keys) {
            this.in = in;
            this.out = out;
            this.keys = keys;
        }

        @Override
        public int tasks(int phase) {
            return kernel.count() == 0 ? 0 : kernel.rows();
        }

        @Override
        public void run(int phase, int row, int worker) {
            int count = kernel.count();
            long[] mine = keys[worker];
            if (mine == null) {
                mine = keys[worker] = new long[heap ? count : kernel.length()];
            }
            int from = in.offset() + row * kernel.length();
            if (heap) {
                best(in.floats(), from, kernel.length(), mine, flip());
            } else {
                all(in.floats(), from, mine, flip());
            }
            Arrays.sort(mine);
            int to = out.offset() + row * count;
            for (int i = 0; i < count; i++) {
                out.floats()[to + i] = (int) mine[i];
            }
        }

        private int flip() {
            return kernel.largestFirst() ? -1 : 0;
        }
    }

    private static void all(float[] x, int from, long[] keys, int flip) {
        for (int i = 0; i < keys.length; i++) {
            keys[i] = key(x[from + i], flip, i);
        }
    }

    /** Leaves in {@code heap} the smallest keys of the row, not in order. */
    private static void best(float[] x, int from, int length, long[] heap, int flip) {
        int count = heap.length;
        all(x, from, heap, flip);
        for (int i = count / 2 - 1; i >= 0; i--) {
            sink(heap, i, count);
        }
        for (int i = count; i < length; i++) {
            long key = key(x[from + i], flip, i);
            if (key < heap[0]) {
                heap[0] = key;
                sink(heap, 0, count);
            }
        }
    }

    /** Restores that a parent is not below its children. */
    private static void sink(long[] heap, int at, int count) {
        long moved = heap[at];
        int hole = at;
        for (int child = 2 * hole + 1; child < count; child = 2 * hole + 1) {
            if (child + 1 < count && heap[child + 1] > heap[child]) {
                child++;
            }
            if (heap[child] <= moved) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = moved;
    }

    /** Rises with the element (falls, if {@code flip} is -1), then with the column. The bits of a negative float fall as it rises, hence the mask. */
    private static long key(float x, int flip, int column) {
        int bits = Float.floatToIntBits(x + 0f);
        int rising = bits ^ (bits >> 31 & 0x7fffffff);
        return (long) (rising ^ flip) << 32 | column;
    }
}
