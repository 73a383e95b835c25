package hoag.galaxy.simulate;

import hoag.engine.files.AtomicFile;
import hoag.kernels.DataException;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.ImageData;
import nom.tam.util.FitsOutputStream;

/** Star clusters in the five bands of LEGUS and PHANGS-HST, as FITS files. */
public final class StarClusters {
    /** From ultraviolet to infrared; EXTNAME of the extensions. */
    public static final List<String> BANDS = List.of("NUV", "U", "B", "V", "I");

    private StarClusters() {}

    /**
     * One cut-out; (seed, number) says everything of it.
     *
     * @param size side in pixels
     * @throws DataException when the file cannot be written
     */
    public static void write(Path file, ClusterKind kind, int size, long seed, long number) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
        Stamp stamp = new Stamp(BANDS.size(), size, random);
        kind.draw(stamp, random);
        float[][][] planes = stamp.noisy(random);
        var bytes = new ByteArrayOutputStream();
        try (var fits = new Fits()) {
            for (int b = 0; b < planes.length; b++) {
                var unit = ImageData.from(planes[b]).toHDU();
                unit.getHeader().addValue("EXTNAME", BANDS.get(b), "band");
                unit.getHeader().addValue("BUNIT", "electron", "counts");
                unit.getHeader().addValue("SIMULATE", true, "made by hoag simulate, no observation");
                fits.addHDU(unit);
            }
            fits.write(new FitsOutputStream(bytes));
        } catch (FitsException | java.io.IOException e) {
            throw new DataException(file + ": cannot be written: " + e.getMessage(), e);
        }
        AtomicFile.write(file, channel -> channel.write(bytes.toByteArray()));
    }
}
