package hoag.galaxy.simulate;

import hoag.kernels.ConfigException;

/**
 * How a simulated galaxy is looked at.
 *
 * @param size side of the picture, pixels, 16..1024
 * @param seeing full width at half maximum of a point, pixels, 0 (sharp) to 32
 * @param sky counts a pixel of empty sky, whose photons are the noise: 0.01..1e6
 * @param people who vote on each galaxy, 1..10000
 * @param kind how it is kept
 */
public record Observation(int size, double seeing, double sky, int people, PictureKind kind) {
    /** 64 pixels, a seeing of 2.5, a sky of 100 counts, 40 people, PNG. */
    public static final Observation DEFAULT = new Observation(64, 2.5, 100, 40, PictureKind.PNG);

    /** @throws ConfigException when a value is out of its range */
    public Observation {
        if (size < 16 || size > 1024) {
            throw new ConfigException("--size " + size + " is not allowed; it must be 16..1024");
        }
        if (!(seeing >= 0 && seeing <= 32)) {
            throw new ConfigException("--seeing " + seeing + " is not allowed; it must be 0..32 pixels");
        }
        if (!(sky >= 0.01 && sky <= 1e6)) {
            throw new ConfigException("--sky " + sky + " is not allowed; it must be 0.01..1000000 counts");
        }
        if (people < 1 || people > 10_000) {
            throw new ConfigException("--people " + people + " is not allowed; it must be 1..10000");
        }
    }
}
