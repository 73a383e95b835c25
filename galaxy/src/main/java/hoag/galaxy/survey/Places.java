package hoag.galaxy.survey;

import hoag.kernels.ConfigException;
import hoag.kernels.DataException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Galaxies found by where they are on the sky, written {@code ra,dec} in degrees. */
public final class Places {
    private static final String NUMBER = "\\s*([+-]?\\d+(?:\\.\\d*)?)\\s*";
    private static final Pattern PLACE = Pattern.compile(NUMBER + "," + NUMBER);

    /** Degrees from a place to the galaxy that is meant by it. */
    private static final double FARTHEST = 1 / 60.0;

    private Places() {}

    /** Whether the text is two numbers with a comma between. */
    public static boolean isPlace(String text) {
        return PLACE.matcher(text).matches();
    }

    /**
     * The row of the galaxy nearest to a place.
     *
     * @throws ConfigException when the text is no place on the sky
     * @throws DataException when no galaxy is within an arc minute of it, or none has coordinates
     */
    public static int find(Survey survey, String text) {
        Matcher place = PLACE.matcher(text);
        if (!place.matches()) {
            throw new ConfigException(text + ": is no place; want ra,dec in degrees");
        }
        return find(survey, text, Double.parseDouble(place.group(1)), Double.parseDouble(place.group(2)));
    }

    private static int find(Survey survey, String text, double ra, double dec) {
        if (Math.abs(dec) > 90 || ra < 0 || ra > 360) {
            throw new ConfigException(text + ": is no place; want ra 0..360, dec -90..90 degrees");
        }
        int nearest = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int row = 0; row < survey.size(); row++) {
            double gap = degrees(ra, dec, survey.ra(row), survey.dec(row));
            if (gap < least) {
                least = gap;
                nearest = row;
            }
        }
        if (nearest < 0) {
            throw new DataException(
                    survey + ": has no coordinates; index with a --catalog that has the columns ra and dec");
        }
        if (least > FARTHEST) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s: no galaxy of %s within 1'; the nearest, %s, is %.4f degrees away",
                    text,
                    survey,
                    survey.id(nearest),
                    least));
        }
        return nearest;
    }

    /** Angle between two places by the haversine; NaN when one is unknown. */
    static double degrees(double ra, double dec, double otherRa, double otherDec) {
        double x = Math.sin(Math.toRadians(dec - otherDec) / 2);
        double y = Math.sin(Math.toRadians(ra - otherRa) / 2);
        double h = x * x + Math.cos(Math.toRadians(dec)) * Math.cos(Math.toRadians(otherDec)) * y * y;
        return Math.toDegrees(2 * Math.asin(Math.sqrt(Math.min(1, h))));
    }
}
