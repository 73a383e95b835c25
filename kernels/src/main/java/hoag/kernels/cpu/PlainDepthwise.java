package hoag.kernels.cpu;

import hoag.kernels.cpu.DepthwiseAxis.Pattern;
import hoag.kernels.cpu.DepthwiseAxis.Term;
import java.util.Arrays;

/** What {@link DepthwiseKernels} emits, bit for bit, in plain Java: it serves until C2 has compiled the emitted code. */
final class PlainDepthwise {
    private static final int BLOCK = Tiles.BLOCK;

    private PlainDepthwise() {}

    record Rows(Pattern pattern, int lanes) implements DepthwiseKernels.Rows {
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
            for (int r = row; r < rowEnd; r++) {
                int to = yo + r * yStep;
                for (int place = 0; place < pattern.places(); place++) {
                    Arrays.fill(y, to + place * BLOCK, to + place * BLOCK + lanes, 0);
                }
                for (int t = 0, n = rows[3 * r + 2]; t < n; t++) {
                    tap(x, xo + rows[3 * r] + t * xStep, w, wo + rows[3 * r + 1] + t * wStep, y, to);
                }
            }
        }

        private void tap(float[] x, int xi, float[] w, int wi, float[] y, int yi) {
            for (Term term : pattern.terms()) {
                multiplyAdd(
                        x, xi + term.source() * BLOCK, w, wi + term.tap() * BLOCK, y, yi + term.place() * BLOCK, lanes);
            }
        }
    }

    record Sums(Pattern pattern, int lanes) implements DepthwiseKernels.Sums {
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
            int sets = DepthwiseKernels.sets(pattern);
            int taps = pattern.taps();
            float[] t = new float[sets * taps * lanes];
            for (int r = 0; r < rowEnd - row; r++) {
                for (Term term : pattern.terms()) {
                    int to = (term.place() % sets * taps + term.tap()) * lanes;
                    multiplyAdd(
                            x,
                            xo + r * xStep + term.source() * BLOCK,
                            dy,
                            yo + r * yStep + term.place() * BLOCK,
                            t,
                            to,
                            lanes);
                }
            }
            for (int tap = 0; tap < taps; tap++) {
                for (int set = 1; set < sets; set++) {
                    add(t, (set * taps + tap) * lanes, t, tap * lanes, lanes);
                }
                add(t, tap * lanes, sums, so + tap * BLOCK, lanes);
            }
        }
    }

    static void multiplyAdd(float[] a, int ao, float[] b, int bo, float[] to, int toOffset, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            to[toOffset + lane] = Math.fma(a[ao + lane], b[bo + lane], to[toOffset + lane]);
        }
    }

    static void add(float[] from, int fromOffset, float[] to, int toOffset, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            to[toOffset + lane] += from[fromOffset + lane];
        }
    }
}
