package hoag.galaxy.survey;

import hoag.kernels.DataException;
import java.util.Map;

/**
 * One galaxy of a survey.
 *
 * @param id its name, unlike every other
 * @param ra right ascension in degrees, NaN if unknown
 * @param dec declination in degrees, NaN if unknown
 * @param columns what a catalogue says of it
 * @param features (width) representation, all finite
 * @param thumbnail a small JPEG; empty for none
 */
public record Entry(String id, double ra, double dec, Map<String, String> columns, float[] features, byte[] thumbnail) {
    /** @throws DataException when there is no id, or a feature is NaN or infinite */
    public Entry {
        if (id.isBlank()) {
            throw new DataException("a galaxy without an id; every row needs one");
        }
        for (int i = 0; i < features.length; i++) {
            if (!Float.isFinite(features[i])) {
                throw new DataException(
                        id + ": feature " + i + " is " + features[i] + "; a survey holds finite numbers only");
            }
        }
        columns = Map.copyOf(columns);
    }

    /** Without coordinates, columns and picture. */
    public Entry(String id, float... features) {
        this(id, Double.NaN, Double.NaN, Map.of(), features, new byte[0]);
    }
}
