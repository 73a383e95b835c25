package hoag.kernels.cpu;

import java.util.EnumMap;
import java.util.Map;

/**
 * Writes the transforms of {@link Winograd} as bytecode (through {@link VectorCode}): input tiles to their 36 positions, 36 positions to
 * output tiles, gradients of output tiles to 36 positions, and 36 positions to the taps of a filter's gradient, 16 channels at a time. Columns first, into a scratch of 36 vectors that stays
 * in L1, then rows; at most 12 operations for six values, most of them multiplications with addition.
 */
final class WinogradKernels {
    /**
     * Transforms {@code count} tiles. Value (i, j) of a tile, 16 floats, is read at {@code from[fo + i * fRow + j * fColumn]} and written at
     * {@code to[at + i * row + j * column]}; a tile later at {@code fTile} and {@code tile} more. 576 floats of {@code s} from {@code so}
     * on are scratch.
     */
    @FunctionalInterface
    interface Transform {
        void run(
                float[] from,
                int fo,
                int fRow,
                int fColumn,
                int fTile,
                float[] to,
                int at,
                int row,
                int column,
                int tile,
                float[] s,
                int so,
                int count);
    }

    enum Kind {
        /** B' d B of a tile of inputs. */
        INPUT(Winograd.IN, Winograd.IN),
        /** A' m A of a tile's 36 positions. */
        OUTPUT(Winograd.IN, Winograd.OUT),
        /** A dy A' of the gradients of a tile of results. */
        GRADIENT(Winograd.OUT, Winograd.IN),
        /** G' m G, the gradient of a filter. */
        TAPS(Winograd.IN, Winograd.TAPS);

        /** Values of a side before the transform. */
        final int from;

        /** Values of a side after it. */
        final int size;

        Kind(int from, int size) {
            this.from = from;
            this.size = size;
        }
    }

    private static final int BLOCK = Tiles.BLOCK;
    private static final Map<Kind, Transform> MADE = new EnumMap<>(Kind.class);

    private WinogradKernels() {}

    static synchronized Transform of(Kind kind) {
        return MADE.computeIfAbsent(kind, Warming::new);
    }

    static Transform emit(Kind kind, int lanes) {
        return VectorCode.implement(Transform.class, lanes, code -> new Writer(kind, lanes, code).write());
    }

    /** Plain code until the emitted code is compiled. */
    private static final class Warming implements Transform {
        private static final int TILES = 4;

        private Transform now;

        Warming(Kind kind) {
            now = new PlainWinograd(kind);
            Transform emitted = emit(kind, Lanes.count());
            float[] from = new float[Winograd.POSITIONS * BLOCK];
            float[] to = new float[Winograd.POSITIONS * BLOCK];
            float[] s = new float[Winograd.POSITIONS * BLOCK];
            double flops = 2.0 * TILES * 12 * (kind.from + kind.size) * BLOCK;
            int row = Winograd.IN * BLOCK;
            Runnable trial = () -> emitted.run(from, 0, row, BLOCK, 0, to, 0, row, BLOCK, 0, s, 0, TILES);
            Warmup.submit(flops, trial, () -> now = emitted);
        }

        @Override
        public void run(
                float[] from,
                int fo,
                int fRow,
                int fColumn,
                int fTile,
                float[] to,
                int at,
                int row,
                int column,
                int tile,
                float[] s,
                int so,
                int count) {
            now.run(from, fo, fRow, fColumn, fTile, to, at, row, column, tile, s, so, count);
        }
    }

    /** Local variables of the method: the arguments of {@link Transform#run}, then what the loops need. */
    private static final class Writer {
        private static final int FROM = 1,
                FO = 2,
                F_ROW = 3,
                F_COLUMN = 4,
                F_TILE = 5,
                TO = 6,
                AT = 7,
                ROW = 8,
                COLUMN = 9,
                TILE = 10,
                S = 11,
                SO = 12,
                COUNT = 13,
                I = 14,
                J = 15,
                LINE = 16,
                PLACE = 17,
                SCRATCH = 18,
                FROM_SIZE = 19,
                SIZE = 20,
                VALUES = 21,
                RESULTS = VALUES + 6,
                EXTRA = RESULTS + 6,
                CONSTANTS = EXTRA + 4;

        private final Kind kind;
        private final int pitch;
        private final int lanes;
        private final VectorCode vectors;

        Writer(Kind kind, int lanes, VectorCode vectors) {
            this.kind = kind;
            pitch = kind.from * BLOCK;
            this.lanes = lanes;
            this.vectors = vectors;
        }

        void write() {
            float[] constants = PlainWinograd.constants(kind);
            for (int i = 0; i < constants.length; i++) {
                vectors.constant(CONSTANTS + i, constants[i]);
            }
            set(FROM_SIZE, kind.from);
            set(SIZE, kind.size);
            set(I, 0);
            vectors.loop(I, COUNT, 1, this::tile);
            vectors.code.return_();
        }

        private void set(int variable, int value) {
            vectors.code.loadConstant(value).istore(variable);
        }

        private void copy(int variable, int other) {
            vectors.code.iload(other).istore(variable);
        }

        private void tile() {
            copy(LINE, FO);
            copy(SCRATCH, SO);
            set(J, 0);
            vectors.loop(J, FROM_SIZE, 1, this::column);
            copy(LINE, AT);
            copy(SCRATCH, SO);
            set(J, 0);
            vectors.loop(J, SIZE, 1, this::row);
            vectors.addInts(FO, FO, F_TILE);
            vectors.addInts(AT, AT, TILE);
        }

        private void column() {
            for (int part = 0; part < BLOCK; part += lanes) {
                copy(PLACE, LINE);
                for (int i = 0; i < kind.from; i++) {
                    vectors.load(VALUES + i, FROM, PLACE, part);
                    vectors.addInts(PLACE, PLACE, F_ROW);
                }
                line();
                for (int i = 0; i < kind.size; i++) {
                    vectors.store(RESULTS + i, S, SCRATCH, i * pitch + part);
                }
            }
            vectors.addInts(LINE, LINE, F_COLUMN);
            vectors.code.iinc(SCRATCH, BLOCK);
        }

        private void row() {
            for (int part = 0; part < BLOCK; part += lanes) {
                for (int j = 0; j < kind.from; j++) {
                    vectors.load(VALUES + j, S, SCRATCH, j * BLOCK + part);
                }
                line();
                copy(PLACE, LINE);
                for (int j = 0; j < kind.size; j++) {
                    vectors.store(RESULTS + j, TO, PLACE, part);
                    vectors.addInts(PLACE, PLACE, COLUMN);
                }
            }
            vectors.addInts(LINE, LINE, ROW);
            vectors.code.iinc(SCRATCH, pitch);
        }

        private void line() {
            switch (kind) {
                case INPUT -> input();
                case OUTPUT -> output();
                case GRADIENT -> gradient();
                case TAPS -> taps();
            }
        }

        /** As {@link PlainWinograd#input}. */
        private void input() {
            int d = VALUES, r = RESULTS, c = CONSTANTS, t = EXTRA;
            vectors.fma(t, d + 2, c, d + 4);
            vectors.fma(r, d, c + 1, t);
            vectors.fma(t, d + 3, c, d + 5);
            vectors.fma(r + 5, d + 1, c + 1, t);
            pair(d, r + 1, c + 2, c + 3);
            pair(d, r + 3, c + 5, c + 6);
        }

        private void pair(int d, int result, int square, int point) {
            vectors.fma(EXTRA, d + 2, square, d + 4);
            vectors.fma(EXTRA + 1, d + 1, square, d + 3);
            vectors.fma(result, EXTRA + 1, point, EXTRA);
            vectors.fma(result + 1, EXTRA + 1, point + 1, EXTRA);
        }

        /** Sums and differences of the values at a point and at its opposite. */
        private void sums(int m, int t) {
            vectors.binary("add", t, m + 1, m + 2);
            vectors.binary("sub", t + 1, m + 1, m + 2);
            vectors.binary("add", t + 2, m + 3, m + 4);
            vectors.binary("sub", t + 3, m + 3, m + 4);
        }

        /** As {@link PlainWinograd#output}. */
        private void output() {
            int m = VALUES, r = RESULTS, c = CONSTANTS, t = EXTRA;
            sums(m, t);
            vectors.binary("add", r, m, t);
            vectors.binary("add", r, r, t + 2);
            vectors.binary("mul", r + 1, t + 1, c);
            vectors.fma(r + 1, t + 3, c + 1, r + 1);
            vectors.binary("mul", r + 2, t, c + 2);
            vectors.fma(r + 2, t + 2, c + 3, r + 2);
            vectors.fma(r + 3, t + 1, c + 4, m + 5);
            vectors.fma(r + 3, t + 3, c + 5, r + 3);
        }

        /** As {@link PlainWinograd#gradient}. */
        private void gradient() {
            int d = VALUES, r = RESULTS, c = CONSTANTS, t = EXTRA;
            vectors.code.aload(d).astore(r);
            vectors.code.aload(d + 3).astore(r + 5);
            for (int point = 0; point < 2; point++, r += 2, c += 3) {
                vectors.fma(t, d + 2, c, d);
                vectors.fma(t + 1, d + 3, c, d + 1);
                vectors.fma(r + 1, t + 1, c + 1, t);
                vectors.fma(r + 2, t + 1, c + 2, t);
            }
        }

        /** As {@link PlainWinograd#taps}. */
        private void taps() {
            int m = VALUES, r = RESULTS, c = CONSTANTS, t = EXTRA;
            sums(m, t);
            vectors.binary("mul", r, m, c);
            vectors.fma(r, t, c + 1, r);
            vectors.fma(r, t + 2, c + 4, r);
            vectors.binary("mul", r + 1, t + 1, c + 2);
            vectors.fma(r + 1, t + 3, c + 5, r + 1);
            vectors.fma(r + 2, t, c + 3, m + 5);
            vectors.fma(r + 2, t + 2, c + 6, r + 2);
        }
    }
}
