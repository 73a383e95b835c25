package hoag.galaxy.image;

import hoag.kernels.DataException;
import java.nio.file.Path;

/** Reads one picture and forgets how; where many are read, keep a {@link PictureReader} for each thread, or use a {@link Loader}. */
public final class Images {
    private Images() {}

    /** @throws DataException when there is no such file, or it cannot be read as a picture */
    public static Picture read(Path path) {
        return read(path, Bands.SINGLE);
    }

    /**
     * @param bands which planes of a FITS image become channels
     * @throws DataException when there is no such file, or it cannot be read as a picture
     */
    public static Picture read(Path path, Bands bands) {
        try (var reader = new PictureReader()) {
            return reader.read(path, bands);
        }
    }
}
