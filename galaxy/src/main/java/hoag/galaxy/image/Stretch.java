package hoag.galaxy.image;

import hoag.galaxy.image.Picture.Floats;
import hoag.galaxy.image.Scratch.Use;
import hoag.kernels.ConfigException;
import hoag.kernels.DataException;

/**
 * From flux to brightness: v is clipped to two percentiles of the picture, scaled to 0..1, then asinh(q v) (Lupton et al. 1999; the rule and the
 * defaults are galaxy-datasets'). White is asinh(q): 0.8814 at q = 1. Percentiles interpolate linearly between order statistics. NaN and infinite pixels
 * take no part in them; NaN and -infinity become black, +infinity white. A picture of one value is black.
 *
 * @param q how much faint light is lifted, above 0
 * @param low the percentile that becomes black, 0..100
 * @param high the percentile that becomes white, above low
 * @param perBand whether each channel has percentiles of its own; if not, all share theirs and colours keep their meaning
 */
public record Stretch(double q, double low, double high, boolean perBand) {
    /** q = 1, percentiles 0 and 99.7. */
    public static final Stretch DEFAULT = new Stretch(1, 0, 99.7, true);

    /** @throws ConfigException when a value is out of its range */
    public Stretch {
        if (!(q > 0) || q > 1e12)
            throw new ConfigException("stretch: q is %s; want above 0 and up to 1e12".formatted(q));
        if (!(low >= 0 && low < high && high <= 100))
            throw new ConfigException(
                    "stretch: percentiles %s and %s; want 0 <= low < high <= 100".formatted(low, high));
    }

    /** @throws DataException when no pixel is finite */
    public Floats apply(Floats flux) {
        return into(flux, new Floats(flux.width(), flux.height(), flux.channels(), false), new Scratch());
    }

    Floats into(Floats flux, Floats out, Scratch scratch) {
        int channels = flux.channels();
        if (!perBand) channel(flux, 0, 1, out, scratch);
        else for (int c = 0; c < channels; c++) channel(flux, c, channels, out, scratch);
        return out;
    }

    private void channel(Floats flux, int first, int step, Floats out, Scratch scratch) {
        var sorted = scratch.floats(Use.SORT, flux.size());
        int n = finite(flux, first, step, sorted);
        if (n == 0)
            throw new DataException("none of the %d pixels is a finite number".formatted(flux.width() * flux.height()));
        double a = percentile(sorted, n, low), b = percentile(sorted, n, high), scale = b > a ? 1 / (b - a) : 0;
        for (int i = first; i < flux.size(); i += step) {
            float v = flux.values()[i];
            double x = v > a ? q * (Math.min(v, b) - a) * scale : 0;
            out.values()[i] = (float) Math.log(x + Math.sqrt(x * x + 1));
        }
    }

    private static int finite(Floats flux, int first, int step, float[] into) {
        int n = 0;
        for (int i = first; i < flux.size(); i += step)
            if (Float.isFinite(flux.values()[i])) into[n++] = flux.values()[i];
        return n;
    }

    /** Linear between order statistics, as NumPy's default; reorders the values. */
    static double percentile(float[] values, int n, double percent) {
        double place = percent / 100 * (n - 1);
        int k = (int) place;
        double below = select(values, n, k);
        if (place == k) return below;
        double above = Float.POSITIVE_INFINITY;
        for (int i = k + 1; i < n; i++) above = Math.min(above, values[i]);
        return below + (place - k) * (above - below);
    }

    /** Hoare's selection: afterwards values[k] is the k-th smallest, those after it are not smaller. */
    private static float select(float[] values, int n, int k) {
        for (int low = 0, high = n - 1; low < high; ) {
            float pivot = values[low + high >>> 1];
            int i = low, j = high;
            while (i <= j) {
                while (values[i] < pivot) i++;
                while (values[j] > pivot) j--;
                if (i > j) break;
                float v = values[i];
                values[i++] = values[j];
                values[j--] = v;
            }
            if (k <= j) high = j;
            else if (k >= i) low = i;
            else break;
        }
        return values[k];
    }
}
