package hoag.galaxy.simulate;

import java.util.SplittableRandom;

/**
 * The four classes by which people sort star clusters (Adamo et al. 2017; Wei et al. 2020), with how many of each stand among the inspected candidates
 * of NGC 1566 (LEGUS): 477, 404, 692 and 878.
 */
public enum ClusterKind {
    /** Class 1: one peak, round. */
    SYMMETRIC(477) {
        @Override
        void draw(Stamp stamp, SplittableRandom random) {
            stamp.blob(0, 0, light(random, 600, 6000), radius(random, 1.4, 3), 1 - 0.15 * random.nextDouble(), random);
        }
    },
    /** Class 2: one peak, drawn out or lopsided. */
    ASYMMETRIC(404) {
        @Override
        void draw(Stamp stamp, SplittableRandom random) {
            double light = light(random, 600, 6000);
            double radius = radius(random, 1.6, 3.2);
            stamp.blob(0, 0, light, radius, 0.4 + 0.25 * random.nextDouble(), random);
            double angle = 2 * Math.PI * random.nextDouble();
            double away = radius * (0.6 + 0.5 * random.nextDouble());
            stamp.blob(
                    away * Math.cos(angle),
                    away * Math.sin(angle),
                    light * (0.15 + 0.25 * random.nextDouble()),
                    radius,
                    0.8,
                    random);
        }
    },
    /** Class 3: several peaks, an association. */
    MULTIPLE(692) {
        @Override
        void draw(Stamp stamp, SplittableRandom random) {
            int peaks = 3 + random.nextInt(5);
            double light = light(random, 800, 7000) / peaks;
            for (int i = 0; i < peaks; i++) {
                stamp.blob(
                        4 * random.nextGaussian(),
                        4 * random.nextGaussian(),
                        light * (0.4 + 1.2 * random.nextDouble()),
                        radius(random, 0.8, 1.6),
                        0.9,
                        random);
            }
            stamp.blob(0, 0, 0.5 * light * peaks, 7, 0.8, random);
        }
    },
    /** Class 4: no cluster: a star, a galaxy behind, a spike or a cosmic ray in one band. */
    NONE(878) {
        @Override
        void draw(Stamp stamp, SplittableRandom random) {
            switch (random.nextInt(3)) {
                case 0 -> stamp.star(0, 0, light(random, 600, 8000), random);
                case 1 ->
                    stamp.old(light(random, 2000, 9000), radius(random, 4, 8), 0.3 + 0.6 * random.nextDouble(), random);
                default -> stamp.spike(light(random, 1500, 6000), random);
            }
        }
    };

    private final int seen;

    ClusterKind(int seen) {
        this.seen = seen;
    }

    /** Counts in the middle of a stamp. */
    abstract void draw(Stamp stamp, SplittableRandom random);

    /** 1..4. */
    public int number() {
        return ordinal() + 1;
    }

    /** The share of this class among the candidates of NGC 1566. */
    public double share() {
        int all = 0;
        for (ClusterKind kind : values()) {
            all += kind.seen;
        }
        return (double) seen / all;
    }

    /** Counts in the V band, as many faint as bright ones in each decade. */
    private static double light(SplittableRandom random, double least, double most) {
        return least * Math.pow(most / least, random.nextDouble());
    }

    private static double radius(SplittableRandom random, double least, double most) {
        return least + (most - least) * random.nextDouble();
    }
}
