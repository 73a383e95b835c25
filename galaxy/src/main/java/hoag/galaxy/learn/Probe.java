package hoag.galaxy.learn;

import hoag.kernels.ConfigException;
import java.nio.file.Path;

/**
 * How {@link Mode#PROBE} looks at galaxies: each once, as it is, or also mirrored and turned by quarters.
 *
 * @param views of each galaxy that the head learns from, 1..8: as it is, then mirrored left to right, top to bottom, both, and these turned by a quarter
 * @param features folder where representations are kept, so that the next probe of the same pictures by the same weights takes a second; null for none
 */
public record Probe(int views, Path features) {
    /** Each galaxy as it is, nothing kept. */
    public static final Probe ONE = new Probe(1, null);

    /** @throws ConfigException when the number of views is out of its range */
    public Probe {
        if (views < 1 || views > 8) {
            throw new ConfigException("--views " + views + " is not allowed; it must be 1..8");
        }
    }

    /** The same with another number of {@link #views}. */
    public Probe views(int views) {
        return new Probe(views, features);
    }

    /** The same, with representations kept in a folder. */
    public Probe features(Path folder) {
        return new Probe(views, folder);
    }
}
