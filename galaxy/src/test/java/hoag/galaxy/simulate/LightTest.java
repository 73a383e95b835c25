package hoag.galaxy.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Light is where the formulas say, and as much of it. */
class LightTest {
    private static final int SIDE = 201;

    /** The r band of a square with one light on it. */
    private static double[] drawn(Light light) {
        Sky sky = new Sky(SIDE);
        sky.add(light, 0.5);
        return sky.counts()[1];
    }

    private static double sum(double[] counts, DoubleBinaryOperator weight) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i] * weight.applyAsDouble(i % SIDE - SIDE / 2, i / SIDE - SIDE / 2);
        }
        return sum;
    }

    private static void holds(double flux, Light light, double share) {
        assertEquals(flux, sum(drawn(light), (x, y) -> 1), share * flux);
    }

    @ParameterizedTest
    @CsvSource({"0.5, 12", "1, 10", "2, 8", "4, 6"})
    void halfOfSersicsLightIsWithinItsRadius(double index, double radius) {
        double[] counts = drawn(new Sersic(1000, radius, index).seen(0, 0, 0.4, 0.7));
        double within = sum(counts, (x, y) -> {
            double along = x * Math.cos(0.4) + y * Math.sin(0.4);
            double across = (y * Math.cos(0.4) - x * Math.sin(0.4)) / 0.7;
            return Math.hypot(along, across) <= radius ? 1 : 0;
        });
        assertEquals(500, within, 12, "n = " + index);
    }

    @Test
    void everyLightHasTheFluxThatItWasGiven() {
        holds(1000, new Sersic(1000, 10, 1), 0.002);
        holds(1000, new Bar(1000, 30, 0.3).seen(3, -2, 1, 0.8), 0.002);
        holds(1000, new EdgeOn(1000, 12, 1).seen(0, 0, 0.7, 1), 0.005);
        holds(1000, new Annulus(1000, 25, 3, 0), 0.002);
        holds(1000, new Annulus(1000, 25, 1, 5).seen(0, 0, 2, 1), 0.01);
        holds(1000, new Blobs(new double[][] {{3.3, 4.4, 0.4, 600}, {-20, 9, 4, 400}}), 0.005);
        holds(1000, new Streak(1000, 8, 0.7).seen(0, 0, 0.3, 1), 0.005);
    }

    @ParameterizedTest
    @CsvSource({"2, 0.3, 0.9, 0", "5, -0.5, 0.6, 0", "2, 0.4, 0.8, 0.5", "0, 1, 0, 0.7"})
    void armsAndLopsidednessMoveLightAndMakeNone(int arms, double tangent, double strength, double lopsided) {
        var plain = new Sersic(1000, 10, 1);
        holds(1000, new SpiralDisk(plain, 10, arms, tangent, strength, 3, 1, 5, lopsided), 0.005);
        double[] counts = drawn(new SpiralDisk(plain, 10, arms, tangent, strength, 3, 1, 5, lopsided));
        double right = sum(counts, (x, y) -> x > 0 ? 1 : x < 0 ? -1 : 0);
        assertEquals(1000 * lopsided * 2 / Math.PI, right, 25); // the mean of |cos| times l
    }

    @Test
    void thereAreAsManyArmsAsSaid() {
        var disk = new SpiralDisk(new Sersic(1, 20, 1), 20, 3, 0.4, 0.9, 3, 0.5, 5, 0);
        int peaks = 0;
        for (int i = 0; i < 360; i++) {
            double before = on(disk, i - 1);
            double here = on(disk, i);
            peaks += here > before && here >= on(disk, i + 1) ? 1 : 0;
        }
        assertEquals(3, peaks);
    }

    private static double on(Light disk, int degrees) {
        return disk.at(20 * Math.cos(Math.toRadians(degrees)), 20 * Math.sin(Math.toRadians(degrees)));
    }

    @Test
    void besselFunctionsAsTheTablesHaveThem() {
        assertEquals(1.2660658778, Bessel.i0(1), 1e-6);
        assertEquals(27.2398718236, Bessel.i0(5), 1e-4);
        assertEquals(0.6019072302, Bessel.xk1(1), 1e-6); // K1(1) = 0.6019072302
        assertEquals(5 * 0.0040446134, Bessel.xk1(5), 1e-7);
    }

    @Test
    void theAirWidensAPointToItsFwhmAndKeepsItsLight() {
        double[] point = new double[SIDE * SIDE];
        int middle = SIDE / 2 * SIDE + SIDE / 2;
        point[middle] = 1000;
        double[] seen = new PointSpread(4).of(point, SIDE);
        assertEquals(1000, Arrays.stream(seen).sum(), 1e-6);
        assertEquals(seen[middle] / 2, seen[middle + 2], 1e-9 * seen[middle]);
        assertEquals(seen[middle + 2], seen[middle - 2 * SIDE], 1e-12 * seen[middle]);
        assertEquals(1000, new PointSpread(0).of(point, SIDE)[middle], 1e-9);
    }

    @Test
    void noiseIsThatOfThePhotons() {
        Sky sky = new Sky(SIDE);
        sky.expose(400, Draw.of(1, 1));
        double[] counts = sky.counts()[2];
        double mean = Arrays.stream(counts).average().orElseThrow();
        double variance = Arrays.stream(counts)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElseThrow();
        assertEquals(0, mean, 0.5);
        assertEquals(400 + 9, variance, 15);
    }

    @Test
    void dustTakesMoreOfBlueLight() {
        double[] clear = bands(0);
        double[] dusty = bands(3);
        double[] through = new double[3];
        Arrays.setAll(through, b -> dusty[b] / clear[b]);
        assertTrue(through[0] < through[1] && through[1] < through[2] && through[2] < 0.97, Arrays.toString(through));
    }

    private static double[] bands(double depth) {
        Sky sky = new Sky(64);
        var body = new Morphology.Body(8, 88, 30, 0.5);
        var parts = Morphology.Parts.NONE.dust(depth);
        var disk = new Morphology(GalaxyKind.EDGE_ON, 1e5, body, Morphology.Bulge.NONE, Morphology.Arms.NONE, parts);
        Painter.paint(sky, disk, Draw.of(1, 1));
        return Arrays.stream(sky.counts())
                .mapToDouble(band -> Arrays.stream(band).sum())
                .toArray();
    }
}
