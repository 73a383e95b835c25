package hoag.galaxy.serve;

import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** What people draw around galaxies on the map: polygons that take galaxies in, or leave them out, one after the other. */
final class Shapes {
    static final Form FORM = new Form.Many(
            new Form.Parts(
                    Form.Field.of(
                            "how",
                            new Form.Choice("add", "remove"),
                            "whether galaxies inside are taken in or left out"),
                    Form.Field.of(
                            "x", new Form.Many(Form.NUMBER, 3, 2000), "corners of a polygon, in the units of the map"),
                    Form.Field.of("y", new Form.Many(Form.NUMBER, 3, 2000), "as many")),
            0,
            50);

    private Shapes() {}

    /**
     * Galaxies within the shapes.
     *
     * @param shapes as {@link #FORM} reads them
     * @return rows
     * @throws Refusal when a shape has not as many y as x
     */
    static BitSet rows(List<?> shapes, Plane plane) {
        BitSet rows = new BitSet(plane.x().length);
        for (Object each : shapes) {
            Map<?, ?> shape = (Map<?, ?>) each;
            double[] x = numbers(shape.get("x"));
            double[] y = numbers(shape.get("y"));
            if (x.length != y.length) {
                throw Refusal.badRequest("a shape has " + x.length + " x and " + y.length + " y; want as many");
            }
            change(rows, x, y, shape.get("how").equals("add"), plane);
        }
        return rows;
    }

    private static double[] numbers(Object list) {
        return ((List<?>) list)
                .stream().mapToDouble(each -> ((Number) each).doubleValue()).toArray();
    }

    private static void change(BitSet rows, double[] x, double[] y, boolean add, Plane plane) {
        double left = java.util.Arrays.stream(x).min().orElseThrow();
        double right = java.util.Arrays.stream(x).max().orElseThrow();
        double bottom = java.util.Arrays.stream(y).min().orElseThrow();
        double top = java.util.Arrays.stream(y).max().orElseThrow();
        for (int row = 0; row < plane.x().length; row++) {
            float px = plane.x()[row];
            float py = plane.y()[row];
            if (px >= left && px <= right && py >= bottom && py <= top && isInside(px, py, x, y)) {
                rows.set(row, add);
            }
        }
    }

    /** By the number of edges that a ray to the right crosses. */
    private static boolean isInside(double px, double py, double[] x, double[] y) {
        boolean inside = false;
        for (int i = 0, j = x.length - 1; i < x.length; j = i++) {
            if (y[i] > py != y[j] > py && px < (x[j] - x[i]) * (py - y[i]) / (y[j] - y[i]) + x[i]) {
                inside = !inside;
            }
        }
        return inside;
    }
}
