package hoag.galaxy.active;

import hoag.galaxy.active.GaussianProcess.Posterior;

/** Which points to rate next, several at once. */
public enum Batch {
    /** Those of the largest expected improvement, as Walmsley et al. 2022 do: quick, but they may be twins. */
    TOP {
        @Override
        public int[] choose(
                GaussianProcess process,
                double[][] points,
                Posterior posterior,
                boolean[] rated,
                double best,
                double xi,
                int count) {
            return Improvement.largest(open(posterior, rated, best, xi), Math.min(count, left(rated)));
        }
    },
    /** One after another, each taken as if it had got the rating that is expected of it (the believer of Ginsbourger et al. 2010). */
    REQUERY {
        @Override
        public int[] choose(
                GaussianProcess process,
                double[][] points,
                Posterior posterior,
                boolean[] rated,
                double best,
                double xi,
                int count) {
            boolean[] taken = rated.clone();
            int[] chosen = new int[Math.min(count, left(rated))];
            GaussianProcess believes = process;
            for (int n = 0; n < chosen.length; n++) {
                Posterior believed = n == 0 ? posterior : believes.predict(points);
                chosen[n] = Improvement.largest(open(believed, taken, best, xi), 1)[0];
                taken[chosen[n]] = true;
                believes = believes.with(points[chosen[n]], believed.mean()[chosen[n]]);
            }
            return chosen;
        }
    },
    /** One after another, the improvement at others less the more alike they are to one taken: {@code (1 - k)} times, k the covariance. */
    PENALTY {
        @Override
        public int[] choose(
                GaussianProcess process,
                double[][] points,
                Posterior posterior,
                boolean[] rated,
                double best,
                double xi,
                int count) {
            double[] improvement = open(posterior, rated, best, xi);
            int[] chosen = new int[Math.min(count, left(rated))];
            for (int n = 0; n < chosen.length; n++) {
                int next = Improvement.largest(improvement, 1)[0];
                chosen[n] = next;
                improvement[next] = Double.NEGATIVE_INFINITY;
                for (int i = 0; i < points.length; i++) {
                    if (improvement[i] != Double.NEGATIVE_INFINITY) {
                        double alike = process.alike(points[i], points[next]);
                        improvement[i] *= improvement[i] > 0 ? 1 - alike : 1 + alike;
                    }
                }
            }
            return chosen;
        }
    };

    /**
     * Places of points that are not rated, the most promising first.
     *
     * @param points (points, features)
     * @param posterior what the process says of them
     * @param best the highest rating
     * @param xi trade-off: the larger, the more is explored
     */
    public abstract int[] choose(
            GaussianProcess process,
            double[][] points,
            Posterior posterior,
            boolean[] rated,
            double best,
            double xi,
            int count);

    private static double[] open(Posterior posterior, boolean[] rated, double best, double xi) {
        double[] improvement = Improvement.promise(posterior, best, xi);
        for (int i = 0; i < rated.length; i++) {
            improvement[i] = rated[i] ? Double.NEGATIVE_INFINITY : improvement[i];
        }
        return improvement;
    }

    private static int left(boolean[] rated) {
        int left = 0;
        for (boolean each : rated) {
            left += each ? 0 : 1;
        }
        return left;
    }
}
