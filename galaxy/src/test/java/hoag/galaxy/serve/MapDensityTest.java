package hoag.galaxy.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts of the galaxies of a map, cell by cell. */
class MapDensityTest {
    private static final int CELLS = MapDensity.CELLS;
    private static final int ROWS = 50_000;

    /** A heap that is many galaxies to the cell, a haze over all, and every hundredth galaxy without a place. */
    private static Plane plane() {
        Random random = new Random(5);
        float[] x = new float[ROWS];
        float[] y = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            boolean heap = row % 3 > 0;
            x[row] = row % 100 == 0 ? Float.NaN : heap ? 3 + (float) random.nextGaussian() : random.nextFloat(-40, 90);
            y[row] = heap ? 7 + (float) random.nextGaussian() / 4 : random.nextFloat(-65, 65);
        }
        return new Plane("1", x, y, List.of());
    }

    @Test
    void everyGalaxyIsInOneCellOfEveryLevelAndInTheRightOne() {
        Plane plane = plane();
        MapDensity density = MapDensity.of(plane);
        Plane.Square square = Plane.Square.around(plane.x(), plane.y());
        for (int level = 0; level <= 3; level++) {
            int across = CELLS << level;
            int[] wanted = new int[across * across];
            for (int row = 0; row < ROWS; row++) {
                if (row % 100 > 0) {
                    int i = (int) ((plane.x()[row] - square.left()) / square.side() * across);
                    int j = (int) ((plane.y()[row] - square.bottom()) / square.side() * across);
                    wanted[j * across + i]++;
                }
            }
            int total = 0;
            for (int part = 0; part < 1 << 2 * level; part++) {
                int i = part % (1 << level);
                int j = part >> level;
                int[] counts =
                        density.count(level, i, j, row -> true, null, false).counts();
                total += IntStream.of(counts).sum();
                for (int cell = 0; cell < counts.length; cell++) {
                    int at = (j * CELLS + cell / CELLS) * across + i * CELLS + cell % CELLS;
                    assertEquals(wanted[at], counts[cell], "level " + level + ", part " + part + ", cell " + cell);
                }
            }
            assertEquals(ROWS - ROWS / 100, total, "level " + level);
        }
    }

    @Test
    void aCellHasTheMeanOfNumbersAndTheCommonestCategory() {
        float[] same = new float[6];
        Plane plane = new Plane("1", same, same.clone(), List.of());
        byte[] codes = {10, (byte) 250, 0, 10, 31, 7};
        MapDensity density = MapDensity.of(plane);
        MapDensity.Counted numbers = density.count(0, 0, 0, row -> row != 5, codes, true);
        int cell = IntStream.range(0, CELLS * CELLS)
                .filter(i -> numbers.counts()[i] > 0)
                .findFirst()
                .orElseThrow();
        assertEquals(5, numbers.counts()[cell]);
        assertEquals(75, numbers.codes()[cell] & 0xff, "what is not known does not count: (10 + 250 + 10 + 31) / 4");
        assertEquals(10, density.count(0, 0, 0, row -> true, codes, false).codes()[cell]);
        assertEquals(0, density.count(0, 0, 0, row -> row == 2, codes, true).codes()[cell]);
    }

    /** A part as the server sends it, read anew. */
    private static int[] read(ByteArrayInputStream from) {
        int[] counts = new int[CELLS * CELLS];
        for (int cell = 0; cell < counts.length; cell++) {
            counts[cell] = number(from);
            cell += counts[cell] == 0 ? number(from) : 0;
        }
        return counts;
    }

    private static int number(ByteArrayInputStream from) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = from.read();
            value |= (next & 127) << shift;
            if (next < 128) {
                return value;
            }
        }
    }

    @Test
    void theServerSendsWhatIsCountedAndWhatIsWithinShapes(@TempDir Path folder) throws Exception {
        Path file = Sample.survey(folder.resolve("s.hoag"));
        Sample.map(file);
        try (Server server = Sample.serve(file).start()) {
            Map<String, Object> wanted = new LinkedHashMap<>();
            wanted.put("parts", List.of(Map.of("level", 0, "i", 0, "j", 0), Map.of("level", 1, "i", 1, "j", 0)));
            JsonNode about = Json.parse("map", Sample.get(server, "/map").body());
            String address = "/map/density?version=" + about.get("version").string();
            ByteArrayInputStream plain = send(server, address, wanted);
            int[] root = read(plain);
            assertEquals(39, IntStream.of(root).sum(), "all but the galaxy without a place");
            read(plain);
            assertEquals(-1, plain.read(), "nothing is left");
            wanted.put("column", "cluster");
            wanted.put("shapes", List.of(Map.of("how", "add", "x", List.of(9, 12, 12, 9), "y", List.of(-1, -1, 3, 3))));
            ByteArrayInputStream chosen = send(server, address, wanted);
            assertArrayEquals(root, read(chosen));
            chosen.skipNBytes(IntStream.of(root).filter(count -> count > 0).count());
            int[] within = read(chosen);
            assertEquals(10, IntStream.of(within).sum(), "the heap at the right");
            for (int i = 0; i < IntStream.of(within).filter(count -> count > 0).count(); i++) {
                assertEquals(2, chosen.read(), "cluster 1 is the second");
            }
            wanted.put("codes", List.of(1));
            wanted.remove("shapes");
            assertEquals(19, IntStream.of(read(send(server, address, wanted))).sum(), "cluster 0 alone");
            wanted.put("parts", List.of(Map.of("level", 2, "i", 4, "j", 0)));
            Sample.Said none = Sample.post(server, address, Json.compact(wanted));
            assertEquals(404, none.status());
            assertTrue(none.body().contains("level 2 has no part 4, 0; it has 4 by 4"), none.body());
            assertEquals(
                    409,
                    Sample.post(server, "/map/density?version=other", Json.compact(wanted))
                            .status());
        }
    }

    private static ByteArrayInputStream send(Server server, String address, Map<String, Object> wanted)
            throws Exception {
        Sample.Said said = Sample.post(server, address, Json.compact(wanted));
        assertEquals(200, said.status(), said.body());
        return new ByteArrayInputStream(said.whole().body());
    }
}
