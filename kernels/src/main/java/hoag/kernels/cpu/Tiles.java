package hoag.kernels.cpu;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes the micro-kernels of convolutions and products as bytecode, one hidden class for each {@link Key} (through {@link VectorCode}), for the vectors of this
 * machine (16, 8 or 4 lanes; a block of 16 channels is 1, 2 or 4 vectors).
 *
 * <p>The idea: one loop over k and nothing else; every accumulator is a local variable; an offset table says where the k-th operand
 * lies, and the pixels of a tile stand a constant apart, so that each broadcast address is one register plus a constant. 1x1, k x k,
 * strided convolutions and products differ only in the table.
 *
 * <p>Lost: an index by shift and mask instead of the table (29.9 against 28.1 ms for all 1x1 of EfficientNet-B0); one base register for
 * each pixel (6x4: 71 against 98 % of peak, C2 spills); unrolling over k (64-95 %); 14x2 (C2 keeps an accumulator on the stack, 28 % of
 * peak where that slot crosses a page). Measured on a Xeon of the Sapphire Rapids class, 16 lanes, in cache: 12x2, 9x3, 6x4 97-98 % of
 * the FMA peak of 230 GFLOP/s a thread.
 */
final class Tiles {
    /** @param step floats between neighbouring pixels of x */
    record Key(int pixels, int blocks, int step, boolean accumulate) {}

    static final int BLOCK = 16;

    private static final Map<Key, Tile> MADE = new ConcurrentHashMap<>();

    private Tiles() {}

    /** A tile and its number of pixels. */
    record Sized(Tile tile, int pixels, int blocks) {
        @Override
        public String toString() {
            return "tile " + pixels + "x" + blocks;
        }
    }

    /** Pixels of the tiles in use, by blocks of output channels; fewer where a block is several vectors. Few kinds: each costs some 40 ms of C2. */
    private static final int[][] PIXELS = {{}, {14, 7, 4, 1}, {12, 7, 4, 1}, {9, 7, 4, 1}};

    private static final int[] NARROW_PIXELS = {6, 4, 2, 1};

    /** The largest tiles on this machine, for one, two and three blocks of output channels. */
    static String largest() {
        return java.util.stream.IntStream.rangeClosed(1, 3)
                .mapToObj(blocks -> pixels(blocks)[0] + "x" + blocks)
                .collect(
                        java.util.stream.Collectors.joining(", ", "tiles up to ", " (pixels x blocks of 16 channels)"));
    }

    private static int[] pixels(int blocks) {
        return Lanes.count() < BLOCK ? NARROW_PIXELS : PIXELS[blocks];
    }

    /** The tile that passes over a stretch of pixels soonest, if the last one may overlap the one before; it is never longer than the stretch. */
    static Sized best(int length, int blocks, int step) {
        int best = 1;
        for (int pixels : pixels(blocks)) {
            if (pixels <= length && cost(length, blocks, pixels) < cost(length, blocks, best)) {
                best = pixels;
            }
        }
        return new Sized(tile(best, blocks, step, false), best, blocks);
    }

    /** Multiplications for each k, and three more for what a tile costs beside. */
    private static int cost(int length, int blocks, int pixels) {
        return (length + pixels - 1) / pixels * (pixels * blocks + 3);
    }

    static Tile tile(int pixels, int blocks, int step, boolean accumulate) {
        return MADE.computeIfAbsent(new Key(pixels, blocks, step, accumulate), Warming::new);
    }

    /** Plain code until the emitted code is compiled. */
    private static final class Warming implements Tile {
        private static final int STEPS = 8;
        /** Calls of a trial, so that the clock's own 20 to 40 ns do not hide how fast a small tile is. */
        private static final int CALLS = 8;

        /** Multiplications, counted as {@link Worth} does. */
        private static final long WORTH = 200_000_000;

        private final Worth worth;
        private final int each;
        private Tile now;

        Warming(Key key) {
            now = new ScalarTile(key);
            each = key.pixels * key.blocks * BLOCK;
            worth = new Worth(WORTH, () -> warm(key));
        }

        private void warm(Key key) {
            Tile emitted = emit(key, Lanes.count());
            float[] x = new float[key.pixels * key.step];
            float[] w = new float[STEPS * key.blocks * BLOCK];
            float[] y = new float[key.pixels * key.blocks * BLOCK];
            int[] of = new int[STEPS];
            double flops = 2.0 * CALLS * key.pixels * w.length;
            Runnable trial = () -> {
                for (int i = 0; i < CALLS; i++) {
                    emitted.run(x, 0, of, w, 0, y, 0, key.blocks * BLOCK, BLOCK, 0, STEPS);
                }
            };
            Warmup.submit(flops, trial, () -> now = emitted);
        }

        @Override
        public void run(
                float[] x, int xo, int[] of, float[] w, int wo, float[] y, int yo, int ldy, int bsy, int k0, int k1) {
            worth.count((long) (k1 - k0) * each);
            now.run(x, xo, of, w, wo, y, yo, ldy, bsy, k0, k1);
        }
    }

    static Tile emit(Key key, int lanes) {
        return VectorCode.implement(Tile.class, lanes, code -> new Writer(key, lanes, code).write());
    }

    /** Local variables of the method: the arguments of {@link Tile#run}, then what the loop needs. */
    private static final class Writer {
        private static final int X = 1,
                XO = 2,
                OF = 3,
                W = 4,
                WO = 5,
                Y = 6,
                YO = 7,
                LDY = 8,
                BSY = 9,
                K = 10,
                END = 11,
                A = 12,
                B = 13,
                FIRST = 14;

        private final Key key;
        private final int lanes;
        private final int columns;
        private final VectorCode vectors;

        Writer(Key key, int lanes, VectorCode vectors) {
            this.key = key;
            this.lanes = lanes;
            this.columns = key.blocks * BLOCK / lanes;
            this.vectors = vectors;
        }

        void write() {
            for (int i = 0; i < key.pixels * columns; i++) {
                vectors.zero(FIRST + i);
            }
            vectors.loop(K, END, 1, this::oneStep);
            for (int pixel = 0; pixel < key.pixels; pixel++) {
                for (int column = 0; column < columns; column++) {
                    store(pixel, column);
                }
            }
            vectors.code.return_();
        }

        private int sum(int pixel, int column) {
            return FIRST + pixel * columns + column;
        }

        private int weight(int column) {
            return FIRST + key.pixels * columns + column;
        }

        /** a = xo + of[k]; b = wo + k * blocks * 16; one multiplication for each accumulator. */
        private void oneStep() {
            vectors.addElement(A, XO, OF, K, 0);
            vectors.code
                    .iload(WO)
                    .iload(K)
                    .loadConstant(key.blocks * BLOCK)
                    .imul()
                    .iadd()
                    .istore(B);
            for (int column = 0; column < columns; column++) {
                vectors.load(weight(column), W, B, column * lanes);
            }
            int value = weight(columns);
            for (int pixel = 0; pixel < key.pixels; pixel++) {
                vectors.broadcast(value, X, A, pixel * key.step);
                for (int column = 0; column < columns; column++) {
                    vectors.fma(sum(pixel, column), value, weight(column));
                }
            }
        }

        private void store(int pixel, int column) {
            vectors.code.iload(YO).iload(LDY).loadConstant(pixel).imul().iadd();
            vectors.code
                    .iload(BSY)
                    .loadConstant(column * lanes / BLOCK)
                    .imul()
                    .iadd()
                    .istore(A);
            if (key.accumulate) {
                vectors.addTo(sum(pixel, column), Y, A, column * lanes % BLOCK);
            } else {
                vectors.store(sum(pixel, column), Y, A, column * lanes % BLOCK);
            }
        }
    }
}
