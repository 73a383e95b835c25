package hoag.galaxy.map;

import hoag.galaxy.learn.Progress;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Moves points by stochastic gradient descent on UMAP's cross entropy. A link that has its turn pulls both its ends by the same, as McInnes' own
 * code does; its first end is pushed away from {@value #LOTS} points drawn by lot. Points move in {@value #TURNS} turns a round, those of one turn
 * all at once from where the others stood before it; what they do to the other ends of their links these sum up, each for itself, when the turn is
 * over. The lots of a point depend on seed, round and point alone: so the result does not depend on threads.
 *
 * <p>That both ends move at the same moment matters. Where each end was pulled in its own turn only, once or twice, maps tore true neighbours apart:
 * continuity .947 to .949 on the thousand galaxies of the tests instead of .956, which is umap-learn's (.955 from a spectral start, .957 from
 * principal components, .955 from places by lot: where points begin matters little).
 */
final class Springs {
    private static final int TURNS = 16;
    private static final int LOTS = 5;
    private static final double CLIP = 4;
    private static final double NEAR = 0.001;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final double a;
    private final double b;
    private final long seed;

    Springs(Falloff falloff, long seed) {
        a = falloff.a();
        b = falloff.b();
        this.seed = seed;
    }

    /** All points under the pull of their links; (points, 2). */
    float[][] settle(Links links, float[][] start, int rounds, Halfway halfway, Progress progress) {
        Halfway.Stand stand = halfway.begin(doubles(flat(start)));
        var moves = new Moves(links.byTurn(TURNS), floats(stand.state()));
        for (int round = stand.round() + 1; round <= rounds; round++) {
            halfway.at(progress, "map", "rounds", round - 1, rounds, () -> doubles(moves.at));
            moves.round(round, 1 - (float) (round - 1) / rounds);
        }
        return pairs(moves.at);
    }

    /** Points under way, and what each link did in its last turn. */
    private final class Moves {
        private final int n;
        private final Links links;
        private final int[] back;
        private final float most;
        private final float[] at;
        private final float[] next;
        private final float[] pulled;
        private final int[] reached;

        /** @param links by the turn of their targets */
        Moves(Links links, float... at) {
            this.links = links;
            this.at = at;
            n = links.size();
            back = links.back(TURNS);
            most = links.most();
            next = new float[at.length];
            pulled = new float[Math.multiplyExact(2, back.length)];
            reached = new int[n];
        }

        void round(int round, float rate) {
            System.arraycopy(links.start(), 0, reached, 0, n);
            for (int turn = 0; turn < TURNS; turn++) {
                int first = turn;
                int count = Math.ceilDiv(n - first, TURNS);
                IntStream.range(0, count).parallel().forEach(i -> move(first + i * TURNS, round, rate));
                for (int i = first; i < n; i += TURNS) {
                    at[2 * i] = next[2 * i];
                    at[2 * i + 1] = next[2 * i + 1];
                }
                IntStream.range(0, n).parallel().forEach(point -> follow(point, first, round));
            }
        }

        private void move(int point, int round, float rate) {
            Mover mover = new Mover(at, point, at[2 * point], at[2 * point + 1], round, rate);
            for (int e = links.start()[point]; e < links.start()[point + 1]; e++) {
                if (due(links.weight()[e] / most, round)) {
                    float x = mover.x;
                    float y = mover.y;
                    mover.pull(links.to()[e]);
                    pulled[2 * e] = mover.x - x;
                    pulled[2 * e + 1] = mover.y - y;
                    mover.push(point);
                }
            }
            next[2 * point] = mover.x;
            next[2 * point + 1] = mover.y;
        }

        /** The other end of links whose first had its turn goes as far the other way. */
        private void follow(int point, int turn, int round) {
            int e = reached[point];
            for (; e < links.start()[point + 1] && links.to()[e] % TURNS == turn; e++) {
                if (due(links.weight()[e] / most, round)) {
                    at[2 * point] -= pulled[2 * back[e]];
                    at[2 * point + 1] -= pulled[2 * back[e] + 1];
                }
            }
            reached[point] = e;
        }
    }

    /** Whether a link of this share of the strongest has its turn: it has so many in so many rounds. */
    private static boolean due(float share, int round) {
        return (long) (share * (double) round) > (long) (share * (double) (round - 1));
    }

    /** New points under the pull of old ones, which stay; (points, 2). */
    float[][] join(Knn knn, float[] weights, float[][] start, float[][] old, int rounds, Progress progress) {
        float[] fixed = flat(old);
        float[][] places = new float[start.length][];
        int piece = 4096;
        for (int from = 0; from < start.length; from += piece) {
            Stopped.at(progress, "new galaxies", from, start.length, "");
            IntStream.range(from, Math.min(start.length, from + piece))
                    .parallel()
                    .forEach(i -> {
                        places[i] = start[i].clone();
                        for (int round = 1; round <= rounds; round++) {
                            float rate = 0.25f * (1 - (float) (round - 1) / rounds);
                            Mover mover = new Mover(fixed, i, places[i][0], places[i][1], round, rate);
                            for (int e = i * knn.k(); e < (i + 1) * knn.k(); e++) {
                                if (due(weights[e], round)) {
                                    mover.pull(knn.rows()[e]);
                                    mover.push(-1);
                                }
                            }
                            places[i][0] = mover.x;
                            places[i][1] = mover.y;
                        }
                    });
        }
        return places;
    }

    /** A point on its way through a round. */
    private final class Mover {
        private final float[] at;
        private final float rate;
        private long lots;
        private float x;
        private float y;

        Mover(float[] at, int point, float x, float y, int round, float rate) {
            this.at = at;
            this.x = x;
            this.y = y;
            this.rate = rate;
            lots = mixed(mixed(seed * GOLDEN + round) + point * GOLDEN);
        }

        void pull(int to) {
            float dx = x - at[2 * to];
            float dy = y - at[2 * to + 1];
            double square = dx * dx + dy * dy;
            if (square > 0) {
                double power = Math.pow(square, b);
                step(-2 * a * b * power / (square * (a * power + 1)), dx, dy);
            }
        }

        void push(int self) {
            int n = at.length / 2;
            for (int lot = 0; lot < LOTS; lot++) {
                lots += GOLDEN;
                int from = (int) ((mixed(lots) >>> 32) * n >>> 32);
                float dx = x - at[2 * from];
                float dy = y - at[2 * from + 1];
                double square = dx * dx + dy * dy;
                if (from != self && square > 0) {
                    step(2 * b / ((NEAR + square) * (a * Math.pow(square, b) + 1)), dx, dy);
                }
            }
        }

        private void step(double strength, float dx, float dy) {
            x += rate * (float) Math.clamp(strength * dx, -CLIP, CLIP);
            y += rate * (float) Math.clamp(strength * dy, -CLIP, CLIP);
        }
    }

    /** Steele, Lea and Flood 2014. */
    private static long mixed(long z) {
        long y = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        y = (y ^ y >>> 27) * 0x94D049BB133111EBL;
        return y ^ y >>> 31;
    }

    private static double[] doubles(float... values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    private static float[] floats(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static float[] flat(float[][] pairs) {
        float[] flat = new float[2 * pairs.length];
        for (int i = 0; i < pairs.length; i++) {
            flat[2 * i] = pairs[i][0];
            flat[2 * i + 1] = pairs[i][1];
        }
        return flat;
    }

    private static float[][] pairs(float[] flat) {
        float[][] pairs = new float[flat.length / 2][];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = new float[] {flat[2 * i], flat[2 * i + 1]};
        }
        return pairs;
    }
}
