package hoag.galaxy.image;

import hoag.kernels.ConfigException;
import java.util.List;

/**
 * Which planes of a FITS image become the channels of a picture. JPEG and PNG files are read whole and ask nothing of it.
 *
 * @param hdu which header and data unit holds the image, from 0; -1 for the first with an image of two or more axes
 * @param planes planes of the cube, from 0, in the order of the channels; empty where the image must have one plane
 */
public record Bands(int hdu, List<Integer> planes) {
    /** The first image of the file, which must have one plane. */
    public static final Bands SINGLE = new Bands(-1, List.of());

    /** @throws ConfigException when a unit or a plane is out of its range */
    public Bands {
        if (hdu < -1) throw new ConfigException("bands: hdu is %d; want -1 (the first image) or above".formatted(hdu));
        planes = List.copyOf(planes);
        for (var plane : planes)
            if (plane < 0) throw new ConfigException("bands: plane %d; planes count from 0".formatted(plane));
    }

    /** Planes of the first image of the file, in the order of the channels: {@code of(2, 1, 0)} shows g, r, z as blue, green, red. */
    public static Bands of(Integer... planes) {
        return new Bands(-1, List.of(planes));
    }
}
