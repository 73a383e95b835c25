package hoag.galaxy.simulate;

import java.util.SplittableRandom;

/**
 * The random numbers of one galaxy: whoever has the same seed and number draws the same.
 *
 * @param random where they come from
 */
record Draw(SplittableRandom random) {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    static Draw of(long seed, long number) {
        return new Draw(new SplittableRandom(seed * GOLDEN + number));
    }

    double uniform(double least, double most) {
        return least + (most - least) * random.nextDouble();
    }

    /** As many between 1 and 10 as between 10 and 100. */
    double decades(double least, double most) {
        return least * Math.pow(most / least, random.nextDouble());
    }

    double normal() {
        return random.nextGaussian();
    }

    double angle() {
        return uniform(0, 2 * Math.PI);
    }

    boolean chance(double share) {
        return random.nextDouble() < share;
    }

    int count(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    /** The first index whose share is reached; shares add up to 1. */
    int of(double... shares) {
        double at = random.nextDouble();
        for (int i = 0; i < shares.length - 1; i++) {
            at -= shares[i];
            if (at < 0) {
                return i;
            }
        }
        return shares.length - 1;
    }
}
