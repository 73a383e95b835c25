package hoag.galaxy.serve;

import java.util.List;
import java.util.function.IntFunction;

/**
 * Where the galaxies of a survey are on its map, as the page needs it.
 *
 * @param version tells this map from others
 * @param x (rows) to the right, NaN where a galaxy is not on the map
 * @param y (rows) upwards
 * @param columns what else the map says of galaxies
 */
record Plane(String version, float[] x, float[] y, List<Extra> columns) {
    /**
     * A column of the map.
     *
     * @param labels whether it says what a galaxy belongs to, such as clusters, and is no measurement
     */
    record Extra(String name, boolean labels, IntFunction<String> text) {}

    /** The least square around all places, a little larger. */
    record Square(double left, double bottom, double side) {
        static Square around(float[] x, float[] y) {
            double[] range = {Double.MAX_VALUE, -Double.MAX_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE};
            for (int row = 0; row < x.length; row++) {
                if (isPlace(x[row], y[row])) {
                    range[0] = Math.min(range[0], x[row]);
                    range[1] = Math.max(range[1], x[row]);
                    range[2] = Math.min(range[2], y[row]);
                    range[3] = Math.max(range[3], y[row]);
                }
            }
            if (range[0] > range[1]) {
                return new Square(0, 0, 1);
            }
            double side = Math.max(Math.max(range[1] - range[0], range[3] - range[2]), 1e-6) * 1.02;
            return new Square((range[0] + range[1] - side) / 2, (range[2] + range[3] - side) / 2, side);
        }
    }

    static boolean isPlace(float x, float y) {
        return Float.isFinite(x) && Float.isFinite(y);
    }
}
