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
 * elements. All of a row are sorted by their elements' bytes, the lowest first; the first few of many are found with a heap of {@code count},
 * whose top is the worst that is still kept: one comparison for most elements. Neither allocates in a run, as {@link Arrays#sort(long[])} does.
 */
final class CpuOrder implements Launch {
    private static final int MOST_WORKERS = 1024;

    private static final int DIGIT_BITS = 8;
    private static final int DIGITS = 1 << DIGIT_BITS;
    /** Of the highest byte: keys are signed. */
    private static final int SIGN = DIGITS / 2;

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
        return new Bound(operands.get(0), operands.get(1));
    }

    /** What a worker sorts in, made when it gets its first row. */
    private static final class Room {
        private final long[] keys;
        private final long[] others;
        private final int[] places = new int[DIGITS];

        Room(int keys, int others) {
            this.keys = new long[keys];
            this.others = new long[others];
        }
    }

    private final class Bound implements Work {
        private final Buffer in;
        private final Buffer out;
        private final Room[] rooms = new Room[MOST_WORKERS];

        Bound(Buffer in, Buffer out) {
            this.in = in;
            this.out = out;
        }

        @Override
        public int tasks(int phase) {
            return kernel.count() == 0 ? 0 : kernel.rows();
        }

        @Override
        public void run(int phase, int row, int worker) {
            if (rooms[worker] == null) {
                rooms[worker] = heap ? new Room(kernel.count(), 0) : new Room(kernel.length(), kernel.length());
            }
            Room room = rooms[worker];
            int from = in.offset() + row * kernel.length();
            if (heap) {
                best(in.floats(), from, kernel.length(), room.keys, flip());
            } else {
                all(in.floats(), from, room.keys, flip());
                sort(room);
            }
            int count = kernel.count();
            int to = out.offset() + row * count;
            for (int i = 0; i < count; i++) {
                out.floats()[to + i] = (int) room.keys[i];
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

    /** By the bytes of the elements from the lowest; keys of the same byte keep their order, and columns rise from the start. */
    private static void sort(Room room) {
        long[] from = room.keys;
        long[] to = room.others;
        for (int shift = Integer.SIZE; shift < Long.SIZE; shift += DIGIT_BITS) {
            int flip = shift == Long.SIZE - DIGIT_BITS ? SIGN : 0;
            count(from, shift, flip, room.places);
            for (long key : from) {
                to[room.places[digit(key, shift, flip)]++] = key;
            }
            long[] sorted = to;
            to = from;
            from = sorted;
        }
    }

    /** Where the first key of each digit goes. */
    private static void count(long[] keys, int shift, int flip, int[] places) {
        Arrays.fill(places, 0);
        for (long key : keys) {
            places[digit(key, shift, flip)]++;
        }
        for (int digit = 0, place = 0; digit < DIGITS; digit++) {
            int next = place + places[digit];
            places[digit] = place;
            place = next;
        }
    }

    private static int digit(long key, int shift, int flip) {
        return (int) (key >>> shift) & DIGITS - 1 ^ flip;
    }

    /** Leaves in {@code heap} the smallest keys of the row, in order. */
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
        for (int last = count - 1; last > 0; last--) {
            long largest = heap[0];
            heap[0] = heap[last];
            heap[last] = largest;
            sink(heap, 0, last);
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
