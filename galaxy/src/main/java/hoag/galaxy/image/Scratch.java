package hoag.galaxy.image;

import java.util.HashMap;
import java.util.Map;

/** Arrays and tables kept from picture to picture, so that preparing one allocates nothing; one thread at a time. */
public final class Scratch {
    private static final int TABLES = 64;

    private final byte[][] bytes = new byte[Use.values().length][0];
    private final float[][] floats = new float[Use.values().length][0];
    private final long[][] longs = new long[Use.values().length][0];
    private int[] ints = new int[0];
    private double[] doubles = new double[0];
    private final Map<Taps.Key, Taps> taps = new HashMap<>();

    /** What an array is for: two uses never share one. */
    enum Use {
        STRETCH,
        SORT,
        ZOOM,
        GREY,
        ROWS,
        RESIZED,
        PACKED,
        FILTERED,
        LINE,
        KEPT
    }

    byte[] bytes(Use use, int size) {
        int i = use.ordinal();
        return bytes[i].length >= size ? bytes[i] : (bytes[i] = new byte[size]);
    }

    float[] floats(Use use, int size) {
        int i = use.ordinal();
        return floats[i].length >= size ? floats[i] : (floats[i] = new float[size]);
    }

    long[] longs(Use use, int size) {
        int i = use.ordinal();
        return longs[i].length >= size ? longs[i] : (longs[i] = new long[size]);
    }

    int[] ints(int size) {
        return ints.length >= size ? ints : (ints = new int[size]);
    }

    double[] doubles(int size) {
        return doubles.length >= size ? doubles : (doubles = new double[size]);
    }

    /** The weights of one resize along one axis. */
    Taps taps(Filter filter, int from, int to) {
        if (taps.size() >= TABLES) taps.clear();
        return taps.computeIfAbsent(new Taps.Key(filter, from, to), Taps::of);
    }
}
