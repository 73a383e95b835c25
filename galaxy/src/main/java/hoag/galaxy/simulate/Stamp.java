package hoag.galaxy.simulate;

import java.util.SplittableRandom;

/**
 * A cut-out in five bands, counts: bodies on a sky with a slope, field stars, then Poisson and read-out noise. A blob is a Moffat profile of beta 2.5
 * widened by a point-spread of 0.9 pixels; its colours are those of a population of some age behind some dust, smoothly from blue to red.
 */
final class Stamp {
    private static final double SPREAD = 0.9;
    private static final double BETA = 2.5;
    private static final double READ_NOISE = 3;

    private final int side;
    private final float[][][] bands;

    /** An empty sky. */
    Stamp(int bands, int side, SplittableRandom random) {
        this.side = side;
        this.bands = new float[bands][side][side];
        for (float[][] band : this.bands) {
            double sky = 10 + 20 * random.nextDouble();
            double dx = 0.3 * random.nextGaussian();
            double dy = 0.3 * random.nextGaussian();
            each(band, (x, y) -> Math.max(1, sky + dx * x + dy * y));
        }
        for (int stars = random.nextInt(5); stars > 0; stars--) {
            double angle = 2 * Math.PI * random.nextDouble();
            double away = side * (0.25 + 0.4 * random.nextDouble());
            star(away * Math.cos(angle), away * Math.sin(angle), 100 + 900 * random.nextDouble(), random);
        }
    }

    private interface Light {
        double at(double x, double y);
    }

    /** Adds to every pixel; (0, 0) is the middle. */
    private void each(float[][] band, Light light) {
        double middle = (side - 1) / 2.0;
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                band[y][x] += (float) light.at(x - middle, y - middle);
            }
        }
    }

    /** A population of stars of any age: {@code radius} in pixels, {@code axes} the ratio of its axes. */
    void blob(double x, double y, double counts, double radius, double axes, SplittableRandom random) {
        add(x, y, counts, radius, axes, random.nextDouble() * 1.2 - 0.6, random);
    }

    /** A star in front: the point-spread alone. */
    void star(double x, double y, double counts, SplittableRandom random) {
        add(x, y, counts, 0.3, 1, 0.2 + random.nextDouble() * 0.8, random);
    }

    /** A galaxy behind: wide and red. */
    void old(double counts, double radius, double axes, SplittableRandom random) {
        add(0, 0, counts, radius, axes, 0.8 + 0.4 * random.nextDouble(), random);
    }

    /** A line through the middle in one band. */
    void spike(double counts, SplittableRandom random) {
        double angle = Math.PI * random.nextDouble();
        double length = 3 + side * 0.4 * random.nextDouble();
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        each(bands[random.nextInt(bands.length)], (x, y) -> {
            double along = x * cos + y * sin;
            double across = y * cos - x * sin;
            return counts / length * Math.exp(-across * across) * (Math.abs(along) < length ? 1 : 0);
        });
    }

    /** @param red slope of the colours, about -0.6 (young) to 1.2 (old, or behind dust): decades of counts from the first band to the last */
    private void add(
            double x0, double y0, double counts, double radius, double axes, double red, SplittableRandom random) {
        double angle = Math.PI * random.nextDouble();
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        double size = radius * radius + 2 * SPREAD * SPREAD;
        double peak = counts * (BETA - 1) / (Math.PI * size * axes);
        for (int b = 0; b < bands.length; b++) {
            double scale = peak * Math.pow(10, red * (b / (bands.length - 1.0) - 0.75));
            each(bands[b], (x, y) -> {
                double along = (x - x0) * cos + (y - y0) * sin;
                double across = ((y - y0) * cos - (x - x0) * sin) / axes;
                return scale * Math.pow(1 + (along * along + across * across) / size, -BETA);
            });
        }
    }

    /** (band, row, column) with noise, the photons' as a Gaussian of their variance. */
    float[][][] noisy(SplittableRandom random) {
        for (float[][] band : bands) {
            for (float[] row : band) {
                for (int x = 0; x < side; x++) {
                    row[x] += (float) (Math.sqrt(row[x] + READ_NOISE * READ_NOISE) * random.nextGaussian());
                }
            }
        }
        return bands;
    }
}
