package hoag.galaxy.map;

import hoag.galaxy.learn.Progress;
import hoag.kernels.ConfigException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * t-distributed stochastic neighbour embedding in the plane (van der Maaten and Hinton 2008), far points taken together (van der Maaten 2014, theta
 * 0.5), from components scaled to a deviation of 1e-4 and with the step of Belkina et al. 2019. The result does not depend on threads.
 *
 * @param perplexity about how many neighbours count, 2..500
 * @param epochs rounds, 1..100,000; 0 for 750, of which the first third is under exaggeration
 */
public record Tsne(double perplexity, int epochs) {
    private static final int ROUNDS = 750;
    private static final double EXAGGERATION = 12;
    private static final double THETA2 = 0.25;
    private static final int PIECE = 256;

    /** @throws ConfigException when a value is out of its range */
    public Tsne {
        if (!(perplexity >= 2 && perplexity <= 500)) {
            throw new ConfigException("--perplexity " + perplexity + " is not allowed; it must be 2..500");
        }
        if (epochs < 0 || epochs > 100_000) {
            throw new ConfigException("--epochs " + epochs + " is not allowed; it must be 0 (by itself) to 100,000");
        }
    }

    /** How many nearest others of each of so many points are needed: three times the perplexity. */
    public int neighbours(int points) {
        return (int) Math.min(points - 1, Math.ceil(3 * perplexity));
    }

    /**
     * Places for points whose nearest others are known.
     *
     * @param start (points, 2) where they are at first but for the scale, such as their first two components
     * @param halfway where it goes on if it was stopped
     * @return (points, 2)
     * @throws Stopped when the progress says so
     */
    public float[][] fit(Knn knn, float[][] start, Halfway halfway, Progress progress) {
        float weight = 0.5f / knn.size();
        Links links = Links.both(knn, Perplexity.of(knn, perplexity), (there, back) -> weight * (there + back));
        return new Motion(links, start).run(epochs == 0 ? ROUNDS : epochs, halfway, progress);
    }

    private static final class Motion {
        private final Links links;
        private final int n;
        private final double rate;
        private final double[] at;
        private final double[] speed;
        private final double[] gains;
        private final double[] away;
        private final double[] sums;

        Motion(Links links, float[][] start) {
            this.links = links;
            n = links.size();
            rate = Math.max(50, n / EXAGGERATION / 4) * 4; // the gradient below is without its factor 4
            at = scaled(start);
            speed = new double[2 * n];
            gains = new double[2 * n];
            Arrays.fill(gains, 1);
            away = new double[2 * n];
            sums = new double[n];
        }

        private static double[] scaled(float[][] start) {
            float[][] places = Start.of(start, 0);
            double square = 0;
            double mean = 0;
            for (float[] place : places) {
                mean += place[0] / places.length;
            }
            for (float[] place : places) {
                square += (place[0] - mean) * (place[0] - mean) / places.length;
            }
            double scale = 1e-4 / Math.sqrt(square);
            double[] at = new double[2 * places.length];
            for (int i = 0; i < places.length; i++) {
                at[2 * i] = scale * places[i][0];
                at[2 * i + 1] = scale * places[i][1];
            }
            return at;
        }

        float[][] run(int rounds, Halfway halfway, Progress progress) {
            Halfway.Stand stand = halfway.begin(state());
            for (int i = 0; i < 3; i++) {
                System.arraycopy(
                        stand.state(), 2 * n * i, List.of(at, speed, gains).get(i), 0, 2 * n);
            }
            for (int round = stand.round(); round < rounds; round++) {
                halfway.at(progress, "map", "rounds", round, rounds, this::state);
                boolean early = round < rounds / 3;
                round(early ? EXAGGERATION : 1, early ? 0.5 : 0.8);
            }
            float[][] places = new float[n][];
            for (int i = 0; i < n; i++) {
                places[i] = new float[] {(float) at[2 * i], (float) at[2 * i + 1]};
            }
            return places;
        }

        /** Places, speeds, gains. */
        private double[] state() {
            double[] state = Arrays.copyOf(at, 6 * n);
            System.arraycopy(speed, 0, state, 2 * n, 2 * n);
            System.arraycopy(gains, 0, state, 4 * n, 2 * n);
            return state;
        }

        private void round(double exaggeration, double momentum) {
            Quadtree tree = new Quadtree(at);
            pieces(piece -> {
                double[] three = new double[3];
                for (int i = piece * PIECE; i < Math.min(n, (piece + 1) * PIECE); i++) {
                    int point = tree.along(i);
                    tree.repel(at[2 * point], at[2 * point + 1], THETA2, three);
                    away[2 * point] = three[0];
                    away[2 * point + 1] = three[1];
                    sums[point] = three[2];
                }
            });
            double all = 0;
            for (double each : sums) {
                all += each;
            }
            double scale = 1 / Math.max(Double.MIN_NORMAL, all);
            pieces(piece -> {
                for (int i = piece * PIECE; i < Math.min(n, (piece + 1) * PIECE); i++) {
                    speed(i, exaggeration, scale, momentum);
                }
            });
            move();
        }

        private void pieces(java.util.function.IntConsumer work) {
            IntStream.range(0, Math.ceilDiv(n, PIECE)).parallel().forEach(work);
        }

        private void speed(int point, double exaggeration, double scale, double momentum) {
            double dx = 0;
            double dy = 0;
            for (int e = links.start()[point]; e < links.start()[point + 1]; e++) {
                int to = links.to()[e];
                double x = at[2 * point] - at[2 * to];
                double y = at[2 * point + 1] - at[2 * to + 1];
                double pull = links.weight()[e] / (1 + x * x + y * y);
                dx += pull * x;
                dy += pull * y;
            }
            step(2 * point, exaggeration * dx - scale * away[2 * point], momentum);
            step(2 * point + 1, exaggeration * dy - scale * away[2 * point + 1], momentum);
        }

        private void step(int axis, double gradient, double momentum) {
            gains[axis] = speed[axis] * gradient < 0 ? gains[axis] + 0.2 : Math.max(0.01, 0.8 * gains[axis]);
            speed[axis] = momentum * speed[axis] - rate * gains[axis] * gradient;
        }

        private void move() {
            double x = 0;
            double y = 0;
            for (int i = 0; i < 2 * n; i += 2) {
                at[i] += speed[i];
                at[i + 1] += speed[i + 1];
                x += at[i] / n;
                y += at[i + 1] / n;
            }
            for (int i = 0; i < 2 * n; i += 2) {
                at[i] -= x;
                at[i + 1] -= y;
            }
        }
    }
}
