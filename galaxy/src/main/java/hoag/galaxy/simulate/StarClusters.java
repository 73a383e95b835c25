package hoag.galaxy.simulate;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Star clusters in the five bands of LEGUS and PHANGS-HST, as FITS files. */
public final class StarClusters {
    /** From ultraviolet to infrared; EXTNAME of the extensions. */
    public static final List<String> BANDS = List.of("NUV", "U", "B", "V", "I");

    private StarClusters() {}

    /**
     * One cut-out; (seed, number) says everything of it.
     *
     * @param size side in pixels
     * @throws hoag.kernels.DataException when the file cannot be written
     */
    public static void write(Path file, ClusterKind kind, int size, long seed, long number) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
        Stamp stamp = new Stamp(BANDS.size(), size, random);
        kind.draw(stamp, random);
        SimulatedFits.write(file, stamp.noisy(random), BANDS, null);
    }
}
