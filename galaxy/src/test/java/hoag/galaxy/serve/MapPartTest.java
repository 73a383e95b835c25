package hoag.galaxy.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hoag.engine.files.Json;
import hoag.engine.files.JsonNode;
import hoag.galaxy.map.SurveyMap;
import hoag.galaxy.survey.Survey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a map, by the addresses that the page uses. */
class MapPartTest {
    private static final Map<String, Object> RIGHT =
            Map.of("how", "add", "x", List.of(9, 12, 12, 9), "y", List.of(-1, -1, 3, 3));
    private static final Map<String, Object> TOP =
            Map.of("how", "remove", "x", List.of(-99, 99, 99, -99), "y", List.of(1, 1, 3, 3));

    @TempDir
    Path folder;

    private Path file;
    private Server server;

    @BeforeEach
    void start() {
        file = Sample.survey(folder.resolve("s.hoag"));
        server = Sample.serve(file).start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode ask(String path) throws Exception {
        Sample.Said said = Sample.get(server, path);
        assertEquals(200, said.status(), said.body());
        return Json.parse(path, said.body());
    }

    private ByteBuffer bytes(String path) throws Exception {
        Sample.Said said = Sample.get(server, path);
        assertEquals(200, said.status(), said.body());
        return ByteBuffer.wrap(said.whole().body()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Sample.Said select(String path, Object... shapes) throws Exception {
        return Sample.post(server, path, Json.compact(Map.of("shapes", List.of(shapes))));
    }

    @Test
    void withoutAMapTheCommandIsSaidAndAMapThatComesIsSeen() throws Exception {
        JsonNode none = ask("/map");
        assertEquals(false, none.get("there").value());
        assertEquals("hoag map " + file, none.get("command").string());
        Sample.Said refused = Sample.get(server, "/map/columns");
        assertEquals(404, refused.status());
        assertTrue(refused.body().contains("hoag map"), refused.body());
        Sample.map(file);
        JsonNode about = ask("/map");
        assertEquals(39L, about.get("points").value());
        assertTrue(about.get("behind").string().startsWith("the map has 39 of 40 galaxies"));
    }

    @Test
    void pointsAreWhereTheyWereAndThoseOfAnotherMapAreRefused() throws Exception {
        Sample.map(file);
        JsonNode about = ask("/map");
        String version = about.get("version").string();
        ByteBuffer points = bytes("/map/points?tile=0&version=" + version);
        assertEquals(8 * 39, points.remaining());
        double left = about.get("left").number();
        double side = about.get("side").number();
        TreeSet<Integer> rows = new TreeSet<>();
        try (Survey survey = Survey.open(file);
                SurveyMap map = SurveyMap.open(survey).orElseThrow()) {
            for (int k = 0; k < 39; k++) {
                int row = points.getInt(4 * 39 + 4 * k);
                rows.add(row);
                assertEquals(map.x(row), left + side * (points.getShort(4 * k) & 0xffff) / 65535, side / 65000);
            }
        }
        assertEquals(39, rows.size());
        assertEquals(38, rows.last());
        assertEquals(409, Sample.get(server, "/map/points?tile=0&version=other").status());
        assertEquals(404, Sample.get(server, "/map/points?tile=1").status());
    }

    @Test
    void columnsAreColours() throws Exception {
        Sample.map(file);
        assertEquals(
                List.of("cluster false true", "density true true", "dec true false", "mag true false", "ra true false"),
                ask("/map/columns").get("columns").items().stream()
                        .map(column -> column.get("name").string() + " "
                                + column.get("numbers").value() + " "
                                + column.get("map").value())
                        .filter(column -> !column.startsWith("note"))
                        .sorted(java.util.Comparator.comparing((String column) -> column.endsWith("false")))
                        .toList());
        JsonNode clusters = ask("/map/legend?column=cluster");
        assertEquals(List.of("0", "1"), clusters.get("names").strings());
        assertEquals(11L, clusters.get("blank").value()); // -1, and the galaxy without a place
        JsonNode density = ask("/map/legend?column=density");
        assertEquals(0, density.get("low").number());
        assertEquals(38, density.get("high").number());
        ByteBuffer points = bytes("/map/points?tile=0");
        ByteBuffer codes = bytes("/map/codes?column=density&tile=0");
        assertEquals(39, codes.remaining());
        for (int k = 0; k < 39; k++) {
            int row = points.getInt(4 * 39 + 4 * k);
            int code = codes.get(k) & 0xff;
            assertEquals(row == 3 ? 0 : 1 + Math.round(254 * row / 38.0), code, "row " + row);
        }
        assertEquals(404, Sample.get(server, "/map/legend?column=nothing").status());
    }

    @Test
    void whatIsDrawnIsSelectedCountedAndSaved() throws Exception {
        Sample.map(file);
        JsonNode right = Json.parse("right", select("/map/selection", RIGHT).body());
        assertEquals(10L, right.get("total").value());
        List<String> ids = new ArrayList<>();
        right.get("galaxies").items().forEach(each -> ids.add(each.get("id").string()));
        assertEquals(List.of("g0", "g4", "g8", "g12", "g16", "g20", "g24", "g28", "g32", "g36"), ids);
        byte[] bits = select("/map/selection.rows", RIGHT).whole().body();
        assertArrayEquals(new byte[] {0x11, 0x11, 0x11, 0x11, 0x11}, bits);
        int below = 0;
        try (Survey survey = Survey.open(file);
                SurveyMap map = SurveyMap.open(survey).orElseThrow()) {
            for (int row = 0; row < 39; row += 4) {
                below += map.y(row) < 1 ? 1 : 0;
            }
        }
        String csv = select("/map/selection.csv", RIGHT, TOP).body();
        assertTrue(csv.startsWith("id,ra,dec,x,y,cluster,density"), csv);
        assertEquals(below, csv.lines().count() - 1);
        assertTrue(below > 0 && below < 10, "a lasso that takes nothing out proves nothing: " + below);
        Map<String, Object> everything =
                Map.of("how", "add", "x", List.of(-99, 99, 99, -99), "y", List.of(-99, -99, 99, 99));
        Map<String, Object> only = Map.of("shapes", List.of(everything), "column", "cluster", "codes", List.of(2));
        assertEquals(
                10L,
                Json.parse(
                                "only",
                                Sample.post(server, "/map/selection", Json.compact(only))
                                        .body())
                        .get("total")
                        .value());
        Map<String, Object> odd = Map.of("how", "add", "x", List.of(1, 2, 3), "y", List.of(1, 2, 3, 4));
        assertEquals(400, select("/map/selection", odd).status());
    }

    @Test
    void thumbnailsComeManyAtATime() throws Exception {
        Sample.map(file);
        ByteBuffer all = bytes("/map/thumbnails?row=5&row=39&row=6");
        List<Integer> sizes = new ArrayList<>();
        while (all.hasRemaining()) {
            int size = all.getInt();
            sizes.add(size);
            if (size > 0) {
                assertEquals((byte) 0xff, all.get(all.position()));
            }
            all.position(all.position() + size);
        }
        assertEquals(3, sizes.size());
        assertEquals(0, sizes.get(1)); // it has none
        assertTrue(sizes.get(0) > 300 && sizes.get(2) > 300, sizes + "");
        assertEquals(404, Sample.get(server, "/map/thumbnails?row=40").status());
    }

    @Test
    void galaxiesAreFoundByRowAndById() throws Exception {
        Sample.map(file);
        assertEquals(
                "g4",
                ask("/map/galaxies?row=4")
                        .get("galaxies")
                        .items()
                        .getFirst()
                        .get("id")
                        .string());
        JsonNode found = Json.parse(
                "ids",
                Sample.post(server, "/map/galaxies", Json.compact(Map.of("ids", List.of("g8", "no such", "g39"))))
                        .body());
        assertEquals(2, found.get("galaxies").items().size());
        assertTrue(found.get("galaxies").items().getFirst().get("x").number() > 9);
        assertEquals(
                false,
                found.get("galaxies").items().getLast().members().containsKey("x"),
                "the last galaxy has no place");
    }

    @Test
    void aDamagedMapIsSaid() throws Exception {
        Files.writeString(SurveyMap.beside(file), "no map at all");
        Sample.Said said = Sample.get(server, "/map");
        assertEquals(400, said.status());
        assertTrue(said.body().contains("s.hoag.map"), said.body());
    }
}
