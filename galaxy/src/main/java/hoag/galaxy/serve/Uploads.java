package hoag.galaxy.serve;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Representations of pictures that clients sent, by a name made from their numbers; the ones asked for least lately are forgotten. */
final class Uploads {
    /** How their names begin. */
    static final String PREFIX = "upload:";

    private static final int MOST = 500;

    private final Map<String, float[]> features = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
            return size() > MOST;
        }
    };

    synchronized String put(float... values) {
        long hash = 0;
        for (float value : values) {
            hash = (hash ^ Float.floatToIntBits(value)) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> 29;
        }
        String name = PREFIX + HexFormat.of().toHexDigits(hash);
        features.put(name, Arrays.copyOf(values, values.length));
        return name;
    }

    /** @throws Refusal when it is not known, or forgotten */
    synchronized float[] get(String name) {
        float[] values = features.get(name);
        if (values == null) {
            throw Refusal.notFound("\"" + name + "\": no such picture, or it was sent too long ago; send it again");
        }
        return values;
    }
}
