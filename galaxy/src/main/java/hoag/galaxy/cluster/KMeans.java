package hoag.galaxy.cluster;

import hoag.galaxy.learn.Progress;
import hoag.galaxy.map.Halfway;
import hoag.galaxy.map.Stopped;
import hoag.kernels.ConfigException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Centres such that the points are near to one of them (Lloyd 1982), from starts by k-means++ with several candidates for each centre (Arthur and
 * Vassilvitskii 2007); the best of some starts.
 *
 * @param k clusters, 1..10,000
 * @param restarts starts, 1..1000
 * @param seed of the starts
 */
public record KMeans(int k, int restarts, long seed) {
    private static final int ROUNDS = 300;

    /** @throws ConfigException when a value is out of its range */
    public KMeans {
        if (k < 1 || k > 10_000) {
            throw new ConfigException("--k " + k + " is not allowed; it must be 1..10,000 clusters");
        }
        if (restarts < 1 || restarts > 1000) {
            throw new ConfigException("--restarts " + restarts + " is not allowed; it must be 1..1000");
        }
    }

    /**
     * What was found.
     *
     * @param labels (points) 0..k-1
     * @param centres (k, dims)
     * @param inertia sum of the squared distances of points to their centres
     */
    public record Fitted(int[] labels, double[] centres, double inertia) {}

    /**
     * The best of all starts.
     *
     * @throws ConfigException when there are fewer points than clusters
     */
    public Fitted fit(Points points, Progress progress) {
        return fit(points, Halfway.none(), progress);
    }

    /** The same, from where it was when somebody stopped it. */
    Fitted fit(Points points, Halfway halfway, Progress progress) {
        enough(points, k);
        return new Starts(1, restarts, halfway, progress)
                .best(0, seed, (from, stop) -> once(points, from, stop), Fitted::inertia);
    }

    /** One start. */
    Fitted once(Points points, long from, Progress progress) {
        return lloyd(points, start(points, new SplittableRandom(from)), progress);
    }

    static void enough(Points points, int k) {
        if (k > points.size()) {
            throw new ConfigException("--k " + k + " is more than the " + points.size()
                    + " galaxies there are; give 1.." + points.size());
        }
    }

    private double[] start(Points points, SplittableRandom random) {
        int n = points.size();
        int dims = points.dims();
        int tries = 2 + (int) Math.log(k);
        double[] centres = new double[k * dims];
        double[] near = new double[n];
        Arrays.fill(near, Double.POSITIVE_INFINITY);
        take(points, random.nextInt(n), centres, 0, near);
        double[] now = new double[n];
        for (int c = 1; c < k; c++) {
            double[] along = near.clone();
            for (int i = 1; i < n; i++) { // in order: a parallel prefix rounds as there are threads
                along[i] += along[i - 1];
            }
            int chosen = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < tries; i++) {
                int point = Math.min(n - 1, above(along, random.nextDouble() * along[n - 1]));
                double sum = nearer(points, point, near, now);
                if (sum < least) {
                    least = sum;
                    chosen = point;
                }
            }
            take(points, chosen, centres, c, near);
        }
        return centres;
    }

    private static int above(double[] along, double value) {
        int at = Arrays.binarySearch(along, value);
        return at < 0 ? -at - 1 : at;
    }

    private static double nearer(Points points, int centre, double[] near, double[] to) {
        points.each(piece -> {
            for (int i = piece * Points.PIECE; i < points.end(piece); i++) {
                to[i] = Math.min(near[i], points.square(i, points.values(), centre));
            }
        });
        double sum = 0;
        for (double each : to) {
            sum += each;
        }
        return sum;
    }

    private static void take(Points points, int point, double[] centres, int c, double[] near) {
        System.arraycopy(points.values(), point * points.dims(), centres, c * points.dims(), points.dims());
        nearer(points, point, near.clone(), near);
    }

    /** From these centres until nothing changes; a centre that loses all its points goes to the one that is farthest from its own. */
    static Fitted lloyd(Points points, double[] start, Progress progress) {
        int dims = points.dims();
        double[] centres = start.clone();
        int[] labels = new int[points.size()];
        Arrays.fill(labels, -1);
        double[] far = new double[points.size()];
        for (int round = 0; round < ROUNDS; round++) {
            Stopped.when(progress);
            int[] before = labels.clone();
            assign(points, centres, labels, far);
            if (Arrays.equals(before, labels)) {
                break;
            }
            centres(points, labels, far, centres, dims);
        }
        double inertia = 0;
        for (double each : far) {
            inertia += each;
        }
        return new Fitted(labels, centres, inertia);
    }

    private static void assign(Points points, double[] centres, int[] labels, double[] far) {
        int k = centres.length / points.dims();
        points.each(piece -> {
            for (int i = piece * Points.PIECE; i < points.end(piece); i++) {
                far[i] = Double.POSITIVE_INFINITY;
                for (int c = 0; c < k; c++) {
                    double square = points.square(i, centres, c);
                    if (square < far[i]) {
                        far[i] = square;
                        labels[i] = c;
                    }
                }
            }
        });
    }

    private static void centres(Points points, int[] labels, double[] far, double[] centres, int dims) {
        int[] count = new int[centres.length / dims];
        double[] sums = new double[centres.length];
        for (int i = 0; i < labels.length; i++) {
            count[labels[i]]++;
            for (int j = 0; j < dims; j++) {
                sums[labels[i] * dims + j] += points.values()[i * dims + j];
            }
        }
        for (int c = 0; c < count.length; c++) {
            if (count[c] == 0) {
                int farthest = farthest(far);
                far[farthest] = 0;
                System.arraycopy(points.values(), farthest * dims, centres, c * dims, dims);
            } else {
                for (int j = 0; j < dims; j++) {
                    centres[c * dims + j] = sums[c * dims + j] / count[c];
                }
            }
        }
    }

    private static int farthest(double[] far) {
        int farthest = 0;
        for (int i = 1; i < far.length; i++) {
            farthest = far[i] > far[farthest] ? i : farthest;
        }
        return farthest;
    }
}
