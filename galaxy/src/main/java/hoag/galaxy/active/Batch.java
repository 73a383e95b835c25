package hoag.galaxy.active;

import hoag.galaxy.active.GaussianProcess.Posterior;

/** Which points to rate next, several at once. */
public enum Batch {
    /** Those of the largest expected improvement, as Walmsley et al. 2022 do: quick, but they may be twins. */
    TOP {
        @Override
        public int[] choose(Rated so, int count) {
            return Improvement.largest(so.promise(), so.some(count));
        }
    },
    /** One after another, each taken as if it had got the rating that is expected of it (the believer of Ginsbourger et al. 2010). */
    REQUERY {
        @Override
        public int[] choose(Rated so, int count) {
            int[] chosen = new int[so.some(count)];
            for (int n = 0; n < chosen.length; n++) {
                chosen[n] = Improvement.largest(so.promise(), 1)[0];
                so = n + 1 < chosen.length ? so.believed(chosen[n]) : so;
            }
            return chosen;
        }
    },
    /** One after another, the improvement at others less the more alike they are to one taken: {@code (1 - k)} times, k the covariance. */
    PENALTY {
        @Override
        public int[] choose(Rated so, int count) {
            double[] improvement = so.promise();
            int[] chosen = new int[so.some(count)];
            for (int n = 0; n < chosen.length; n++) {
                int next = Improvement.largest(improvement, 1)[0];
                chosen[n] = next;
                improvement[next] = Double.NEGATIVE_INFINITY;
                for (int i = 0; i < improvement.length; i++) {
                    if (improvement[i] != Double.NEGATIVE_INFINITY) {
                        double alike = so.process().alike(so.points()[i], so.points()[next]);
                        improvement[i] *= improvement[i] > 0 ? 1 - alike : 1 + alike;
                    }
                }
            }
            return chosen;
        }
    };

    /**
     * What is known when it is decided what to rate next.
     *
     * @param process fitted to the ratings
     * @param points (points, features)
     * @param posterior what the process says of them
     * @param rated which of the points have a rating: they are not chosen again
     * @param best the highest rating
     * @param xi trade-off: the larger, the more is explored
     */
    public record Rated(
            GaussianProcess process, double[][] points, Posterior posterior, boolean[] rated, double best, double xi) {
        /** What is promised by each point; minus infinity where it is rated. */
        private double[] promise() {
            double[] improvement = Improvement.promise(posterior, best, xi);
            for (int i = 0; i < rated.length; i++) {
                improvement[i] = rated[i] ? Double.NEGATIVE_INFINITY : improvement[i];
            }
            return improvement;
        }

        /** So many, or as many as are not rated. */
        private int some(int count) {
            int left = 0;
            for (boolean each : rated) {
                left += each ? 0 : 1;
            }
            return Math.min(count, left);
        }

        /** As if a point had got the rating that is expected of it; what counts as the best stays. */
        private Rated believed(int point) {
            boolean[] taken = rated.clone();
            taken[point] = true;
            GaussianProcess with = process.with(points[point], posterior.mean()[point]);
            return new Rated(with, points, with.predict(points), taken, best, xi);
        }
    }

    /**
     * The places of points to rate next.
     *
     * @param count how many are wanted; fewer come where fewer are left
     * @return places of points without a rating, the most promising first
     */
    public abstract int[] choose(Rated so, int count);
}
