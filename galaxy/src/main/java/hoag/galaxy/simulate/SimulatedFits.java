package hoag.galaxy.simulate;

import hoag.engine.files.AtomicFile;
import hoag.kernels.DataException;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.ImageData;
import nom.tam.util.FitsOutputStream;

/** Planes of counts as a FITS file with an extension for each band, marked as simulated. */
final class SimulatedFits {
    private SimulatedFits() {}

    /**
     * @param planes (band, row, column)
     * @param bands EXTNAME of each
     * @param object what it shows, or null
     * @throws DataException when the file cannot be written
     */
    static void write(Path file, float[][][] planes, List<String> bands, String object) {
        var bytes = new ByteArrayOutputStream();
        try (var fits = new Fits()) {
            for (int b = 0; b < planes.length; b++) {
                var unit = ImageData.from(planes[b]).toHDU();
                unit.getHeader().addValue("EXTNAME", bands.get(b), "band");
                unit.getHeader().addValue("BUNIT", "electron", "counts");
                unit.getHeader().addValue("SIMULATE", true, "made by hoag simulate, no observation");
                if (object != null) {
                    unit.getHeader().addValue("OBJECT", object, "kind");
                }
                fits.addHDU(unit);
            }
            fits.write(new FitsOutputStream(bytes));
        } catch (FitsException | java.io.IOException e) {
            throw new DataException(file + ": cannot be written: " + e.getMessage(), e);
        }
        AtomicFile.write(file, channel -> channel.write(bytes.toByteArray()));
    }
}
