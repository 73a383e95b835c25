package hoag.kernels.cpu;

import hoag.kernels.cpu.DepthwiseAxis.Pattern;
import hoag.kernels.cpu.DepthwiseAxis.Term;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes the inner loops of depthwise convolutions for planes of (rows, columns, 16 channels). A kernel does one {@link Pattern}: up to
 * 14 neighbouring pixels of a row for all rows asked for. Taps beyond the left or right edge are left out when the kernel is written,
 * those beyond the top or bottom by a table of rows, so planes need no border and no copy, and at 7x7 a 5x5 filter skips a third of its
 * multiplications.
 *
 * <p>Measured by {@code DepthwiseBench forward data depthwise-filter} (batch 16, two threads of a Xeon of the Sapphire Rapids class, 30 GB/s
 * of memory): all depthwise layers of EfficientNet-B0 7.4 ms forward, 8.0 data gradient, 8.1 filter gradient; those at 112x112 and 56x56
 * wait for memory, 5x5 at 14x14 does 330 GFLOP/s.
 */
final class DepthwiseKernels {
    /** Floats of a pixel. */
    static final int BLOCK = Tiles.BLOCK;

    /** Forward and data gradient. {@code rows} is {@link DepthwiseAxis#table}: for each output row the first input row, filter row, and how many. */
    @FunctionalInterface
    interface Rows {
        void run(
                float[] x,
                int xo,
                int xStep,
                int[] rows,
                int row,
                int rowEnd,
                float[] w,
                int wo,
                int wStep,
                float[] y,
                int yo,
                int yStep);
    }

    /** Filter gradient of one row of the filter: sums[so + tap * 16 + lane] += sum over {@code rows} rows of x * dy. */
    @FunctionalInterface
    interface Sums {
        void run(
                float[] x, int xo, int xStep, float[] dy, int yo, int yStep, int row, int rowEnd, float[] sums, int so);
    }

    private record Key(Pattern pattern, int lanes) {}

    private static final Map<Key, Rows> ROWS = new ConcurrentHashMap<>();
    private static final Map<Key, Sums> SUMS = new ConcurrentHashMap<>();

    private DepthwiseKernels() {}

    /**
     * Pixels worked on at once. 16 lanes come with 32 registers: 14 sums, the filter's row and a pixel fit. Wide filters get fewer, which
     * keeps the method below the size where compilers give up.
     */
    static int pixels(int taps, int lanes) {
        return Math.clamp(140 / taps, 1, lanes == 16 ? 14 : 7);
    }

    static Rows rows(Pattern pattern, int lanes) {
        return ROWS.computeIfAbsent(new Key(pattern, lanes), WarmingRows::new);
    }

    static Sums sums(Pattern pattern, int lanes) {
        return SUMS.computeIfAbsent(new Key(pattern, lanes), WarmingSums::new);
    }

    static Rows emitRows(Pattern pattern, int lanes) {
        return VectorCode.implement(Rows.class, lanes, code -> rows(code, pattern));
    }

    static Sums emitSums(Pattern pattern, int lanes) {
        return VectorCode.implement(Sums.class, lanes, code -> sums(code, pattern));
    }

    /** Sums for each tap, so that one multiplication does not wait for the one before: it takes 4 cycles, and two start in each. */
    static int sets(Pattern pattern) {
        return Math.clamp((9 + pattern.taps() - 1) / pattern.taps(), 1, pattern.places());
    }

    /** Plain code until the emitted code is compiled. */
    private static final class WarmingRows implements Rows {
        /** Multiplications, counted as {@link Worth} does. */
        private static final long WORTH = 40_000_000;

        private final Worth worth;
        private final int row;
        private Rows now;

        WarmingRows(Key key) {
            now = new PlainDepthwise.Rows(key.pattern, key.lanes);
            row = key.pattern.terms().size() * BLOCK;
            worth = new Worth(WORTH, () -> warm(key));
        }

        private void warm(Key key) {
            Pattern pattern = key.pattern;
            Rows emitted = emitRows(pattern, key.lanes);
            float[] x = new float[(pattern.sources() + 1) * BLOCK];
            float[] w = new float[pattern.taps() * BLOCK];
            float[] y = new float[pattern.places() * BLOCK];
            int[] rows = {0, 0, 2, 0, 0, 2};
            double flops = 2.0 * key.lanes * (4 * pattern.terms().size() + 4 * pattern.places());
            Warmup.submit(flops, () -> emitted.run(x, 0, 0, rows, 0, 2, w, 0, 0, y, 0, 0), () -> now = emitted);
        }

        @Override
        public void run(
                float[] x,
                int xo,
                int xStep,
                int[] rows,
                int row,
                int rowEnd,
                float[] w,
                int wo,
                int wStep,
                float[] y,
                int yo,
                int yStep) {
            worth.count((long) (rowEnd - row) * this.row * rows[3 * row + 2]);
            now.run(x, xo, xStep, rows, row, rowEnd, w, wo, wStep, y, yo, yStep);
        }
    }

    /** Plain code until the emitted code is compiled. */
    private static final class WarmingSums implements Sums {
        private Sums now;

        WarmingSums(Key key) {
            Pattern pattern = key.pattern;
            now = new PlainDepthwise.Sums(pattern, key.lanes);
            Sums emitted = emitSums(pattern, key.lanes);
            float[] x = new float[(pattern.sources() + 1) * BLOCK];
            float[] dy = new float[pattern.places() * BLOCK];
            float[] sums = new float[pattern.taps() * BLOCK];
            double flops = 2.0 * key.lanes * (4 * pattern.terms().size() + 4 * pattern.places());
            Warmup.submit(flops, () -> emitted.run(x, 0, 0, dy, 0, 0, 0, 4, sums, 0), () -> now = emitted);
        }

        @Override
        public void run(
                float[] x,
                int xo,
                int xStep,
                float[] dy,
                int yo,
                int yStep,
                int row,
                int rowEnd,
                float[] sums,
                int so) {
            now.run(x, xo, xStep, dy, yo, yStep, row, rowEnd, sums, so);
        }
    }

    private static void rows(VectorCode v, Pattern pattern) {
        final int x = 1,
                xo = 2,
                xStep = 3,
                rows = 4,
                row = 5,
                rowEnd = 6,
                w = 7,
                wo = 8,
                wStep = 9,
                y = 10,
                yo = 11,
                yStep = 12;
        final int xi = 13,
                wi = 14,
                at = 15,
                t = 16,
                count = 17,
                entry = 18,
                pixel = 19,
                sum = 20,
                weight = sum + pattern.places();
        v.code.iload(yo).iload(row).iload(yStep).imul().iadd().istore(at);
        v.loop(row, rowEnd, 1, () -> {
            v.code.iload(row).loadConstant(3).imul().istore(entry);
            v.addElement(xi, xo, rows, entry, 0);
            v.addElement(wi, wo, rows, entry, 1);
            v.code.aload(rows)
                    .iload(entry)
                    .loadConstant(2)
                    .iadd()
                    .iaload()
                    .istore(count)
                    .loadConstant(0)
                    .istore(t);
            for (int i = 0; i < pattern.places(); i++) {
                v.zero(sum + i);
            }
            v.loop(t, count, 1, () -> {
                for (int tap = 0; tap < pattern.taps(); tap++) {
                    v.load(weight + tap, w, wi, tap * BLOCK);
                }
                int loaded = -1;
                for (Term term : pattern.terms()) {
                    if (term.source() != loaded) {
                        loaded = term.source();
                        v.load(pixel, x, xi, loaded * BLOCK);
                    }
                    v.fma(sum + term.place(), pixel, weight + term.tap());
                }
                v.addInts(xi, xi, xStep);
                v.addInts(wi, wi, wStep);
            });
            for (int i = 0; i < pattern.places(); i++) {
                v.store(sum + i, y, at, i * BLOCK);
            }
            v.addInts(at, at, yStep);
        });
        v.code.return_();
    }

    private static void sums(VectorCode v, Pattern pattern) {
        final int x = 1, xo = 2, xStep = 3, dy = 4, yo = 5, yStep = 6, row = 7, rowEnd = 8, sums = 9, so = 10;
        final int pixel = 11, sum = 12;
        int sets = sets(pattern);
        int gradient = sum + sets * pattern.taps();
        for (int i = 0; i < sets * pattern.taps(); i++) {
            v.zero(sum + i);
        }
        v.loop(row, rowEnd, 1, () -> {
            int loaded = -1;
            var have = new boolean[pattern.places()];
            for (Term term : pattern.terms()) {
                if (term.source() != loaded) {
                    loaded = term.source();
                    v.load(pixel, x, xo, loaded * BLOCK);
                }
                if (!have[term.place()]) {
                    have[term.place()] = true;
                    v.load(gradient + term.place(), dy, yo, term.place() * BLOCK);
                }
                v.fma(sum + term.place() % sets * pattern.taps() + term.tap(), pixel, gradient + term.place());
            }
            v.addInts(xo, xo, xStep);
            v.addInts(yo, yo, yStep);
        });
        for (int tap = 0; tap < pattern.taps(); tap++) {
            for (int set = 1; set < sets; set++) {
                v.add(sum + tap, sum + set * pattern.taps() + tap);
            }
            v.addTo(sum + tap, sums, so, tap * BLOCK);
        }
        v.code.return_();
    }
}
