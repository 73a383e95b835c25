package hoag.galaxy.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.kernels.ConfigException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cells of a map: each shows the galaxy in its middle, and none is shown twice. */
class MapGridTest {
    @Test
    void theNearestToTheMiddleIsShown() {
        float[][] places = {{0, 0}, {2, 2}, {0.4f, 1.6f}, {0.1f, 1.9f}, {1.6f, 0.4f}};
        MapGrid grid = MapGrid.of(places, row -> true, 2);
        assertEquals(2, grid.down());
        assertArrayEquals(new int[] {2, 1, 0, 4}, grid.shown(), "the uppermost row first");
        assertArrayEquals(
                new int[] {3, 1, 0, 4}, MapGrid.of(places, row -> row != 2, 2).shown());
    }

    @Test
    void eachOnceAndNearWhereItIs() {
        Random random = new Random(1);
        float[][] places = new float[3000][];
        Arrays.setAll(places, i -> new float[] {(float) random.nextGaussian(), 0.5f * (float) random.nextGaussian()});
        MapGrid grid = MapGrid.of(places, row -> true, 30);
        int[] shown =
                Arrays.stream(grid.shown()).filter(row -> row >= 0).sorted().toArray();
        assertEquals(shown.length, Arrays.stream(shown).distinct().count());
        assertTrue(shown.length > 150 && shown.length == grid.count(), shown.length + " of " + grid.shown().length);
    }

    @Test
    void oneLineOfGalaxies() {
        MapGrid grid = MapGrid.of(new float[][] {{0, 1}, {1, 1}, {2, 1}}, row -> true, 3);
        assertArrayEquals(new int[] {0, 1, 2}, grid.shown());
        MapGrid tall = MapGrid.of(new float[][] {{1, 0}, {1, 9}}, row -> true, 2);
        assertEquals(8, tall.down());
        assertThrows(ConfigException.class, () -> MapGrid.of(new float[][] {{0, 1}}, row -> true, 0));
        assertThrows(ConfigException.class, () -> MapFile.check(Path.of("map.gif")));
    }

    @Test
    void noGapWhereThePlaneIsToBeFilled() {
        Random random = new Random(2);
        float[][] places = new float[1003][];
        Arrays.setAll(places, i ->
                new float[] {(float) Math.exp(3 * random.nextGaussian()), (float) random.nextGaussian()});
        MapGrid grid = MapGrid.filled(places, row -> row % 5 > 0, 20);
        assertEquals(20, grid.across());
        assertEquals(20, grid.down());
        assertEquals(
                400,
                Arrays.stream(grid.shown())
                        .distinct()
                        .filter(row -> row % 5 > 0)
                        .count());
        double left =
                Arrays.stream(grid.shown()).filter(row -> places[row][0] < 1).count();
        for (int line = 0; line < 20; line++) {
            for (int column = 1; column < 20; column++) {
                int here = grid.shown()[line * 20 + column];
                assertTrue(places[grid.shown()[line * 20 + column - 1]][0] <= places[here][0]);
                assertTrue(line == 0 || places[grid.shown()[(line - 1) * 20 + column]][1] >= places[here][1]);
            }
        }
        assertTrue(left > 100 && left < 300, left + " of 400 are left of the median of the places");
        MapGrid few = MapGrid.filled(new float[][] {{0, 0}, {1, 1}, {0, 1}}, row -> true, 40);
        assertEquals(1, few.across());
        assertEquals(0, MapGrid.filled(new float[0][], row -> true, 40).count());
    }
}
