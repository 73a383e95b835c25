package hoag.kernels.cpu;

import hoag.kernels.Expr;
import hoag.kernels.cpu.Loops.Kind;
import java.util.List;

/**
 * Numbers from which mean and variance of pieces are joined. An eighth of a piece is read for its mean, rounded to a float; then the piece, for the
 * distances from that number and their squares, which correct it. Pieces are joined in float64, in order (Chan, Golub and LeVeque 1979). So a mean of 1000
 * with a spread of 1 loses nothing, at the price of one pass through memory: the mean of an eighth is within 7 variances of all in the square (as it has a
 * part in them), which costs the distances three bits at most.
 */
final class MomentPieces {
    /** Of a piece: means, sums of distances, sums of their squares. */
    static final int NUMBERS = 3 * Partials.SIZE;

    private static final int FIRST = Partials.SIZE;
    private static final int SECOND = 2 * Partials.SIZE;
    /** Floats of a longer piece whose mean the distances start from. */
    private static final int SOME = 512;

    private final boolean blocked;
    private final Loop sum;
    private final Loop distances;

    /** @param blocked whether lanes are channels; else a piece has one mean */
    MomentPieces(boolean blocked) {
        this.blocked = blocked;
        Expr x = Expr.in(0);
        sum = Loops.roughSum(List.of(x), List.of(Kind.STREAM));
        Expr distance = x.minus(Expr.in(1));
        distances = Loops.roughSum(
                List.of(distance, distance.square()), List.of(Kind.STREAM, blocked ? Kind.LANES : Kind.SCALAR));
    }

    /** Tied to its memory. */
    final class Bound {
        private final float[][] sumArrays;
        private final float[][] distanceArrays;
        private final float[] partial;
        private final PerWorker offsets = new PerWorker(4);

        Bound(float[] x, float[] partial) {
            this.partial = partial;
            sumArrays = new float[][] {x, partial};
            distanceArrays = new float[][] {x, partial, partial, partial};
        }

        /** Takes {@code length} floats from {@code from} on, and leaves {@link #NUMBERS} from {@code to} on. */
        void piece(int from, int length, int to, int worker) {
            int[] at = offsets.of(worker);
            at[0] = from;
            at[1] = to;
            int some = length < 4 * SOME ? length : SOME;
            sum.run(sumArrays, at, some);
            means(to, some);
            at[2] = to + FIRST;
            at[3] = to + SECOND;
            distances.run(distanceArrays, at, length);
        }

        private void means(int at, int length) {
            if (blocked) {
                float share = 16f / length;
                for (int lane = at; lane < at + 16; lane++) {
                    partial[lane] = (partial[lane] + partial[lane + 16]) * share;
                }
            } else {
                partial[at] = (float) (Partials.sum(partial, at) / length);
            }
        }

        private double first(int at, int lane) {
            return blocked ? Partials.lane(partial, at + FIRST, lane) : Partials.sum(partial, at + FIRST);
        }

        private double second(int at, int lane) {
            return blocked ? Partials.lane(partial, at + SECOND, lane) : Partials.sum(partial, at + SECOND);
        }

        /** The mean of the {@code n} numbers of a piece, or of one of its channels. */
        double mean(int at, int lane, double n) {
            return partial[at + lane] + first(at, lane) / n;
        }

        /** The sum of their squared distances from that mean. */
        double squared(int at, int lane, double n) {
            double first = first(at, lane);
            return second(at, lane) - first * first / n;
        }
    }
}
